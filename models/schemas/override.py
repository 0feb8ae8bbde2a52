"""A program's health set by hand, and the hour of its rollup: what their forms hold."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.dates import NotPast
from models.schemas.parameters import LocalTime, Weekday
from models.schemas.people import Line
from models.schemas.project import Place
from models.schemas.schema import Schema
from models.schemas.status import Health

MIN_REASON = 20
MOST_REASON = 300
BY_ITSELF = "by_itself"
"""Instead of a colour: what was set by hand ends now."""


class OverrideDraft(Schema):
    health: str
    until: NotPast | None = None
    reason: Annotated[Line, Field(max_length=MOST_REASON)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "health": "Choose Green, Amber or Red.",
        "until": "Choose a date.",
        "reason": f"Keep the reason under {MOST_REASON} characters.",
    }


class OverrideCard(Schema):
    """What a program counts as, by itself and by hand."""

    model_config = ConfigDict(frozen=True)

    program: Place
    added_up: Health | None
    health: Health | None
    """Set by hand, while that lasts."""
    reason: str | None = None
    until: date | None = None
    most_days: int
    only_worse: bool
    """A better colour is the sponsor's to set, and this is not the sponsor."""


class HourDraft(Schema):
    """When a rollup goes out."""

    weekday: Weekday
    local_time: LocalTime

    WORDS: ClassVar[dict[str, str]] = {"weekday": "Choose a day.", "local_time": "Choose an hour."}
