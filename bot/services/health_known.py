"""What is known of projects and programs at an instant, and the rules applied to it. Exact; `health` rounds it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property, lru_cache

from bot.domain import data_quality, health
from bot.domain.data_quality import Given, KnownThreat, Quality, Records
from bot.domain.earned_value import EarnedValue, Package, earned, total
from bot.domain.health import Child, Limits, WeightedAt
from bot.domain.milestone_network import Dependency, Network, network
from bot.domain.status import effective_health, freshness, trend
from bot.domain.wall_time import local_date
from bot.domain.working_days import WorkingCalendar
from bot.services.health_plan import KnownDependency, KnownMilestone
from bot.services.health_programs import EVERYWHERE_ZONE, KnownProgram, SetByHand
from bot.services.health_projects import KnownProject
from models.schemas.figures import Signal
from models.schemas.parameters import DEFAULTS, HealthRules, Parameters
from models.schemas.plan import UNACHIEVED, RollupMethod
from models.schemas.project import State
from models.schemas.status import Freshness, Health, Trend


def exact(value: float) -> Fraction:
    """A threshold as it was written: 0.9 is nine tenths."""
    return Fraction(str(value))


@dataclass(frozen=True)
class Known:
    """All that was read, for one instant."""

    now: datetime
    programs: Mapping[int, KnownProgram]
    projects: Mapping[int, KnownProject]
    milestones: Sequence[KnownMilestone]
    dependencies: Sequence[KnownDependency]
    threats: Mapping[int, Sequence[KnownThreat]]
    """Active ones, by project."""
    portfolio: WorkingCalendar

    @cached_property
    def network(self) -> Network:
        """Raises critical_path.Cycle, which no form and no import lets happen."""
        today = local_date(self.now, EVERYWHERE_ZONE)
        planned = (milestone.planned for milestone in self.milestones)
        return network(planned, (known.promised for known in self.dependencies), today, self.portfolio)

    @cached_property
    def milestones_of(self) -> Mapping[int, list[KnownMilestone]]:
        found: dict[int, list[KnownMilestone]] = {}
        for milestone in self.milestones:
            found.setdefault(milestone.project_id, []).append(milestone)
        return found

    @cached_property
    def gives_of(self) -> Mapping[int, list[Dependency]]:
        found: dict[int, list[Dependency]] = {}
        for known in self.dependencies:
            found.setdefault(known.row.give_project_id, []).append(known.promised)
        return found

    def program_of(self, project_id: int) -> KnownProgram:
        """A project by itself is counted by its own dates in UTC, and by our defaults."""
        program = self.programs.get(self.projects[project_id].program_id or 0)
        return program or KnownProgram(
            0, self.now.astimezone(UTC).date(), WorkingCalendar(EVERYWHERE_ZONE), DEFAULTS, 0, None
        )

    def projects_of(self, program_id: int) -> list[KnownProject]:
        return [project for project in self.projects.values() if project.program_id == program_id]


@dataclass(frozen=True)
class Standing:
    """A project, weighed."""

    project: KnownProject
    freshness: Freshness
    effective: Health
    trend: Trend | None
    computed: Health
    signals: list[Signal]
    max_slip: int
    is_watermelon: bool
    earned: EarnedValue | None
    quality: Quality | None


def standing(known: Known, project: KnownProject) -> Standing:
    program = known.program_of(project.id)
    fresh = freshness_of(project, program.rules, known.now)
    value = earned_of(known, project)
    active = project.state is State.ACTIVE
    slip = known.network.slips_by_project.get(str(project.id), 0) if active else 0
    found = signals_of(value, slip, program.rules.health) if active else []
    effective = effective_health(project.state, project.reported, fresh)
    computed = health.computed_health(found) if active else effective
    return Standing(
        project=project,
        freshness=fresh,
        effective=effective,
        trend=trend(project.previous, project.reported) if project.reported else None,
        computed=computed,
        signals=found,
        max_slip=slip,
        is_watermelon=health.is_watermelon(project.state, project.reported, computed),
        earned=value,
        quality=quality_of(known, project, fresh) if active else None,
    )


def freshness_of(project: KnownProject, rules: Parameters, now: datetime) -> Freshness:
    status = rules.status
    return freshness(
        project.posted_at,
        now,
        status.cadence_days,
        grace_days=status.grace_days,
        stale_cadences=status.stale_multiplier,
    )


def signals_of(value: EarnedValue | None, slip: int, rules: HealthRules) -> list[Signal]:
    return health.signals(value.spi if value else None, value.cpi if value else None, slip, _limits(rules))


@lru_cache(maxsize=64)
def _limits(rules: HealthRules) -> Limits:
    return Limits(
        spi_amber=exact(rules.spi_amber),
        spi_red=exact(rules.spi_red),
        cpi_amber=exact(rules.cpi_amber),
        cpi_red=exact(rules.cpi_red),
        slip_amber=rules.slip_amber,
        slip_red=rules.slip_red,
    )


def earned_of(known: Known, project: KnownProject) -> EarnedValue | None:
    """In minor units."""
    spent = project.spending
    if spent is None:
        return None
    packages = [Package(one.status, one.row.weight) for one in known.milestones_of.get(project.id, ())]
    ev = earned(spent.bac, spent.pv, spent.method, percent_complete=spent.percent_complete, packages=packages)
    return EarnedValue(Fraction(spent.bac), Fraction(spent.pv), ev, Fraction(spent.ac))


def earned_together(known: Known, projects: Iterable[KnownProject]) -> EarnedValue | None:
    """Of all with a budget, on hold and completed ones too. Currencies are never added."""
    budgets = [project for project in projects if project.spending is not None]
    if len({project.spending.currency for project in budgets if project.spending}) != 1:
        return None
    return total(value for project in budgets if (value := earned_of(known, project)) is not None)


def overdue_of(known: Known, project: KnownProject) -> list[KnownMilestone]:
    """E8: of an active project, not achieved, and past due by the date of its program."""
    today = known.program_of(project.id).today
    if project.state is not State.ACTIVE:
        return []
    return [one for one in known.milestones_of.get(project.id, ()) if one.status in UNACHIEVED and one.due_on < today]


def quality_of(known: Known, project: KnownProject, fresh: Freshness) -> Quality:
    program = known.program_of(project.id)
    due = [one.due_on for one in known.milestones_of.get(project.id, ()) if one.status in UNACHIEVED]
    gives = known.gives_of.get(project.id, ())
    return data_quality.quality(
        Records(
            today=program.today,
            calendar=program.calendar,
            has_owner=True,
            freshness=fresh,
            reported=project.reported,
            path_to_green=project.path_to_green,
            threats=known.threats.get(project.id, ()),
            unachieved_due=due,
            gives=[Given(one.state, one.needed_by) for one in gives if one.is_open],
            has_budget=project.spending is not None,
            actuals_on=project.spending.actuals_on if project.spending else None,
        )
    )


@dataclass(frozen=True)
class ProgramStanding:
    program: KnownProgram
    method: RollupMethod
    children: Mapping[int, Child]
    """Active projects."""
    computed: Health | None
    final: Health | None
    override: SetByHand | None
    earned: EarnedValue | None
    quality: Fraction | None

    @property
    def weighted_score(self) -> Fraction | None:
        is_weighted = self.method is RollupMethod.WEIGHTED
        return health.weighted_score(list(self.children.values())) if is_weighted else None


def program_standing(known: Known, program: KnownProgram, standings: Mapping[int, Standing]) -> ProgramStanding:
    projects = known.projects_of(program.id)
    active = [project for project in projects if project.state is State.ACTIVE]
    children = {one.id: Child(standings[one.id].effective, one.weight, one.critical) for one in active}
    rules = program.rules.health
    at = WeightedAt(exact(rules.amber_at), exact(rules.red_at))
    computed = health.program_health(RollupMethod(rules.rollup), list(children.values()), at)
    override = next(
        (
            one
            for one in program.overrides
            if health.override_counts(one.rule, computed, known.now, rules.override_max_days)
        ),
        None,
    )
    scores = [standings[one.id].quality for one in active]
    return ProgramStanding(
        program=program,
        method=RollupMethod(rules.rollup),
        children=children,
        computed=computed,
        final=override.rule.health if override else computed,
        override=override,
        earned=earned_together(known, projects),
        quality=data_quality.mean_score(score for score in scores if score is not None),
    )
