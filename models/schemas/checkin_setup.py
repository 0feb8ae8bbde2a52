"""A check-in as somebody sets it up, and as it is shown to them."""

from datetime import date, datetime, time
from typing import Annotated, ClassVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.checkin import CheckinState, Question
from models.schemas.people import Paragraph, PersonCard, SlackUser
from models.schemas.project import Place
from models.schemas.schema import Schema

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WINDOWS = (4, 8, 24)
OWN_TIME = "own"
"""Everybody is asked at that time of their own zone."""
MOST_PEOPLE = 500
MOST_OBSERVERS = 20

MOOD_OPTION, LIVE_OPTION, EVERYONE_OPTION = "mood", "live", "everyone"


def _weekday(word: object) -> object:
    return WEEKDAYS.index(word) + 1 if word in WEEKDAYS else word


def is_zone(name: str) -> bool:
    """A folder of zones is none, and no file has a name of any length."""
    try:
        ZoneInfo(name)
    except (OSError, ValueError, ZoneInfoNotFoundError):
        return False
    return True


def _zone(name: str) -> str:
    if name != OWN_TIME and not is_zone(name):
        raise PydanticCustomError("say", "I do not know this time zone. Choose another.")
    return name


Weekday = Annotated[int, BeforeValidator(_weekday), Field(ge=1, le=7)]


class CheckinDraft(Schema):
    """What the form holds. Field names are also the block ids of the form."""

    options: list[str] = []
    people: list[SlackUser] = Field(default=[], max_length=MOST_PEOPLE, validate_default=True)
    days: Annotated[list[Weekday], Field(min_length=1)]
    at: time
    zone: Annotated[str, BeforeValidator(_zone)] = OWN_TIME
    window_hours: int
    questions: Annotated[Paragraph, Field(max_length=600)]
    observers: list[SlackUser] = Field(default=[], max_length=MOST_OBSERVERS)

    WORDS: ClassVar[dict[str, str]] = {
        "people": f"Choose at most {MOST_PEOPLE} people.",
        "days": "Choose one day at least.",
        "at": "Choose a time, as 09:30.",
        "zone": "Choose whose time it is.",
        "window_hours": "Choose how long it is open.",
        "questions": "Write at least one question. The last one is about blockers.",
        "observers": f"Choose at most {MOST_OBSERVERS} people.",
    }

    @field_validator("people")
    @classmethod
    def _somebody_takes_part(cls, people: list[str], info: ValidationInfo) -> list[str]:
        if not people and EVERYONE_OPTION not in info.data.get("options", ()):
            raise PydanticCustomError("say", "Choose who takes part, or tick below that all members of the channel do.")
        return people

    @field_validator("window_hours")
    @classmethod
    def _a_window_that_is_offered(cls, hours: int) -> int:
        if hours not in WINDOWS:
            raise PydanticCustomError("say", "Choose how long it is open.")
        return hours

    @property
    def everyone(self) -> bool:
        return EVERYONE_OPTION in self.options


class CheckinCard(Schema):
    """What is known of one check-in."""

    model_config = ConfigDict(frozen=True)

    id: int
    team: str
    """The name of the project, the program or the channel, as typed."""
    place: Place | None
    channel: str | None
    questions: list[Question]
    days: list[int]
    at: time
    zone: str | None
    window_hours: int
    everyone: bool
    mood: bool
    live: bool
    state: CheckinState
    created_by: PersonCard | None
    participants: list[PersonCard]
    observers: list[PersonCard]
    next_on: date | None
    version: int


class PastRound(Schema):
    """A round in one line."""

    model_config = ConfigDict(frozen=True)

    id: int
    local_date: date
    is_open: bool
    expected: int
    answered: int
    away: int
    blockers: int
    link: str | None


class CheckinShown(Schema):
    """A check-in as one reader sees it."""

    model_config = ConfigDict(frozen=True)

    checkin: CheckinCard
    rounds: list[PastRound]
    """The newest first."""
    today: date


class CheckinReceipt(Schema):
    model_config = ConfigDict(frozen=True)

    checkin: CheckinCard
    edited: bool
    at: datetime
