"""The append-only history: every change of a record leaves a row."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from itertools import groupby
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import people
from models.schemas.history import INSTEAD_OF, Change, Event
from models.schemas.people import PersonCard
from models.tables import History
from models.tables.unit import add_later

LOGGED = "logged"


def record_change(
    session: Session,
    kind: str,
    record_id: int,
    *,
    at: datetime,
    actor_id: int | None,
    field: str = "",
    old: object = None,
    new: object = None,
    reason: str | None = None,
) -> None:
    """`actor_id` None is the bot itself; `field` '' is the record as a whole."""
    add_later(
        session,
        History,
        kind=kind,
        record_id=record_id,
        at=at,
        actor_id=actor_id,
        field=field,
        old=_plain(old),
        new=_plain(new),
        reason=reason,
    )


def record_instead(
    session: Session, kind: str, record_id: int, *, by: PersonCard, of: PersonCard, now: datetime
) -> None:
    """Whatever they did at this instant, they did in the place of an absent person."""
    record_change(session, kind, record_id, at=now, actor_id=by.id, field=INSTEAD_OF, new=of.id)


def done_instead(session: Session, kind: str, record_ids: Iterable[int]) -> dict[int, list[tuple[datetime, int, int]]]:
    """By record what was done in the place of absent people: when, by whom, in whose place."""
    ids = list(record_ids)
    if not ids:
        return {}
    rows = session.scalars(
        select(History)
        .where(History.kind == kind, History.record_id.in_(ids), History.field == INSTEAD_OF)
        .order_by(History.at)
    )
    found: dict[int, list[tuple[datetime, int, int]]] = {}
    for row in rows:
        if row.actor_id is not None and isinstance(row.new, int):
            found.setdefault(row.record_id, []).append((row.at, row.actor_id, row.new))
    return found


def record_beginning(
    session: Session, kind: str, record_id: int, values: Mapping[str, object], *, at: datetime, actor_id: int
) -> None:
    """What a new record starts with, by field."""
    common: dict[str, Any] = {"kind": kind, "record_id": record_id, "at": at, "actor_id": actor_id}
    for field, new in values.items():
        add_later(session, History, **common, field=field, new=_plain(new))


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value


def events(
    session: Session, kind: str, record_id: int, *, at: datetime | None = None, limit: int | None = None
) -> list[Event]:
    """What happened to a record, the newest first, an act a row; `at` asks for the acts of that instant alone."""
    statement = select(History).where(History.kind == kind, History.record_id == record_id)
    if at is not None:
        statement = statement.where(History.at == at)
    rows = session.scalars(statement.order_by(History.at.desc(), History.id)).all()
    who = people.cards(session, (row.actor_id for row in rows))
    found = []
    for (moment, actor), group in groupby(rows, key=lambda row: (row.at, row.actor_id)):
        acts = list(group)
        found.append(
            Event(
                at=moment,
                by=who.get(actor or 0),
                reason=next((row.reason for row in acts if row.reason), None),
                changes=[Change(field=row.field, old=row.old, new=row.new) for row in acts],
                is_redacted=any(row.redacted_at for row in acts),
            )
        )
    return found[:limit]


def names(session: Session, told: Iterable[Event]) -> dict[int, str]:
    """Handles of the people whom changes of these acts name, by id."""
    changes = [change for event in told for change in event.changes if change.field.endswith("_id")]
    ids = {value for change in changes for value in (change.old, change.new) if isinstance(value, int)}
    return {person: card.handle for person, card in people.cards(session, ids).items()}
