"""What a program's weekly rollup says."""

from datetime import date

from pydantic import BaseModel, ConfigDict

from models.schemas.decision import DecisionCard
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.risk import RiskCard
from models.schemas.status import Health

NO_UPDATE_YET = -1


class ProjectRow(BaseModel):
    model_config = ConfigDict(frozen=True)

    place: Place
    health: Health
    previous: Health | None
    """At the last rollup."""
    last_posted_on: date | None
    days_silent: int | None
    """Since the last update, when that is too long ago; None while it is fresh, NO_UPDATE_YET without any."""
    link: str | None


class RollupAsk(BaseModel):
    """Something wanted from somebody: a decision that is due, or what an owner asked for."""

    model_config = ConfigDict(frozen=True)

    person: PersonCard | None
    """The one who must act; None where the owner's words name nobody."""
    words: str
    """What is wanted, as typed."""
    ref: str | None
    link: str | None
    decision_id: int | None
    place: Place | None
    since: date | None
    due_on: date | None


class Change(BaseModel):
    """A record that is new, over, resolved or decided since the last rollup."""

    model_config = ConfigDict(frozen=True)

    ref: str
    link: str | None
    words: str
    """The score of a risk, the severity of an issue, the title of a decision."""


class Changes(BaseModel):
    model_config = ConfigDict(frozen=True)

    new_risks: list[Change] = []
    closed_risks: list[Change] = []
    opened_issues: list[Change] = []
    resolved_issues: list[Change] = []
    decided: list[Change] = []


class Rollup(BaseModel):
    model_config = ConfigDict(frozen=True)

    program: Place
    period: str
    today: date
    health: Health | None
    previous_health: Health | None
    previous_on: date | None
    """The local date of the last rollup, None for the first."""
    changes: Changes
    projects: list[ProjectRow]
    asks: list[RollupAsk]
    top_risks: list[RiskCard]
    decisions_overdue: list[DecisionCard]
    decisions_next: list[DecisionCard]
    restricted: int
    """Projects that this channel may not see, counted and not named."""
    next_on: date
