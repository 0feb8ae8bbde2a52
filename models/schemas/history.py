"""What happened to a record, as people read it."""

from datetime import datetime

from pydantic import ConfigDict

from models.schemas.people import PersonCard
from models.schemas.schema import Schema

INSTEAD_OF = "instead_of_id"
"""Of one act: in whose place it was done, while they were away."""


class Change(Schema):
    """One field of one change; `field` '' is the record as a whole, 'refused' an act that was not allowed."""

    model_config = ConfigDict(frozen=True)

    field: str
    old: object | None
    new: object | None


class Event(Schema):
    """Everything that one act changed at one instant."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    by: PersonCard | None
    """None: the bot, at a time or by a rule."""
    reason: str | None
    changes: list[Change]
    is_redacted: bool = False
    """An admin took words out of it later."""
