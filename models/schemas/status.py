"""The words we use about status updates."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.people import Line, Paragraph, PersonCard, PlaceRef
from models.schemas.project import Place


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


MIN_PATH = 10


class StatusDraft(BaseModel):
    """What a person fills in. Field names are also the block ids of the form."""

    project: PlaceRef
    health: Health
    summary: Annotated[Paragraph, Field(min_length=3, max_length=280)]
    path_to_green: Annotated[Paragraph, Field(max_length=500)] | None = Field(default=None, validate_default=True)
    asks: Annotated[Line, Field(max_length=200)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "project": "Choose the project.",
        "health": "Choose Green, Amber or Red.",
        "summary": "Say where it stands in 3 to 280 characters.",
        "path_to_green": "Keep the path to Green under 500 characters.",
        "asks": "Keep the ask under 200 characters.",
    }

    @field_validator("path_to_green")
    @classmethod
    def _trouble_needs_a_path(cls, path: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("health") in (Health.AMBER, Health.RED) and len(path or "") < MIN_PATH:
            raise PydanticCustomError("say", "Amber and Red need a path to Green: what happens, who does it, by when.")
        return path


class StatusCard(BaseModel):
    """A posted update as people see it."""

    model_config = ConfigDict(frozen=True)

    id: int
    place: Place
    author: PersonCard
    period: str
    posted_at: datetime
    health: Health
    previous_health: Health | None
    trend: Trend | None
    summary: str
    path_to_green: str | None
    asks: list[str]
    open_risks: int
    extreme_risks: int
    link: str | None


class StatusStart(BaseModel):
    """What the form is filled with when it opens: the last update's words."""

    place: Place | None
    choices: list[Place]
    health: Health = Health.GREEN
    summary: str = ""
    path_to_green: str = ""
    asks: str = ""
    last_posted_on: date | None = None
