"""What a report tells of status, plans, money, health and of what nobody answers."""

from datetime import date, datetime

from pydantic import Field

from models.schemas.amounts import Number, Part
from models.schemas.figures import Signal
from models.schemas.plan import DependencyHealth, DependencyState, RollupMethod
from models.schemas.status import Freshness, Health

NOT_COMPARABLE = "n/a"
NOBODY_ACTIVE = "no_active_projects"


class StatusFigures(Part):
    state: str
    reported: Health | None
    last_posted_at: datetime | None
    age_days: Number | None
    freshness: Freshness
    effective: str
    """A project that is not active has its state instead."""
    updates_in_current_health: int
    trend: str
    required: int
    on_time: int
    late: int
    missed: int
    overdue: int
    on_time_rate: Number | None
    """None while nothing was required."""
    consecutive_missing: int
    second_missing_due: datetime | None


class OverdueUpdate(Part):
    project: str
    owner: str
    period: str
    due_at: datetime
    overdue_hours: Number


class ActivityFigures(Part):
    dur: int
    es: int
    ef: int
    ls: int
    lf: int
    tf: int
    ff: int
    finish_on: date
    slip_wd: int


class FinishFigures(Part):
    ef: int
    finish_on: date


class CriticalPathFigures(Part):
    """Days are counted from `day0` on, in the calendar of the portfolio."""

    day0: date
    duration_wd: int
    finish_on: date
    critical_path: list[str]
    critical_dependencies: list[str]
    activities: dict[str, ActivityFigures]
    program_finish: dict[str, FinishFigures]


class DependencyLine(Part):
    state: DependencyState
    health: DependencyHealth
    forecast_on: date | None
    slip_wd: int | None


class OverdueLine(Part):
    id: str
    due_on: date
    overdue_wd: int


class ComputedFigures(Part):
    computed: str
    """A project that is not active has its state instead."""
    signals: list[Signal]
    max_slip_wd: int


class ProgramHealthFigures(Part):
    method: RollupMethod
    children: dict[str, Health]
    counts: dict[Health, int]
    weighted_score: Number | None
    computed: str
    override_active: bool
    final: str


class EscalationLine(Part):
    rule: str
    object: str
    program: str
    deadline_on: date
    elapsed_wd: int
    level: int
    notify: str


class NudgeLine(Part):
    kind: str
    object: str
    on_behalf_of: str | None


class NudgeFigures(Part):
    """All that one person owes, worst first."""

    deliver_at: datetime
    now: bool
    asks: list[NudgeLine]


class CheckinFigures(Part):
    expected: int
    answered: int
    participation: Number | None
    """None where nobody was expected."""
    mood_mean: Number | None
    mood_by_day: dict[date, Number]
    """Of three or more."""
    open_blockers: list[str]


class Moved(Part):
    project: str
    before: str = Field(serialization_alias="from")
    after: str = Field(serialization_alias="to")


class Rescored(Part):
    risk: str
    before: int = Field(serialization_alias="from")
    after: int = Field(serialization_alias="to")


class ChangeFigures(Part):
    since: datetime = Field(serialization_alias="from")
    until: datetime = Field(serialization_alias="to")
    health_changes: list[Moved]
    risks_new: list[str]
    risks_closed: list[str]
    risks_rescored: list[Rescored]
    issues_opened: list[str]
    issues_resolved: list[str]
    decisions_raised: list[str]
    decisions_made: list[str]
    milestones_achieved: list[str]
    updates_posted: int
