"""What the data say of projects and programs, beside what people say."""

from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

from models.schemas.amounts import Number, Part
from models.schemas.plan import DependencyHealth, DependencyState, RollupMethod
from models.schemas.project import State
from models.schemas.status import Freshness, Health, Trend


class Signal(NamedTuple):
    """Something that speaks against a project: 'spi', 'cpi' or 'milestone_slip', and how much."""

    name: str
    level: Health


class Check(StrEnum):
    """What is looked at in how a project keeps its records, in the order in which it is told."""

    OWNER_SET = "owner_set"
    STATUS_FRESH = "status_fresh"
    PATH_TO_GREEN = "path_to_green"
    RISK_OWNER_AND_REVIEW = "risk_owner_and_review"
    RISK_RESPONSE = "risk_response"
    MILESTONES_CURRENT = "milestones_current"
    DEPENDENCIES_COMMITTED = "dependencies_committed"
    ACTUALS_RECENT = "actuals_recent"


class Indices(Part):
    """Of earned value, with 4 places; None where undefined."""

    cpi: Number | None
    spi: Number | None


class EarnedFigures(Part):
    """Earned value (domain 5.1): amounts in major units with 2 places, indices with 4. None where undefined."""

    bac: Number
    pv: Number
    ev: Number
    ac: Number
    cv: Number
    sv: Number
    cpi: Number | None
    spi: Number | None
    eac_atypical: Number
    eac_typical: Number | None
    eac_composite: Number | None
    etc: Number | None
    vac: Number | None
    tcpi_bac: Number | None
    pct_complete: Number | None
    pct_spent: Number | None


class QualityFigures(Part):
    score: int
    """Of 100."""
    failed: list[Check]
    not_applicable: list[Check]


class ProjectFigures(Part):
    """A project by what was said of it and by what its figures say, side by side."""

    id: int
    program_id: int | None
    state: State
    reported: Health | None
    """Of the last status; None without one."""
    posted_at: datetime | None
    freshness: Freshness
    effective: Health
    """What it counts as in its program: unknown when nobody has said anything for too long."""
    trend: Trend | None
    """None with fewer than two that can be compared."""
    computed: Health
    """By the figures alone; the state of a project that is not active."""
    signals: list[Signal]
    max_slip_wd: int
    is_watermelon: bool
    """Its figures are worse than what was reported."""
    earned: Indices | None
    """None without a budget."""
    quality: QualityFigures | None
    """Of active projects."""


class OverrideFigures(Part):
    health: Health
    reason: str
    set_by_id: int
    expires_at: datetime


class ProgramFigures(Part):
    id: int
    local_date: date
    method: RollupMethod
    computed: Health | None
    """From its active projects; None without one."""
    final: Health | None
    """With the override, while there is one."""
    override: OverrideFigures | None
    """The one that counts now."""
    counts: dict[Health, int]
    """Active projects that are green, amber, red, unknown: zeros too."""
    weighted_score: Number | None
    """Where the method is weighted."""
    earned: EarnedFigures | None
    """Of all its projects with a budget."""
    quality: int | None
    """The mean of its active projects."""


class OverdueMilestone(Part):
    id: int
    project_id: int
    title: str
    owner_id: int
    due_on: date
    overdue_wd: int


class DependencyFigures(Part):
    """A dependency that one of the projects gives or gets."""

    id: int
    number: int
    title: str
    give_project_id: int | None
    give_name: str | None
    get_project_id: int
    state: DependencyState
    needed_by: date
    health: DependencyHealth
    forecast_on: date | None
    slip_wd: int | None
    is_critical: bool


class Figures(Part):
    """By row ids."""

    programs: dict[int, ProgramFigures]
    projects: dict[int, ProjectFigures]
    milestones_overdue: list[OverdueMilestone]
    """The latest first."""
    dependencies: dict[int, DependencyFigures]
