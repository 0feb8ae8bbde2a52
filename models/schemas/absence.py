"""Days off, and who covers."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.dates import NotPast
from models.schemas.people import Line, PersonCard, SlackUser
from models.schemas.schema import Schema

MOST_NOTE = 300


class AwayDraft(Schema):
    """What the form holds. Field names are also its block ids."""

    start_on: NotPast
    end_on: date
    delegate: SlackUser | None = None
    note: Annotated[Line, Field(max_length=MOST_NOTE)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "start_on": "Choose the first day away.",
        "end_on": "Choose the last day away.",
        "note": f"Keep the note under {MOST_NOTE} characters.",
    }

    @field_validator("end_on")
    @classmethod
    def _ends_after_it_starts(cls, end_on: date, info: ValidationInfo) -> date:
        start_on = info.data.get("start_on")
        if start_on is not None and end_on < start_on:
            raise PydanticCustomError("say", "The last day lies before the first. Choose a later one.")
        return end_on


class Covering(Schema):
    """Days next to each other on which the same people stand in."""

    model_config = ConfigDict(frozen=True)

    first: date
    last: date
    chain: list[PersonCard]
    """The first one is whom the absent person named."""
    outcome: str
    """A `bot.domain.absence.Outcome`."""


class AbsenceCard(Schema):
    """What a person is shown of days off."""

    model_config = ConfigDict(frozen=True)

    id: int
    person: PersonCard
    start_on: date
    end_on: date
    delegate: PersonCard | None
    note: str | None
    is_cancelled: bool = False
    working_days: int
    back_on: date
    """Their first working day after it."""
    coverings: list[Covering] = []
    """Day by day; empty where they work on none of these days."""
