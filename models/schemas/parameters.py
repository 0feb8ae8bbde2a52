"""How a program is run: cadence, ladder, thresholds, limits. Every value has the default of domain.md 6."""

from typing import Annotated, Literal

from pydantic import ConfigDict, Field

from models.schemas.schema import Schema

Weekday = Annotated[int, Field(ge=1, le=7)]
LocalTime = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
WorkingDays = Annotated[int, Field(ge=0, le=365)]
Hours = Annotated[float, Field(gt=0, le=1000)]


class _Part(Schema):
    """What an older or newer version knew besides is left out, never refused."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class StatusRules(_Part):
    cadence: Literal["weekly", "monthly"] = "weekly"
    every: Annotated[int, Field(ge=1, le=12)] = 1
    """Weeks, or months."""
    open_weekday: Weekday = 4
    open_local_time: LocalTime = "10:00"
    due_weekday: Weekday = 5
    due_local_time: LocalTime = "16:00"
    grace_days: Annotated[int, Field(ge=0, le=60)] = 3
    stale_multiplier: Annotated[int, Field(ge=1, le=10)] = 2
    missed_periods_to_escalate: Annotated[int, Field(ge=1, le=10)] = 2

    @property
    def cadence_days(self) -> int:
        """C of domain 4.1, freshness."""
        return 7 * self.every if self.cadence == "weekly" else 30 * self.every


class RiskRules(_Part):
    ack_extreme: Hours = 4
    ack_high: Hours = 9
    ack_moderate: Hours = 27
    ack_low: Hours = 45
    """Working hours until an owner has acknowledged a risk."""
    plan_extreme: WorkingDays = 2
    plan_high: WorkingDays = 5
    """Working days until a risk has a response."""


class IssueRules(_Part):
    sev1: WorkingDays = 1
    sev2: WorkingDays = 5
    sev3: WorkingDays = 10
    sev4: WorkingDays = 30
    """Working days until it is resolved."""


class DecisionRules(_Part):
    two_way: WorkingDays = 5
    one_way: WorkingDays = 15


class DependencyRules(_Part):
    uncommitted_warning: WorkingDays = 10
    at_risk_slip: WorkingDays = 5


class Ladder(_Part):
    """Working days after the deadline at which the program manager, and then the sponsor, is asked."""

    manager: WorkingDays = 2
    sponsor: WorkingDays = 5
    extreme_manager: WorkingDays = 1
    extreme_sponsor: WorkingDays = 2
    ack_window: Annotated[int, Field(ge=1, le=30)] = 2
    """Working days after which an acknowledged escalation without a change opens again."""
    rules_off: list[str] = []
    """Rules of domain 4.3 that this program does not use: 'E5b'."""


class HealthRules(_Part):
    rollup: Literal["worst_of", "weighted", "counted"] = "worst_of"
    amber_at: float = 0.5
    red_at: float = 1.25
    spi_amber: float = 0.9
    spi_red: float = 0.8
    cpi_amber: float = 0.9
    cpi_red: float = 0.8
    slip_amber: int = 0
    slip_red: int = 10
    """More working days than this."""
    override_max_days: Annotated[int, Field(ge=1, le=90)] = 14


class NudgeRules(_Part):
    most: Annotated[int, Field(ge=0, le=3)] = 3
    """Reminders after the first ask."""
    opens_at: LocalTime = "10:00"
    """The hour of the daily message for what falls due on a date."""
    snoozes: Annotated[int, Field(ge=0, le=10)] = 3
    snoozes_urgent: Annotated[int, Field(ge=0, le=10)] = 2
    """For Extreme, sev1 and critical ones."""


class RollupRules(_Part):
    weekday: Weekday = 1
    local_time: LocalTime = "09:00"


class CheckinRules(_Part):
    keep_days: Annotated[int, Field(ge=1, le=3650)] = 90
    """Answers and mood are deleted after so many days."""


class Parameters(_Part):
    """All of it. Stored as the difference a person made; a missing part has its defaults."""

    status: StatusRules = Field(default_factory=StatusRules)
    risk: RiskRules = Field(default_factory=RiskRules)
    issue: IssueRules = Field(default_factory=IssueRules)
    decision: DecisionRules = Field(default_factory=DecisionRules)
    dependency: DependencyRules = Field(default_factory=DependencyRules)
    ladder: Ladder = Field(default_factory=Ladder)
    health: HealthRules = Field(default_factory=HealthRules)
    nudge: NudgeRules = Field(default_factory=NudgeRules)
    rollup: RollupRules = Field(default_factory=RollupRules)
    checkin: CheckinRules = Field(default_factory=CheckinRules)


DEFAULTS = Parameters()
