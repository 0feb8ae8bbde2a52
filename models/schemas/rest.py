"""A project that rests: the words of its pause, its state, and of a request that is waived."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.dates import NotPast, day_words
from models.schemas.people import Paragraph, PersonCard, PlaceRef
from models.schemas.project import Place, State
from models.schemas.register import REASON_WORDS
from models.schemas.schema import Schema

Reason = Annotated[Paragraph, Field(min_length=5, max_length=500)]

STATE_WORDS = {
    State.PROPOSED: "Proposed",
    State.ACTIVE: "Active",
    State.ON_HOLD: "On hold",
    State.COMPLETED: "Complete",
    State.CANCELLED: "Cancelled",
}


class RestDraft(Schema):
    """Of a pause: nobody is asked for the project's status before this day."""

    until: NotPast
    reason: Reason

    WORDS: ClassVar[dict[str, str]] = {"until": "Choose the day from which it is asked again.", "reason": REASON_WORDS}

    @field_validator("until")
    @classmethod
    def _is_ahead(cls, until: date, info: ValidationInfo) -> date:
        return _ahead(until, info)


class WaiveDraft(Schema):
    project: PlaceRef
    reason: Reason

    WORDS: ClassVar[dict[str, str]] = {"project": "Choose the project.", "reason": REASON_WORDS}


class StateDraft(Schema):
    project: PlaceRef
    state: State
    reason: Reason | None = None
    review_on: NotPast | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "project": "Choose the project.",
        "state": "Choose what it is from now on.",
        "reason": REASON_WORDS,
        "review_on": "Choose the day on which somebody looks at it again.",
    }

    @field_validator("review_on")
    @classmethod
    def _is_ahead(cls, review_on: date | None, info: ValidationInfo) -> date | None:
        return _ahead(review_on, info) if review_on else None


class RestAct(StrEnum):
    PAUSED = "paused"
    RESUMED = "resumed"
    WAIVED = "waived"
    STATE = "state"


class Rest(Schema):
    """What was done to a project's asks, for the receipt."""

    model_config = ConfigDict(frozen=True)

    act: RestAct
    place: Place
    by: PersonCard
    reason: str | None = None
    until: date | None = None
    """Of a pause; of a hold the day on which it is looked at again."""
    period: str | None = None
    """Of the request that was waived."""
    was: State | None = None
    next_ask_at: datetime | None = None


def _ahead(day: date, info: ValidationInfo) -> date:
    today = (info.context or {}).get("today")
    if today is not None and day <= today:
        raise PydanticCustomError("say", "Choose a day after {today}.", {"today": day_words(today)})
    return day
