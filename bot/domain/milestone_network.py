"""The milestones ahead of all active projects as one network: when each will be reached by what it waits for
(domain 6), how far that is from its date, and which dependencies hold (domain 2.11, 5.4).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from bot.domain.critical_path import Activity, Link, Schedule, schedule
from bot.domain.numbers import Exact
from bot.domain.working_days import WorkingCalendar
from models.schemas.plan import AHEAD, OPEN_DEPENDENCY, DependencyHealth, DependencyState, MilestoneStatus

AT_RISK_UP_TO = 5
"""Working days that a dependency may slip before it is late."""


@dataclass(frozen=True)
class Milestone:
    id: str
    project: str
    status: MilestoneStatus
    due_on: date
    remaining: int | None = None
    """Working days, most likely."""
    predecessors: tuple[Link, ...] = ()
    in_active_project: bool = True

    @property
    def is_ahead(self) -> bool:
        return self.in_active_project and self.status in AHEAD


@dataclass(frozen=True)
class Dependency:
    """What one project gives and another one gets."""

    id: str
    state: DependencyState
    needed_by: date
    promised_on: date | None = None
    provider: str | None = None
    """The milestone by which it is given."""
    consumer: str | None = None
    """The milestone that waits for it."""

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_DEPENDENCY


@dataclass(frozen=True)
class Standing:
    """How a dependency stands. One that is not open has neither a forecast nor a slip."""

    health: DependencyHealth
    forecast_on: date | None = None
    slip: int | None = None


@dataclass(frozen=True)
class Network:
    """Days are counted from `day0` in the calendar of the whole portfolio."""

    schedule: Schedule
    milestones: Mapping[str, Milestone]
    """Those ahead alone."""
    day0: date
    calendar: WorkingCalendar
    _finishes: dict[Exact, date] = field(default_factory=dict, compare=False, repr=False)

    def finish_on(self, id: str) -> date:
        return self.day_of(self.schedule.timings[id].ef)

    def day_of(self, days: Exact) -> date:
        """The date on which so many days of work are done."""
        if days not in self._finishes:
            self._finishes[days] = self.calendar.finish(self.day0, days)
        return self._finishes[days]

    def slip(self, id: str) -> int:
        return self.calendar.slip(self.milestones[id].due_on, self.finish_on(id))

    @cached_property
    def slips_by_project(self) -> dict[str, int]:
        """The worst slip of each project that has a milestone ahead."""
        worst: dict[str, int] = {}
        for milestone in self.milestones.values():
            slip = self.slip(milestone.id)
            worst[milestone.project] = max(slip, worst.get(milestone.project, slip))
        return worst

    def is_critical(self, dependency: Dependency) -> bool:
        """Its link is in the network, and neither end can move without moving the end of everything."""
        ends = (dependency.provider, dependency.consumer)
        if dependency.provider is None or dependency.consumer is None or not dependency.is_open:
            return False
        return all(end in self.milestones for end in ends) and self.schedule.is_critical(
            dependency.provider, dependency.consumer
        )

    def standing(self, dependency: Dependency, at_risk_up_to: int = AT_RISK_UP_TO) -> Standing:
        if not dependency.is_open:
            return Standing(DependencyHealth.CLOSED)
        provider = dependency.provider
        forecast = self.finish_on(provider) if provider in self.milestones and provider else dependency.promised_on
        slip = None if forecast is None else self.calendar.slip(dependency.needed_by, forecast)
        return Standing(_health(dependency.state, slip, at_risk_up_to), forecast, slip)


def network(
    milestones: Iterable[Milestone], dependencies: Iterable[Dependency], today: date, calendar: WorkingCalendar
) -> Network:
    """`today` is rolled forward to a working day. Raises critical_path.Cycle."""
    ahead = {milestone.id: milestone for milestone in milestones if milestone.is_ahead}
    linked = _with_dependencies(ahead, dependencies)
    activities = (
        Activity(id, milestone.remaining or 0, tuple(link for link in milestone.predecessors if link.id in ahead))
        for id, milestone in linked.items()
    )
    return Network(schedule(activities), ahead, calendar.on_or_after(today), calendar)


def _with_dependencies(ahead: Mapping[str, Milestone], dependencies: Iterable[Dependency]) -> dict[str, Milestone]:
    linked = dict(ahead)
    for dependency in dependencies:
        given, wanted = dependency.provider, dependency.consumer
        if dependency.is_open and given in ahead and wanted in ahead and given and wanted:
            before = linked[wanted].predecessors
            if Link(given) not in before:
                linked[wanted] = replace(linked[wanted], predecessors=(*before, Link(given)))
    return linked


def _health(state: DependencyState, slip: int | None, at_risk_up_to: int) -> DependencyHealth:
    if state is DependencyState.BLOCKED:
        return DependencyHealth.BLOCKED
    if slip is None:
        return DependencyHealth.UNSCHEDULED
    if slip > at_risk_up_to:
        return DependencyHealth.LATE
    promised = state is not DependencyState.PROPOSED
    return DependencyHealth.ON_TRACK if slip <= 0 and promised else DependencyHealth.AT_RISK
