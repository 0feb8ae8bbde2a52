"""An admin takes words out of a posted status: out of its row, and our copies of what was said with it.

The reason of a moved date stays: it is the project's, in its slips and its history.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.redaction import REDACTED
from bot.errors import UserError
from bot.services import redaction
from bot.services.history import record_change
from bot.services.status import KIND
from models.schemas.redaction import FIELD, Redactable
from models.schemas.status import StatusCard
from models.tables import StatusUpdate
from models.tables.unit import change_rows

TEXTS = ("summary", "path_to_green", "details", "asks")


def redactable(session: Session, update: StatusCard) -> Redactable:
    """Raises UserError where there is nothing to take out."""
    row = session.get_one(StatusUpdate, update.id)
    ref = f"the status of {update.place.name}"
    filled = [name for name in TEXTS if any(word != REDACTED for word in _words(row, name))]
    if not filled:
        raise UserError(f"Nothing is left in {ref} that could be taken out. Nothing was changed.")
    return Redactable(kind=KIND, id=update.id, ref=ref, fields=filled)


def redact(
    session: Session, what: Redactable, fields: Collection[str], *, by_id: int, reason: str, now: datetime
) -> None:
    """Raises UserError where a field is none of its own."""
    if not fields or not set(fields) <= set(what.fields):
        raise UserError("The texts of this status have changed. Open the form again; nothing was changed.")
    row = session.get_one(StatusUpdate, what.id)
    words = {word for name in fields for word in _words(row, name)}
    marks: dict[str, Any] = {name: REDACTED for name in fields if name != "asks"}
    if "asks" in fields:
        marks["asks"] = [REDACTED for _ in row.asks]
    change_rows(session, StatusUpdate, [{"key": row.id, **marks}])
    redaction.take_out_of_copies(session, words)
    ordered = [name for name in what.fields if name in fields]
    record_change(session, KIND, what.id, at=now, actor_id=by_id, field=FIELD, new=ordered, reason=reason)
    session.expire_all()


def _words(row: StatusUpdate, name: str) -> list[str]:
    value = getattr(row, name)
    return [str(each) for each in value] if isinstance(value, list) else [value] if value else []
