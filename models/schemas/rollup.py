"""What a program's rollup says."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.decision import DecisionStatus
from models.schemas.figures import DependencyFigures, ProjectFigures
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.risk import Band
from models.schemas.schema import Schema
from models.schemas.status import Health, Trend

NO_UPDATE_YET = -1
SPARK_PERIODS = 6


class _Part(Schema):
    model_config = ConfigDict(frozen=True)


class NextMilestone(_Part):
    title: str
    on: date
    late: int = 0
    """Working days after its date."""
    is_done: bool = False


class Seen(_Part):
    """What the owner knows of figures that are worse than the last word."""

    shown_on: date
    kept: bool
    """Posted a status afterwards that stays with it."""


class TopRisk(_Part):
    ref: str
    link: str | None
    title: str
    band: Band
    points: str
    owner: str
    """A handle: named, not called."""
    is_new: bool = False


class ProjectRow(_Part):
    place: Place
    health: Health
    """What it counts as, silence included."""
    is_new: bool = False
    """The last rollup did not know it."""
    update_id: int | None = None
    last_posted_on: date | None
    posted_at: datetime | None = None
    author: str | None = None
    summary: str = ""
    trend: Trend | None = None
    days_silent: int | None
    """Since the last update, when that is too long ago; None while it is fresh, NO_UPDATE_YET without any."""
    covered_until: date | None = None
    """Its owner is away so long, and somebody answers instead."""
    link: str | None
    next: NextMilestone | None = None
    figures: ProjectFigures | None = None
    """None where there are none, and where they disagree and the owner has not known for a day."""
    seen: Seen | None = None
    slip_days: int | None = None
    """Of the target, against the first baseline, in calendar days; None without both."""
    top_risk: TopRisk | None = None
    waits_for: DependencyFigures | None = None
    """The worst of what it waits for."""

    @property
    def figures_differ(self) -> bool:
        return self.figures is not None and self.figures.computed is not self.health


class RollupAsk(_Part):
    """Something wanted from somebody: a decision that is due, or what an owner asked for."""

    person: PersonCard | None
    """The one who must act; None where the owner's words name nobody."""
    words: str
    """What is wanted, as typed."""
    ref: str | None
    link: str | None
    decision_id: int | None
    update_id: int | None = None
    place_name: str | None
    since: date | None
    due_on: date | None


class DueDecision(_Part):
    id: int
    ref: str
    link: str | None
    title: str
    due_on: date
    status: DecisionStatus
    approver: PersonCard
    late: int = 0
    """Working days."""


class ChangeKind(StrEnum):
    """What can have changed, in the order in which it is told."""

    HEALTH = "health"
    JOINED = "joined"
    ACHIEVED = "achieved"
    PASSED = "passed"
    REDATED = "redated"
    TARGET_MOVED = "target_moved"
    RISK_NEW = "risk_new"
    RISK_RESCORED = "risk_rescored"
    RISK_CLOSED = "risk_closed"
    ISSUE_OPENED = "issue_opened"
    ISSUE_RESOLVED = "issue_resolved"
    DECISION_RAISED = "decision_raised"
    DECISION_MADE = "decision_made"


class Change(_Part):
    """One thing that is otherwise than at the last rollup."""

    kind: ChangeKind
    id: int
    """Of the record, or of the project."""
    name: str
    """As people refer to it: 'R-7', or a title or name as typed."""
    link: str | None = None
    was: str | None = None
    now: str | None = None
    """A health, a date, a score, a severity, a title: what the kind says."""
    late: int = 0
    """Working days after the date that was agreed."""


class OffTrack(_Part):
    """A dependency that is not on track, and its card."""

    figures: DependencyFigures
    gives: str
    gets: str


class Override(_Part):
    """The health that somebody set by hand."""

    health: Health
    reason: str
    by: str
    until: date


class Rollup(_Part):
    program: Place
    sponsor: PersonCard | None = None
    period: str
    today: date
    health: Health | None
    """As it stands in the header: with the override, if there is one."""
    added_up: Health | None = None
    """From its projects, without the override."""
    figures: Health | None = None
    """By the figures that may be told; None where there are none."""
    override: Override | None = None
    previous_health: Health | None
    previous_on: date | None
    """The local date of the last rollup, None for the first."""
    since: date | None = None
    """What changed is told from this date on."""
    since_at: datetime | None = None
    changes: list[Change] = []
    projects: list[ProjectRow]
    asks: list[RollupAsk]
    top_risks: list[TopRisk]
    decisions_overdue: list[DueDecision]
    decisions_next: list[DueDecision]
    off_track: list[OffTrack] = []
    quality: int | None = None
    restricted: int
    """Projects that this channel may not see, counted and not named."""
    spark: list[tuple[str, Health | None]] = []
    """The last periods and this one, the oldest first."""
    next_at: datetime | None = None
    posted_at: datetime | None = None
    """When it was posted; None in a preview."""
    updated_on: date | None = None
    """Where a status came after it was posted."""
    readers: int = 0
    """Who have acknowledged it."""
    occurrence_id: int | None = None

    @property
    def is_unchanged(self) -> bool:
        """Nothing happened since the last one, which there was."""
        same = self.previous_health is self.health
        return self.previous_on is not None and same and not self.changes and bool(self.projects)


class RollupPast(_Part):
    """An earlier rollup, by what is kept of it."""

    name: str
    period: str
    on: date
    health: Health | None
    projects: list[Health]
    asks: int
    link: str | None


class ProgramRow(_Part):
    """A program in the portfolio's rollup."""

    id: int
    name: str
    link: str | None
    """To its own last rollup."""
    health: Health | None
    added_up: Health | None
    override: Override | None
    previous: Health | None
    projects: list[Health]
    """What those count as that the readers may see."""
    asks: int
    top_risk: TopRisk | None


class Between(_Part):
    """A dependency between two programs that is off track."""

    figures: DependencyFigures
    gives: str
    gets: str
    """Names of the programs."""


class PortfolioRollup(_Part):
    """What the rollup of all programs says, to those who read one channel."""

    channel: str
    tz: str
    period: str
    today: date
    health: Health | None
    previous_on: date | None
    programs: list[ProgramRow]
    """The worst first."""
    silent: list[int]
    """Days since the last update of each active project without a recent one."""
    asks: list[RollupAsk]
    """The oldest first."""
    between: list[Between]
    next_at: datetime | None
    posted_at: datetime | None = None
    readers: int = 0
    occurrence_id: int | None = None

    @property
    def changed(self) -> list[ProgramRow]:
        """Those whose health is another one than last time."""
        if self.previous_on is None:
            return []
        return [row for row in self.programs if row.previous is not None and row.previous is not row.health]
