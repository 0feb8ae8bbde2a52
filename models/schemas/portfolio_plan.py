"""The plan in a portfolio file: milestones, dependencies, budgets, allocations, iterations, and overridden health."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Any, Literal, Self

from pydantic import BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from models.schemas.people import Paragraph
from models.schemas.plan import DependencyState, EvMethod, MilestoneStatus
from models.schemas.portfolio_fields import Instant, Money, Name, Percent, Period, Record, Strict
from models.schemas.status import Health

OUTSIDE = "EXT:"
"""Before the name of somebody who gives something and is no project of the file."""

Days = Annotated[int, Field(ge=0, le=10_000)]


class OverrideRecord(Strict):
    health: Literal[Health.GREEN, Health.AMBER, Health.RED]
    reason: Paragraph
    by: Name
    set_at: Instant
    expires_at: Instant


class Remaining(Strict):
    """Working days that are left: at best, most likely, at worst."""

    o: Days
    m: Days
    p: Days

    @model_validator(mode="after")
    def _are_in_order(self) -> Self:
        if not self.o <= self.m <= self.p:
            raise PydanticCustomError("say", "the best case (o), the likely one (m) and the worst (p) are out of order")
        return self


class Predecessor(Strict):
    id: Name
    type: Literal["FS"] = "FS"
    lag_wd: Annotated[int, Field(ge=-1000, le=1000)] = 0


def _in_full(value: Any) -> Any:
    return {"id": value} if isinstance(value, str) else value


class MilestoneRecord(Record):
    project: Name
    name: Name
    owner: Name
    kind: Literal["milestone", "deliverable", "gate"] = "milestone"
    weight: Percent | None = None
    status: MilestoneStatus = MilestoneStatus.PLANNED
    baseline_on: date | None = None
    due_on: date
    forecast_on: date | None = None
    achieved_on: date | None = None
    remaining_wd: Remaining | None = None
    predecessors: list[Annotated[Predecessor, BeforeValidator(_in_full)]] = Field(default_factory=list)
    """Ids alone, or with the working days that have to pass."""
    definition_of_done: list[Any] = Field(default_factory=list)
    acceptance: dict[str, Any] | None = None
    comms_plan: list[Any] = Field(default_factory=list)

    @model_validator(mode="after")
    def _its_past_fits_its_state(self) -> Self:
        achieved = self.status is MilestoneStatus.ACHIEVED
        if achieved and self.achieved_on is None:
            raise PydanticCustomError("say", "an achieved milestone needs its date (achieved_on)")
        if not achieved and self.achieved_on is not None:
            raise PydanticCustomError("say", "has a date (achieved_on) and is not achieved")
        return self


class DependencyRecord(Record):
    give: Name
    """A project of the file, or 'EXT:' and the name of somebody outside."""
    get: Name
    provider_milestone: Name | None = None
    consumer_milestone: Name | None = None
    needed_by: date
    promised_on: date | None = None
    state: DependencyState = DependencyState.PROPOSED
    summary: Name
    reason: Paragraph | None = None
    accepted_at: Instant | None = None

    @property
    def outsider(self) -> str | None:
        return self.give.removeprefix(OUTSIDE).strip() if self.give.startswith(OUTSIDE) else None

    @model_validator(mode="after")
    def _is_a_contract(self) -> Self:
        if self.give == self.get:
            raise PydanticCustomError("say", "a project does not depend on itself (give and get are the same)")
        if self.state is DependencyState.COMMITTED and self.promised_on is None:
            raise PydanticCustomError("say", "who commits says by when (promised_on)")
        if self.state in (DependencyState.REJECTED, DependencyState.NO_WORK) and self.reason is None:
            raise PydanticCustomError("say", "a refusal needs its reason")
        return self


class BudgetWeekRecord(Strict):
    week_end: date
    pv_cum: Annotated[Money, Field(ge=0)]
    ac_cum: Annotated[Money, Field(ge=0)]


class BudgetRecord(Strict):
    project: Name
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    bac: Annotated[Money, Field(ge=0)]
    """Amounts are in major units."""
    ev_method: EvMethod = EvMethod.PERCENT_COMPLETE
    percent_complete: Percent | None = None
    weekly: list[BudgetWeekRecord] = Field(default_factory=list)
    forecast_eac_manual: Money | None = None
    actuals_updated_on: date | None = None

    @property
    def id(self) -> str:
        return self.project

    @model_validator(mode="after")
    def _adds_up(self) -> Self:
        """Costs may fall, by a credit note; what was planned may not."""
        weeks = sorted(self.weekly, key=lambda week: week.week_end)
        if any(one.week_end == other.week_end for one, other in pairwise(weeks)):
            raise PydanticCustomError("say", "has two rows for one week_end")
        if any(one.pv_cum > other.pv_cum for one, other in pairwise(weeks)):
            raise PydanticCustomError("say", "the planned value since the beginning (pv_cum) falls")
        if weeks and weeks[-1].pv_cum > self.bac:
            raise PydanticCustomError("say", "more is planned (pv_cum) than the budget holds (bac)")
        if self.ev_method is EvMethod.PERCENT_COMPLETE and self.percent_complete is None:
            raise PydanticCustomError("say", "needs its percent_complete, by which its earned value is found")
        return self


class AllocationRecord(Strict):
    person: Name
    project: Name
    period: Period
    percent: Annotated[int, Field(ge=1, le=100)]

    @property
    def id(self) -> str:
        return f"{self.person}, {self.project}, {self.period}"


class IterationRecord(Record):
    start: date
    end: date

    @model_validator(mode="after")
    def _begins_before_it_ends(self) -> Self:
        if self.end < self.start:
            raise PydanticCustomError("say", "ends before it begins")
        return self
