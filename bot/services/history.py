"""The append-only history: every change of a record leaves a row."""

from datetime import date, datetime
from enum import Enum

from sqlalchemy.orm import Session

from models.tables import History
from models.tables.unit import add_row

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


def _plain(value: object) -> object:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value.value if isinstance(value, Enum) else value
