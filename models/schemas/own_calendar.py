"""A person's own calendar: when they may be asked."""

from datetime import date, time
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.absence import AbsenceCard
from models.schemas.calendar import MIDNIGHT, WorkWeek
from models.schemas.people import PersonCard
from models.schemas.schema import Schema
from models.schemas.switches import PausedProgram

NONE = "none"
"""What a menu sends for no country, or for no region of one."""

Clock = Annotated[str, StringConstraints(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class OwnCalendarDraft(Schema):
    """What the form holds. Field names are also its block ids."""

    start: Clock
    end: Clock
    working_days: Annotated[list[Annotated[int, Field(ge=1, le=7)]], Field(min_length=1)]
    country: str | None = None
    region: str | None = None
    opens_at: Clock | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "start": "Choose when your day begins.",
        "end": "Choose when your day ends.",
        "working_days": "Choose at least one day on which you work.",
        "country": "Choose a country from the list.",
        "region": "Choose a region from the list.",
        "opens_at": "Choose an hour.",
    }

    @field_validator("country", "region")
    @classmethod
    def _none_is_none(cls, chosen: str | None) -> str | None:
        return None if chosen == NONE else chosen

    @field_validator("end")
    @classmethod
    def _ends_after_it_starts(cls, end: str, info: ValidationInfo) -> str:
        """A clock has no 24:00: midnight is chosen as 00:00."""
        end = MIDNIGHT if end == "00:00" else end
        if (start := info.data.get("start")) is not None and end <= start:
            raise PydanticCustomError("say", "Your day ends before it begins. For midnight choose 00:00.")
        return end

    @field_validator("opens_at")
    @classmethod
    def _lies_in_the_hours(cls, opens_at: str | None, info: ValidationInfo) -> str | None:
        start, end = info.data.get("start"), info.data.get("end")
        if opens_at is not None and start is not None and end is not None and not start <= opens_at < end:
            words = {"start": start, "end": end}
            raise PydanticCustomError("say", "Your hours are {start} to {end}. Choose an hour inside them.", words)
        return opens_at

    def week(self) -> WorkWeek:
        return WorkWeek(
            start=self.start,
            end=self.end,
            working_days=tuple(sorted(set(self.working_days))),
            country=self.country,
            region=self.region if self.country else None,
            opens_at=self.opens_at,
        )


class Named(Schema):
    """A public holiday, a country, a region: what it is called, and its date or code."""

    model_config = ConfigDict(frozen=True)

    name: str
    code: str = ""
    on: date | None = None


class TurnedOff(Schema):
    """Of one of their programs: kinds of message that are not sent."""

    model_config = ConfigDict(frozen=True)

    name: str
    kinds: list[str]


class OwnCalendar(Schema):
    """What a person is shown of their own calendar."""

    model_config = ConfigDict(frozen=True)

    person: PersonCard
    today: date
    week: WorkWeek
    is_own: bool
    """False: nobody set anything, and the usual hours hold."""
    usual_hour: time
    country: Named | None = None
    region: Named | None = None
    regions: list[Named] = []
    """To choose from."""
    next_holidays: list[Named] = []
    absences: list[AbsenceCard] = []
    paused: list[PausedProgram] = []
    turned_off: list[TurnedOff] = []
