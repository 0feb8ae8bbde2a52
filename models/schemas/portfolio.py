"""A portfolio file, format "stationmaster-portfolio/1": the records that have a table, and the names that tie them."""

from datetime import date
from typing import Annotated, Any, Literal, Self

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from models.schemas.assumption import AssumptionStatus
from models.schemas.decision import MAX_OPTIONS, DecisionStatus, Reversibility
from models.schemas.issue import UNRESOLVED, IssueStatus, Severity
from models.schemas.parameters import Parameters
from models.schemas.people import Line, Paragraph
from models.schemas.plan import RollupMethod
from models.schemas.portfolio_fields import (
    AbsenceRecord,
    Calendar,
    Instant,
    Money,
    Name,
    Open,
    PastScore,
    Percent,
    Period,
    PlacedRecord,
    Record,
    ReportedHealth,
    Score,
    StrategyWord,
    Visibility,
    Week,
    Zone,
)
from models.schemas.portfolio_parameters import ParametersRecord
from models.schemas.portfolio_plan import (
    AllocationRecord,
    BudgetRecord,
    DependencyRecord,
    IterationRecord,
    MilestoneRecord,
    OverrideRecord,
)
from models.schemas.portfolio_teams import CheckinRecord, FindingRecord, StakeholderRecord
from models.schemas.project import State
from models.schemas.risk import Category, Kind, Rating, RiskStatus
from models.schemas.schema import Schema


class PersonRecord(Open):
    handle: Name
    tz: Zone | None = None
    calendar: Name | None = None
    capacity_pct: Percent = 100
    capacity_overrides: dict[Period, Percent] = Field(default_factory=dict)
    ooo: list[AbsenceRecord] = Field(default_factory=list)

    @property
    def id(self) -> str:
        return self.handle


class ProgramRecord(Open):
    id: Name
    name: Annotated[Line, Field(min_length=2, max_length=80)]
    manager: Name
    sponsor: Name | None = None
    calendar: Name | None = None
    channel: Name | None = None
    state: State = State.ACTIVE
    horizon: Literal["dated", "rolling", "permanent"] = "rolling"
    success_state: Literal["undefined", "draft", "agreed"] = "undefined"
    target_on: date | None = None
    visibility: Visibility = "open"
    risk_matrix: Literal["npsa", "nzta", "pmi", "australia", "defence"] = "npsa"
    rollup: RollupMethod | None = None
    """How its health follows from its projects'; None for what the operating parameters say."""
    parameters: Parameters | None = None
    """Its own, where the file's are not its."""
    override: OverrideRecord | None = None


class ProjectRecord(Open):
    id: Name
    name: Annotated[Line, Field(min_length=2, max_length=80)]
    program: Name | None = None
    owner: Name
    backup: Name | None = None
    channel: Name | None = None
    state: State = State.ACTIVE
    critical: bool = False
    weight: Annotated[int, Field(ge=1, le=10)] = 1
    start_on: date | None = None
    target_on: date | None = None
    on_hold_since: date | None = None
    hold_reason: Paragraph | None = None
    hold_review_on: date | None = None
    completed_on: date | None = None
    baseline_on: date | None = None
    """The first target date, where it was another one."""
    visibility: Visibility = "open"

    @model_validator(mode="after")
    def _an_active_project_has_a_date(self) -> Self:
        if self.state is State.ACTIVE and self.target_on is None:
            raise PydanticCustomError("say", "an active project needs a target date (target_on)")
        return self


class RiskRecord(PlacedRecord):
    kind: Kind = Kind.THREAT
    title: Name
    statement: Paragraph | None = None
    category: Category
    probability: Rating
    impact: Rating
    target: Score | None = None
    owner: Name
    status: RiskStatus = RiskStatus.IDENTIFIED
    response_strategy: StrategyWord | None = None
    response_plan: Paragraph | None = None
    trigger: Paragraph | None = None
    proximity_on: date | None = None
    cost_impact: Money | None = None
    """In major units."""
    schedule_impact: dict[str, Any] | None = None
    raised_at: Instant
    acknowledged_at: Instant | None = None
    next_review_on: date | None = None
    accepted_by: Name | None = None
    rejected_reason: Paragraph | None = None
    closed_at: Instant | None = None
    score_history: list[PastScore] = Field(default_factory=list)

    @property
    def scores(self) -> list[PastScore]:
        """From the first assessment on, in the order of time; without a history the score it was raised with."""
        now = PastScore(at=self.raised_at, probability=self.probability, impact=self.impact)
        return sorted(self.score_history, key=lambda score: score.at) or [now]


class IssueRecord(PlacedRecord):
    title: Name
    severity: Severity
    owner: Name
    status: IssueStatus = IssueStatus.OPEN
    opened_at: Instant
    acknowledged_at: Instant | None = None
    resolved_at: Instant | None = None
    closed_at: Instant | None = None
    from_risk: Name | None = None
    workaround: Paragraph | None = None

    @model_validator(mode="after")
    def _its_past_fits_its_state(self) -> Self:
        if self.status in (IssueStatus.RESOLVED, IssueStatus.CLOSED) and self.resolved_at is None:
            raise PydanticCustomError("say", "a resolved issue needs its instant (resolved_at)")
        if self.status in UNRESOLVED and self.resolved_at is not None:
            raise PydanticCustomError("say", "has an instant (resolved_at) and is not resolved")
        if self.resolved_at is not None and self.resolved_at < self.opened_at:
            raise PydanticCustomError("say", "was resolved before it was opened")
        return self


class AssumptionRecord(PlacedRecord):
    text: Name
    owner: Name
    validate_by: date | None = None
    status: AssumptionStatus = AssumptionStatus.UNVALIDATED


class OptionRecord(Open):
    """Scores, costs and whatever else was weighed stay with the option."""

    id: Name
    name: Name


class DecisionRecord(PlacedRecord):
    title: Name
    context: Paragraph | None = None
    driver: Name
    approver: Name
    contributors: list[Name] = Field(default_factory=list)
    informed: list[Name] = Field(default_factory=list)
    reversibility: Reversibility
    options: Annotated[list[OptionRecord], Field(max_length=MAX_OPTIONS)] | None = None
    criteria: list[dict[str, Any]] | None = None
    raised_at: Instant
    due_on: date | None = None
    status: DecisionStatus = DecisionStatus.PROPOSED
    chosen: Name | None = None
    rationale: Paragraph | None = None
    decided_at: Instant | None = None
    supersedes: Name | None = None
    superseded_by: Name | None = None
    outcome_review_on: date | None = None
    outcome: Paragraph | None = None


class StatusRecord(Record):
    project: Name
    period: Week
    author: Name
    posted_at: Instant
    health: ReportedHealth
    summary: Annotated[Paragraph, Field(min_length=1, max_length=280)]
    details: Paragraph | None = None
    path_to_green: Annotated[Paragraph, Field(max_length=500)] | None = None
    asks: list[Annotated[Line, Field(max_length=200)]] = Field(default_factory=list)
    dimensions: dict[str, Any] | None = None
    progress_pct: Annotated[int, Field(ge=0, le=100)] | None = None
    old_target_on: date | None = None
    new_target_on: date | None = None
    date_reason: Paragraph | None = None


class Portfolio(Schema):
    """Kinds that have no table yet are kept unread, so that an import can name them."""

    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)

    format: Literal["stationmaster-portfolio/1"] = Field(alias="schema")
    as_of: Instant | None = None
    workspace: dict[str, Any] = {}
    calendars: dict[str, Calendar] = {}
    """By name; 'portfolio' is the one by which plans are counted over all programs."""
    operating_parameters: ParametersRecord | None = None
    people: list[PersonRecord] = []
    programs: list[ProgramRecord] = []
    projects: list[ProjectRecord] = []
    risks: list[RiskRecord] = []
    issues: list[IssueRecord] = []
    assumptions: list[AssumptionRecord] = []
    decisions: list[DecisionRecord] = []
    status_updates: list[StatusRecord] = []
    milestones: list[MilestoneRecord] = []
    dependencies: list[DependencyRecord] = []
    budgets: list[BudgetRecord] = []
    allocations: list[AllocationRecord] = []
    iterations: list[IterationRecord] = []
    stakeholders: list[StakeholderRecord] = []
    audit_findings: list[FindingRecord] = []
    checkin_team: dict[Name, list[Name]] = {}
    """By project: who takes part."""
    checkins: list[CheckinRecord] = []
