"""Operating parameters as a portfolio file writes them, and as we keep them."""

from typing import Annotated

from pydantic import ConfigDict, Field

from models.schemas.parameters import (
    DEFAULTS,
    DecisionRules,
    DependencyRules,
    HealthRules,
    Hours,
    IssueRules,
    Ladder,
    LocalTime,
    NudgeRules,
    Parameters,
    RiskRules,
    StatusRules,
    Weekday,
    WorkingDays,
)
from models.schemas.plan import RollupMethod
from models.schemas.schema import Schema

Steps = Annotated[list[WorkingDays], Field(min_length=3, max_length=3)]
"""Working days after the deadline at which the owner, the manager and the sponsor are asked."""


class _Part(Schema):
    """What is fixed by our rules, or kept elsewhere (bands, midpoints), may stand there and is not read."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class _Status(_Part):
    cadence_days: Annotated[int, Field(ge=1, le=366)] = 7
    open_weekday: Weekday = DEFAULTS.status.open_weekday
    open_local_time: LocalTime = DEFAULTS.status.open_local_time
    due_weekday: Weekday = DEFAULTS.status.due_weekday
    due_local_time: LocalTime = DEFAULTS.status.due_local_time
    grace_days: Annotated[int, Field(ge=0, le=60)] = DEFAULTS.status.grace_days
    stale_multiplier: Annotated[int, Field(ge=1, le=10)] = DEFAULTS.status.stale_multiplier
    missed_periods_to_escalate: Annotated[int, Field(ge=1, le=10)] = DEFAULTS.status.missed_periods_to_escalate

    def as_kept(self) -> StatusRules:
        """Whole weeks are weekly, everything else monthly."""
        weeks, rest = divmod(self.cadence_days, 7)
        rhythm = {"cadence": "weekly", "every": min(weeks, 12)} if weeks and not rest else {"cadence": "monthly"}
        return StatusRules.model_validate(self.model_dump(exclude={"cadence_days"}) | rhythm)


class _AckHours(_Part):
    extreme: Hours = DEFAULTS.risk.ack_extreme
    high: Hours = DEFAULTS.risk.ack_high
    moderate: Hours = DEFAULTS.risk.ack_moderate
    low: Hours = DEFAULTS.risk.ack_low


class _PlanDays(_Part):
    extreme: WorkingDays = DEFAULTS.risk.plan_extreme
    high: WorkingDays = DEFAULTS.risk.plan_high


class _Risk(_Part):
    ack_sla_working_hours: _AckHours = _AckHours()
    plan_sla_working_days: _PlanDays = _PlanDays()


class _Issue(_Part):
    resolve_sla_working_days: IssueRules = DEFAULTS.issue


class _Decision(_Part):
    target_working_days: DecisionRules = DEFAULTS.decision


class _Dependency(_Part):
    uncommitted_warning_working_days: WorkingDays = DEFAULTS.dependency.uncommitted_warning
    at_risk_slip_working_days: WorkingDays = DEFAULTS.dependency.at_risk_slip


class _Ladders(_Part):
    default: Steps = [0, DEFAULTS.ladder.manager, DEFAULTS.ladder.sponsor]
    extreme: Steps = [0, DEFAULTS.ladder.extreme_manager, DEFAULTS.ladder.extreme_sponsor]


class _Indices(_Part):
    spi_amber: float = DEFAULTS.health.spi_amber
    spi_red: float = DEFAULTS.health.spi_red
    cpi_amber: float = DEFAULTS.health.cpi_amber
    cpi_red: float = DEFAULTS.health.cpi_red


class _Weighted(_Part):
    amber_at: float = DEFAULTS.health.amber_at
    red_at: float = DEFAULTS.health.red_at


class _Nudge(_Part):
    max_per_request: Annotated[int, Field(ge=0, le=3)] = DEFAULTS.nudge.most


class ParametersRecord(_Part):
    """Of all programs of the file; `rollup` stands with each program."""

    status: _Status = _Status()
    risk: _Risk = _Risk()
    issue: _Issue = _Issue()
    decision: _Decision = _Decision()
    dependency: _Dependency = _Dependency()
    escalation_ladder_working_days: _Ladders = _Ladders()
    evm_thresholds: _Indices = _Indices()
    rollup_weighted_thresholds: _Weighted = _Weighted()
    override_max_days: Annotated[int, Field(ge=1, le=90)] = DEFAULTS.health.override_max_days
    nudge: _Nudge = _Nudge()

    def as_kept(self, rollup: RollupMethod | None) -> Parameters:
        ladder, ack, plan = self.escalation_ladder_working_days, self.risk.ack_sla_working_hours, self.risk
        days = plan.plan_sla_working_days
        health = self.evm_thresholds.model_dump() | self.rollup_weighted_thresholds.model_dump()
        return Parameters(
            status=self.status.as_kept(),
            risk=RiskRules(
                **{f"ack_{band}": hours for band, hours in ack.model_dump().items()},
                **{f"plan_{band}": number for band, number in days.model_dump().items()},
            ),
            issue=self.issue.resolve_sla_working_days,
            decision=self.decision.target_working_days,
            dependency=DependencyRules(
                uncommitted_warning=self.dependency.uncommitted_warning_working_days,
                at_risk_slip=self.dependency.at_risk_slip_working_days,
            ),
            ladder=Ladder(
                manager=ladder.default[1],
                sponsor=ladder.default[2],
                extreme_manager=ladder.extreme[1],
                extreme_sponsor=ladder.extreme[2],
            ),
            health=HealthRules.model_validate(
                {**health, "override_max_days": self.override_max_days, "rollup": rollup or DEFAULTS.health.rollup}
            ),
            nudge=NudgeRules(most=self.nudge.max_per_request),
        )
