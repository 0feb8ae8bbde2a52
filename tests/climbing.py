"""Records that nobody answers for, and the threads in which they climb, as people read them."""

import re
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from models.tables import (
    Decision,
    Dependency,
    Escalation,
    Finding,
    Issue,
    Milestone,
    Person,
    Project,
    Risk,
    Watch,
)
from tests.town import Town

MENTION = re.compile(r"<@(U[A-Z]+)>")
NEW_YORK = ZoneInfo("America/New_York")


def new_york(text: str) -> datetime:
    """'2026-03-31 09:00'"""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK)


def person_id(town: Town, user: str) -> int:
    with town.database.read(1) as session:
        return session.scalars(select(Person.id).where(Person.slack_id == user)).one()


def project_id(town: Town, channel: str = "CLEDGER") -> int:
    with town.database.read(1) as session:
        return session.scalars(select(Project.id).where(Project.channel == channel)).one()


def add(town: Town, table: type[Any], **values: Any) -> int:
    """A row as an import brings it; its program is looked at next."""
    with town.database.write(1) as session:
        row = table(**values)
        session.add(row)
        session.flush()
        session.execute(update(Watch).values(next_look_at=town.clock.now()))
        return int(row.id)


def milestone(town: Town, *, due_on: str, owner: str = "UKAVYA", title: str = "Production ready", **values: Any) -> int:
    day = date.fromisoformat(due_on)
    given = {"number": 1, "baseline_on": day, "created_at": town.clock.now(), "status": "in_progress"} | values
    return add(
        town, Milestone, project_id=project_id(town), title=title, owner_id=person_id(town, owner), due_on=day, **given
    )


def dependency(town: Town, *, needed_by: str, state: str = "proposed", **values: Any) -> int:
    given = {"number": 1, "title": "Access to the vault", "give_name": "Security team"} | values
    day = date.fromisoformat(needed_by)
    return add(
        town,
        Dependency,
        needed_by=day,
        state=state,
        created_at=town.clock.now(),
        **{"get_project_id": project_id(town)} | given,
    )


def finding(town: Town, *, due_on: str, severity: str = "major", owner: str = "UKAVYA", **values: Any) -> int:
    day = date.fromisoformat(due_on)
    given = {"number": 1, "title": "Keys are shared", "raised_on": date(2026, 3, 2)} | values
    return add(
        town,
        Finding,
        project_id=project_id(town),
        owner_id=person_id(town, owner),
        severity=severity,
        due_on=day,
        **given,
    )


def risk(town: Town, *, owner: str = "UKAVYA", band: str = "high", at: tuple[int, int] = (3, 4), **values: Any) -> int:
    """Acknowledged, with a response and a review far ahead, unless said otherwise."""
    given = {
        "number": 1,
        "title": "Vendor slips the API",
        "category": "vendor",
        "status": "treating",
        "raised_at": town.clock.now(),
        "acknowledged_at": town.clock.now(),
        "response_strategy": "mitigate",
        "next_review_on": date(2026, 12, 1),
        "score": at[0] * at[1],
    } | values
    probability, impact = at
    scores = {"probability": probability, "impact": impact}
    first = {f"inherent_{name}": value for name, value in scores.items()}
    return add(
        town,
        Risk,
        program_id=1,
        project_id=project_id(town),
        owner_id=person_id(town, owner),
        band=band,
        worst_first=-400020 if band == "extreme" else -300012,
        **scores,
        **first,
        **given,
    )


def issue(town: Town, *, severity: str, opened_at: datetime, owner: str = "UKAVYA") -> int:
    return add(
        town,
        Issue,
        number=1,
        title="The ledger does not reconcile",
        program_id=1,
        project_id=project_id(town),
        severity=severity,
        owner_id=person_id(town, owner),
        opened_at=opened_at,
        acknowledged_at=opened_at,
    )


def decision(town: Town, *, due_on: str, approver: str = "UKAVYA", **values: Any) -> int:
    given = {"number": 1, "title": "Cutover strategy", "project_id": project_id(town), "status": "proposed"} | values
    return add(
        town,
        Decision,
        program_id=1,
        driver_id=person_id(town, "ULUIS"),
        approver_id=person_id(town, approver),
        reversibility="two_way",
        raised_at=town.clock.now(),
        due_on=date.fromisoformat(due_on),
        **given,
    )


def change(town: Town, table: type[Any], **values: Any) -> None:
    with town.database.write(1) as session:
        session.execute(update(table).values(**values))
        session.execute(update(Watch).values(next_look_at=town.clock.now()))


def rows(town: Town) -> list[Escalation]:
    with town.database.read(1) as session:
        return list(session.scalars(select(Escalation).order_by(Escalation.id)))


def only(town: Town) -> Escalation:
    [row] = rows(town)
    return row


def parent(town: Town, start: str = "", channel: str = "CPROG") -> dict[str, Any]:
    """The newest head of a thread in a channel."""
    found = [
        message
        for message in town.person("UMAYA").reads(channel)
        if _key(message).startswith("escalation:") and message["text"].startswith(start)
    ]
    assert found, [message["text"] for message in town.person("UMAYA").reads(channel)]
    return found[-1]


def head(message: dict[str, Any]) -> str:
    """The first line, as it is written."""
    return str(message["blocks"][0]["text"]["text"]).split("\n")[0]


def facts(message: dict[str, Any]) -> dict[str, str]:
    fields = [field["text"] for block in message["blocks"] for field in block.get("fields", ())]
    return dict(text[1:].split("* ", 1) for text in fields)


def small_print(message: dict[str, Any]) -> str:
    return " ".join(
        part["text"] for block in message["blocks"] if block["type"] == "context" for part in block["elements"]
    )


def replies(town: Town, message: dict[str, Any], user: str = "UMAYA") -> list[str]:
    """What stands below it, with when it was said in the program's zone."""
    thread = town.person(user).thread(message["channel"], message["ts"])[1:]
    return [f"{_at(reply)} {reply['blocks'][0]['text']['text']}" for reply in thread]


def steps(town: Town) -> list[str]:
    """Who was summoned by a reply, and when in the program's zone, whatever the thread."""
    found = []
    for call in town.sandbox.calls:
        if call.method == "chat.postMessage" and _key(call.args).startswith("escalation.step:"):
            called = MENTION.search(str(call.args["blocks"]))
            assert called and "thread_ts" in call.args, call.args
            found.append(f"{call.at.astimezone(NEW_YORK):%a %d %b %H:%M} {called[1].removeprefix('U').lower()}")
    return found


def labels(message: dict[str, Any]) -> list[str]:
    blocks = [block for block in message["blocks"] if block["type"] == "actions"]
    return [element["text"]["text"] for block in blocks for element in block["elements"] if "text" in element]


def _at(message: dict[str, Any]) -> str:
    return f"{datetime.fromtimestamp(float(message['ts']), NEW_YORK):%a %d %b %H:%M}"


def _key(message: dict[str, Any]) -> str:
    return str((message.get("metadata") or {}).get("event_payload", {}).get("key", ""))
