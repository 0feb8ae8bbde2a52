"""Exports: what somebody may have of the register. Ordered at once, read when it is sent, as their sight is then."""

import re
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.errors import NotFound, Refused, UserError
from bot.services import people, places
from bot.services.history import record_change
from bot.services.sight import hidden_places
from models.schemas.delivery import Operation, OutboxState
from models.schemas.export import ExportKind, ExportOrder
from models.schemas.people import PersonCard, one_line
from models.schemas.project import Place
from models.tables import Outbox, Program, Project
from models.tables.unit import add_row_once, this_workspace

WORDS: dict[str, tuple[ExportKind, ...]] = {kind.value: (kind,) for kind in ExportKind}
WORDS |= {kind.value.removesuffix("s"): (kind,) for kind in ExportKind}
WORDS |= {"status": (ExportKind.STATUS,), "updates": (ExportKind.STATUS,), "all": tuple(ExportKind)}
FILLERS = frozenset({"and", "of", "for", "from"})
NUMBERED = re.compile(r"(P|PRG)-?0*([1-9][0-9]{0,8})", re.IGNORECASE)
KIND = "export"


def read_order(session: Session, words: str, by: Standing) -> ExportOrder:
    """'risks decisions Ledger Migration': kinds first, then a place by name, number or channel.

    In the channel of a place it is that place's, unless the line says `all` or names another one.
    """
    kinds, rest, everything = _kinds(words)
    here = places.of_channel(session, by.channel)
    place = _named(session, rest, by) if rest else None if everything else here
    require(place, by)
    channel = by.channel if here is not None else None
    wanted = [kind for kind in ExportKind if kind in kinds] or list(ExportKind)
    return ExportOrder(kinds=wanted, place=place.ref if place else None, channel=channel, is_stranger=by.is_stranger)


def require(place: Place | None, by: Standing) -> None:
    """Raises NotFound where the place does not exist for this person, Refused where they may not export."""
    if by.is_stranger or by.person.is_guest or by.person.is_bot or by.person.deleted:
        raise Refused("Guests answer what they are asked, and export nothing", "Ask a member of this channel to do it.")
    held = policy.roles(by, place)
    if not held & policy.allowed(KIND):
        raise NotFound("this project or program")


def order(session: Session, wanted: ExportOrder, *, to: str, now: datetime) -> None:
    """Queue it for the direct messages of `to`, a Slack id. What waits already is not queued twice."""
    key, body = f"export:{to}", wanted.model_dump(mode="json")
    waiting = select(Outbox.body).where(Outbox.message_key == key, Outbox.state == OutboxState.QUEUED)
    if body in session.scalars(waiting).all():
        return
    values = {"message_key": key, "operation": Operation.EXPORT.value, "target": to, "body": body, "version": 1}
    add_row_once(session, Outbox, key=f"{key}@{now.isoformat()}", created_at=now, due_at=now, **values)
    session.info["queued"] = True


def asker(
    session: Session, wanted: ExportOrder, slack_id: str, *, admins: Collection[str], channel: str | None
) -> tuple[Standing, Place | None]:
    """Who they are now, and the place they asked for; raises what `require` raises."""
    person = people.by_slack_id(session, slack_id)
    if person is None:
        raise NotFound("you")
    admin = person.is_admin or slack_id in admins
    by = Standing(person, is_admin=admin, is_stranger=wanted.is_stranger, channel=channel)
    place = places.by_ref(session, wanted.place) if wanted.place else None
    if wanted.place and place is None:
        raise NotFound("this project or program")
    require(place, by)
    return by, place


def opens_a_door(session: Session, wanted: ExportOrder, slack_id: str) -> bool:
    """What they see hangs on being in that channel: a restricted place, which does not name them."""
    place = places.of_channel(session, wanted.channel)
    person = people.by_slack_id(session, slack_id)
    return place is not None and place.restricted and (person is None or person.id not in place.people)


def hold_still(session: Session) -> None:
    """All that this unit reads is as it was at its first statement. Call it before that one; SQLite does so anyway."""
    if session.get_bind().dialect.name == "postgresql":
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})


def workspace_name(session: Session) -> str:
    return str(this_workspace(session).name)


def record(
    session: Session, wanted: ExportOrder, rows: Mapping[ExportKind, int], *, by: PersonCard, now: datetime
) -> None:
    """That somebody took the register along stays in its history: who, what, how many rows."""
    told = {"place": wanted.place, "rows": {kind.value: count for kind, count in rows.items()}}
    record_change(session, KIND, by.id, at=now, actor_id=by.id, new=told)


def _kinds(words: str) -> tuple[set[ExportKind], str, bool]:
    """The kinds that the line begins with, what follows them, and whether it says `all`."""
    found: set[ExportKind] = set()
    rest = words.split()
    everything = False
    while rest:
        word = rest[0].strip(",").lower()
        if word not in WORDS and not (found and word in FILLERS):
            break
        everything |= word == "all"
        found |= set(WORDS.get(word, ()))
        rest.pop(0)
    return found, one_line(" ".join(rest)), everything


def _named(session: Session, words: str, by: Standing) -> Place:
    """The one place of this name or number that they may see; what they may not see is not there."""
    name = func.lower(words)
    number = NUMBERED.fullmatch(words)
    found: list[Place] = []
    for table, letter in ((Project, "P"), (Program, "PRG")):
        named = [func.lower(table.name) == name, table.external_id == words, table.channel_name == words.lstrip("#")]
        if number and number[1].upper() == letter:
            named.append(table.number == int(number[2]))
        ids = session.scalars(select(table.id).where(or_(*named))).all()
        found += places.by_ids(session, **{f"{table.__tablename__}_ids": ids}).values()
    projects, programs = hidden_places(session, by)
    hidden = {f"project:{row}" for row in projects} | {f"program:{row}" for row in programs}
    seen = [place for place in found if place.ref not in hidden]
    if not seen:
        raise UserError(
            f"I do not know a project or program called “{words}”. "
            "Say /pm export, then risks, decisions, issues, assumptions or status, then its name."
        )
    if len(seen) > 1:
        raise UserError(f"{len(seen)} projects or programs are called “{words}”. Say its number, as P-101.")
    return seen[0]
