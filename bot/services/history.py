"""The append-only history: every change of a record leaves a row."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum

from sqlalchemy.orm import Session

from models.tables import History
from models.tables.unit import add_row, add_rows

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
    add_row(
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


def record_beginning(
    session: Session, kind: str, record_id: int, values: Mapping[str, object], *, at: datetime, actor_id: int
) -> None:
    """What a new record starts with, by field."""
    common = {"kind": kind, "record_id": record_id, "at": at, "actor_id": actor_id}
    add_rows(session, History, [{**common, "field": field, "new": _plain(new)} for field, new in values.items()])


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
