"""The words we use about status updates."""

import json
import re
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.dates import day_words
from models.schemas.people import Line, Paragraph, PersonCard, PlaceRef, SlackUser
from models.schemas.project import Place
from models.schemas.schema import Schema
from models.schemas.slips import Slips
from models.schemas.status_facts import Facts


class Health(StrEnum):
    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    UNKNOWN = "unknown"
    ON_HOLD = "on_hold"
    COMPLETE = "complete"


class Freshness(StrEnum):
    FRESH = "fresh"
    STALE = "stale"
    DARK = "dark"
    NONE = "none"


class Trend(StrEnum):
    IMPROVING = "improving"
    STEADY = "steady"
    WORSENING = "worsening"


class Answer(StrEnum):
    """What a reader says to a status. One each, the last one counts."""

    READ = "read"
    TALK = "talk"
    DECIDE = "decide"


MIN_PATH = 10
MIN_REASON = 5
REPORTED = (Health.GREEN, Health.AMBER, Health.RED)
"""What a person may report; the rest follows from a project's state or from silence."""


class StatusDraft(Schema):
    """What a person fills in. Field names are also the block ids of the form, but for `target_on`, the present one."""

    project: PlaceRef
    health: Health
    summary: Annotated[Paragraph, Field(min_length=3, max_length=280)]
    path_to_green: Annotated[Paragraph, Field(max_length=500)] | None = Field(default=None, validate_default=True)
    asks: Annotated[Line, Field(max_length=200)] | None = None
    ask_person: SlackUser | None = None
    target_on: date | None = None
    new_target_on: date | None = None
    date_reason: Annotated[Line, Field(max_length=200)] | None = Field(default=None, validate_default=True)

    WORDS: ClassVar[dict[str, str]] = {
        "project": "Choose the project.",
        "health": "Choose Green, Amber or Red.",
        "summary": "Say where it stands in 3 to 280 characters.",
        "path_to_green": "Keep the path to Green under 500 characters.",
        "asks": "Keep the ask under 200 characters.",
        "new_target_on": "Choose a date.",
        "date_reason": "Keep the reason under 200 characters.",
    }

    @property
    def moves_date(self) -> bool:
        """Also where it sets the first one. A date that was left empty stays as it is."""
        return self.new_target_on is not None and self.new_target_on != self.target_on

    @field_validator("health")
    @classmethod
    def _is_reported(cls, health: Health) -> Health:
        if health not in REPORTED:
            raise PydanticCustomError("say", "Choose Green, Amber or Red.")
        return health

    @field_validator("path_to_green")
    @classmethod
    def _trouble_needs_a_path(cls, path: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("health") in (Health.AMBER, Health.RED) and len(path or "") < MIN_PATH:
            raise PydanticCustomError("say", "Amber and Red need a path to Green: what happens, who does it, by when.")
        return path

    @field_validator("ask_person")
    @classmethod
    def _a_person_is_asked_for_something(cls, person: str | None, info: ValidationInfo) -> str | None:
        if person is not None and "asks" in info.data and info.data["asks"] is None:
            raise PydanticCustomError("say", "Say above what you need from this person.")
        return person

    @field_validator("new_target_on")
    @classmethod
    def _a_new_date_is_to_come(cls, new: date | None, info: ValidationInfo) -> date | None:
        today = (info.context or {}).get("today")
        if new is not None and today is not None and new < today and new != info.data.get("target_on"):
            words = {"today": day_words(today)}
            raise PydanticCustomError("say", "This date is past. Choose {today} or later.", words)
        return new

    @field_validator("date_reason")
    @classmethod
    def _a_move_needs_a_reason(cls, reason: str | None, info: ValidationInfo) -> str | None:
        old, new = info.data.get("target_on"), info.data.get("new_target_on")
        if old is not None and new is not None and new != old and len(reason or "") < MIN_REASON:
            words = {"old": day_words(old), "new": day_words(new)}
            raise PydanticCustomError("say", "Say why the target date moves from {old} to {new}.", words)
        return reason


class Asked(Schema):
    """Something wanted, and from whom where the author named somebody."""

    model_config = ConfigDict(frozen=True)

    words: str
    person: PersonCard | None = None


_ASKED = re.compile(r"(.*)\n<@([A-Z0-9]+)>", re.DOTALL)


def ask_text(words: str, slack_id: str | None) -> str:
    """An ask as it is kept: its words, and the person on a line of their own, which nobody can type into a field
    of one line."""
    return f"{words}\n<@{slack_id}>" if slack_id else words


def ask_parts(text: str) -> tuple[str, str | None]:
    """The words, and the Slack id of the person asked. Any other text is words alone."""
    match = _ASKED.fullmatch(text)
    return (match[1], match[2]) if match else (text, None)


class Reading(Schema):
    model_config = ConfigDict(frozen=True)

    person: PersonCard
    answer: Answer


class StatusCard(Schema):
    """A posted update as people see it."""

    model_config = ConfigDict(frozen=True)

    id: int
    place: Place
    author: PersonCard
    instead_of: PersonCard | None = None
    """The absent owner, where the author stood in."""
    period: str
    posted_at: datetime
    health: Health
    previous_health: Health | None
    trend: Trend | None
    summary: str
    path_to_green: str | None
    asks: list[Asked]
    old_target_on: date | None = None
    new_target_on: date | None = None
    """Set where this update moved the date, or set the first one."""
    date_reason: str | None = None
    slips: Slips = Slips()
    """As they were when it was posted."""
    readings: list[Reading] = []
    """In the order in which they answered last."""
    corrects: bool = False
    """It took the place of another one."""
    replaced_by: int | None = None
    replaced_link: str | None = None
    open_risks: int
    extreme_risks: int
    link: str | None

    def readers(self, answer: Answer) -> list[PersonCard]:
        return [reading.person for reading in self.readings if reading.answer is answer]


class StatusLine(Schema):
    """One of a project's statuses in the list of them."""

    model_config = ConfigDict(frozen=True)

    period: str
    posted_on: date
    author: PersonCard
    health: Health
    summary: str
    moved_to: date | None
    corrected: bool
    link: str | None


class StatusStart(Schema):
    """What the form is filled with when it opens: the last update's words."""

    place: Place | None
    choices: list[Place]
    health: Health = Health.GREEN
    summary: str = ""
    path_to_green: str = ""
    asks: str = ""
    ask_person: str | None = None
    """Slack id."""
    last_posted_on: date | None = None
    slips: Slips = Slips()
    facts: Facts | None = None
    """What happened since the last update; None without one."""
    corrects: int | None = None
    """The update whose place it takes."""

    @property
    def asks_project(self) -> bool:
        return len(self.choices) > 1

    def metadata(self, channel: str | None) -> str:
        """The project where the form does not ask for it, and what was filled in, to tell it from what is typed."""
        place = self.place
        target = place.target_on.isoformat() if place and place.target_on else None
        kept = {
            "project": place.ref if place and not self.asks_project else None,
            "channel": channel,
            "filled": self.summary,
            "target": target,
            "corrects": self.corrects,
        }
        return json.dumps(kept)
