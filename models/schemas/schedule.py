"""The words of the clock's door."""

from datetime import datetime
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.schema import Schema


class RuleKind(StrEnum):
    STATUS_REQUEST = "status_request"
    ROLLUP = "rollup"
    PORTFOLIO = "portfolio"
    """In a channel: all programs that its readers may see."""


class OccurrenceState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    SUBMITTED = "submitted"
    SUBMITTED_LATE = "submitted_late"
    MISSED = "missed"
    WAIVED = "waived"
    POSTED = "posted"


OPEN_REQUEST = (OccurrenceState.OPEN, OccurrenceState.OVERDUE)


class Step(StrEnum):
    """What the clock will do by itself."""

    ASK = "ask"
    REMIND = "remind"
    OVERDUE = "overdue"
    MISSED = "missed"
    ROLLUP = "rollup"
    MESSAGE = "message"
    """One that waits in the outbox for its hour."""


class Upcoming(Schema):
    model_config = ConfigDict(frozen=True)

    at: datetime
    step: Step
    place: Place | None = None
    person: PersonCard | None = None
    """Who is asked, or gets the message."""
