"""What tests of the daily message put into a town: things that people owe, and what their messages say."""

import re
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from models.tables import Ask, Assumption, Decision, Desk, Finding, Milestone, Person, Project
from models.tables.unit import add_row
from tests.asking import key_of
from tests.town import Town

NUMBERED = re.compile(r"\*\d+\. ")
HOSTILE = "<!channel> <b> & co"
_numbers = iter(range(100, 10_000))


def person_id(town: Town, handle: str) -> int:
    with town.database.read(1) as session:
        return session.scalars(select(Person.id).where(Person.handle == handle)).one()


def project(town: Town, name: str = "Ledger Migration") -> dict[str, Any]:
    with town.database.read(1) as session:
        row = session.scalars(select(Project).where(Project.name == name)).one()
    return {"project_id": row.id, "program_id": row.program_id}


def add(town: Town, table: Any, **values: Any) -> int:
    with town.database.write(1) as session:
        return add_row(session, table, **{"number": next(_numbers), **values})


def add_milestone(town: Town, owner: str, due_on: date, title: str = "Production ready", **values: Any) -> int:
    place = project(town, values.pop("project", "Ledger Migration"))
    start = {"baseline_on": due_on, "created_at": town.clock.now(), "project_id": place["project_id"]}
    return add(town, Milestone, title=title, owner_id=person_id(town, owner), due_on=due_on, **start | values)


def add_finding(town: Town, owner: str, due_on: date, title: str = "Rollback not rehearsed", **values: Any) -> int:
    start = {"severity": "critical", "raised_on": date(2026, 3, 1), **project(town)}
    return add(town, Finding, title=title, owner_id=person_id(town, owner), due_on=due_on, **start | values)


def add_assumption(town: Town, owner: str, validate_by: date, title: str = "Quota is granted", **values: Any) -> int:
    start = {"raised_at": town.clock.now(), "owner_id": person_id(town, owner), **project(town)}
    return add(town, Assumption, **{"title": title, "validate_by": validate_by, **start, **values})


def add_decision(town: Town, approver: str, due_on: date, title: str = "Cutover strategy", **values: Any) -> int:
    start = {
        "raised_at": town.clock.now(),
        "reversibility": "two_way",
        "driver_id": person_id(town, "luis"),
        "approver_id": person_id(town, approver),
        **project(town),
    }
    return add(town, Decision, title=title, due_on=due_on, **start | values)


def daily(town: Town, user: str) -> list[dict[str, Any]]:
    """Their daily messages, the oldest first, as they stand now."""
    return [message for message in town.person(user).direct_messages() if key_of(message).startswith("asks:")]


def lines(message: dict[str, Any]) -> list[str]:
    """The first line of every ask, without the links."""
    found = [b["text"]["text"] for b in message["blocks"] if b["type"] == "section" and "text" in b]
    return [text.partition("\n")[0].strip("*") for text in found if NUMBERED.match(text)]


def small_print(message: dict[str, Any]) -> str:
    return " ".join(e["text"] for b in message["blocks"] if b["type"] == "context" for e in b["elements"])


def asks(town: Town, **values: Any) -> list[Ask]:
    with town.database.read(1) as session:
        return list(session.scalars(select(Ask).filter_by(**values).order_by(Ask.id)))


def look_at_all_desks(town: Town) -> None:
    """As if something had just been imported."""
    with town.database.write(1) as session:
        session.execute(update(Desk).values(next_look_at=town.clock.now()))


def at(text: str, zone: Any) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)
