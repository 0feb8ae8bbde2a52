"""What a person's App Home shows."""

from datetime import date, datetime
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import ConfigDict

from models.schemas.absence import AbsenceCard
from models.schemas.escalation import EscalationCard
from models.schemas.finding import FindingSeverity
from models.schemas.issue import IssueStatus, Severity
from models.schemas.people import PersonCard
from models.schemas.project import PlaceKind
from models.schemas.risk import Band
from models.schemas.schema import Schema
from models.schemas.status import Health
from models.schemas.switches import PausedProgram

Item = TypeVar("Item")

A_PAGE = 30
"""Items of a list that is shown instead of the desk."""

GROUPED_FROM = 6
"""Asks, from which on what is overdue stands apart."""


class Part(StrEnum):
    """What the Home can show a long list of."""

    ASKS = "asks"
    PLACES = "places"
    WAITS = "waits"


class AskKind(StrEnum):
    STATUS = "status"
    READ_RISK = "read_risk"
    REVIEW_RISK = "review_risk"
    CLOSE_RISK = "close_risk"
    """The owner of a High or Extreme risk asks for a second person's word."""
    DECIDE = "decide"
    GRADE = "grade"
    """How a decision turned out."""
    READ_ISSUE = "read_issue"
    SOLVE_ISSUE = "solve_issue"
    SETTLE = "settle"
    """An assumption that somebody should know by now."""
    MILESTONE = "milestone"
    FINDING = "finding"
    CHECK_IN = "check_in"
    READ_STATUS = "read_status"
    """A Red status that the sponsor has not read."""


class HomeAsk(Schema):
    """One thing that waits for the reader. What only some kinds have is None for the others."""

    model_config = ConfigDict(frozen=True)

    kind: AskKind
    id: int
    """Of the record; of the project where a status is due."""
    ref: str
    """'R-12'; 'project:7' where a status is due."""
    title: str
    """As typed; the name of the project where a status is due or to be read, of the team that checks in."""
    link: str | None = None
    due_on: date | None = None
    due_at: datetime | None = None
    is_overdue: bool
    is_urgent: bool
    """Extreme, Red or sev1."""
    sorted_by: date
    """Its date, for asks of every kind together."""
    band: Band | None = None
    points: str | None = None
    is_accepted: bool = False
    severity: Severity | None = None
    issue_status: IssueStatus | None = None
    finding_severity: FindingSeverity | None = None
    health: Health | None = None
    """Of the project, as it was said last."""
    health_on: date | None = None
    figures: Health | None = None
    """Where they are worse than what was said last."""
    is_one_way: bool = False
    choice: str | None = None
    place: str | None = None
    """The name of the project, where the line says it."""
    is_own_project: bool = False
    waits: str | None = None
    """The project that waits for a milestone."""
    questions: int = 0
    """Of a check-in."""
    asked_by: str | None = None
    """The handle of who wants it closed."""
    reason: str | None = None


class HomeWait(Schema):
    """One thing that the reader waits for, and from whom."""

    model_config = ConfigDict(frozen=True)

    kind: AskKind
    id: int
    ref: str
    title: str
    link: str | None = None
    person: PersonCard
    due_on: date | None = None
    due_at: datetime | None = None
    is_overdue: bool
    band: Band | None = None
    points: str | None = None
    severity: Severity | None = None


class HomeProject(Schema):
    """A project as its program's manager sees it, in one line."""

    model_config = ConfigDict(frozen=True)

    name: str
    health: Health
    was: Health | None
    """What its last update changed it from, where that still holds."""
    days_silent: int | None
    """Since its last update, where that is old; None where it is fresh."""
    posted_on: date | None
    link: str | None


class HomePlace(Schema):
    model_config = ConfigDict(frozen=True)

    kind: PlaceKind
    id: int
    name: str
    channel: str | None
    health: Health | None
    """None of a program without an active project."""
    posted_on: date | None = None
    is_old: bool = False
    link: str | None = None
    """To its last update, or its channel."""
    open_risks: int = 0
    extreme_risks: int = 0
    projects: list[HomeProject] = []
    """Of a program: the worst ones."""
    other_projects: int = 0

    @property
    def ref(self) -> str:
        return f"{self.kind}:{self.id}"


class Stretch(Schema, Generic[Item]):
    """A part of a list, and how long the whole of it is."""

    model_config = ConfigDict(frozen=True)

    items: list[Item]
    total: int
    start: int = 0

    @property
    def end(self) -> int:
        return self.start + len(self.items)


class NextAsk(Schema):
    model_config = ConfigDict(frozen=True)

    kind: AskKind
    what: str
    """The name of a project, or the number of a record."""
    at: datetime | None = None
    on: date | None = None


class Home(Schema):
    model_config = ConfigDict(frozen=True)

    person: PersonCard | None
    today: date
    asks: Stretch[HomeAsk]
    overdue: int
    """Of all asks, those that the page leaves out included."""
    places: Stretch[HomePlace]
    waits: Stretch[HomeWait]
    next_ask: NextAsk | None = None
    escalated: list[EscalationCard] = []
    """What nobody answered and is with them now."""
    paused: list[PausedProgram] = []
    """Programs of theirs for which nothing is sent."""
    away: AbsenceCard | None = None
    """Where they are away today."""
    part: Part | None = None
    """The list that is shown instead of the desk."""

    @property
    def is_grouped(self) -> bool:
        return self.asks.total >= GROUPED_FROM

    @property
    def is_guest(self) -> bool:
        return self.person is not None and self.person.is_guest
