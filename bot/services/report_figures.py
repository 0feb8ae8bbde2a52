"""What a report tells of money, plans and health: the figures of `health_known`, under the names of records."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

from bot.domain.health import counts, portfolio_health
from bot.domain.numbers import half_up
from bot.services.health import INDEX, earned_figures, quality_figures
from bot.services.health_known import ProgramStanding, Standing, earned_together, overdue_of
from bot.services.report_known import AtInstant
from bot.services.report_names import id_order
from bot.services.report_status import state_or
from models.schemas.figures import EarnedFigures, QualityFigures
from models.schemas.project import State
from models.schemas.report_clock import (
    NOBODY_ACTIVE,
    ActivityFigures,
    ComputedFigures,
    CriticalPathFigures,
    DependencyLine,
    FinishFigures,
    OverdueLine,
    ProgramHealthFigures,
)
from models.schemas.status import Health


def earned_by_project(of: AtInstant) -> dict[str, EarnedFigures]:
    found = ((name, earned_figures(of.standings[project.id].earned)) for name, project in of.projects)
    return {name: figures for name, figures in found if figures is not None}


def earned_by_program(of: AtInstant) -> dict[str, EarnedFigures]:
    found = ((of.program_names[id], earned_figures(program.earned)) for id, program in of.programs.items())
    return {name: figures for name, figures in found if figures is not None}


def earned_of_all(of: AtInstant) -> EarnedFigures | None:
    return earned_figures(earned_together(of.known, of.known.projects.values()))


def critical_path(of: AtInstant) -> CriticalPathFigures:
    network, names = of.known.network, of.milestone_names
    timings = network.schedule.timings
    critical = sorted(network.schedule.critical(), key=lambda id: (timings[id].es, id_order(names[int(id)])))
    tied = [known for known in of.known.dependencies if network.is_critical(known.promised)]
    return CriticalPathFigures(
        day0=network.day0,
        duration_wd=int(network.schedule.duration),
        finish_on=network.day_of(network.schedule.duration),
        critical_path=[names[int(id)] for id in critical],
        critical_dependencies=sorted((of.dependency_names[known.row.id] for known in tied), key=id_order),
        activities={name: _activity(of, str(id)) for id, name in names.items() if str(id) in timings},
        program_finish=dict(_finishes(of)),
    )


def dependency_lines(of: AtInstant) -> dict[str, DependencyLine]:
    found = {}
    by_id = {known.row.id: known for known in of.known.dependencies}
    for id, name in of.dependency_names.items():
        known = by_id[id]
        rules = of.known.program_of(known.row.get_project_id).rules
        standing = of.known.network.standing(known.promised, rules.dependency.at_risk_slip)
        found[name] = DependencyLine(
            state=known.promised.state,
            health=standing.health,
            forecast_on=standing.forecast_on,
            slip_wd=standing.slip,
        )
    return found


def milestones_overdue(of: AtInstant) -> list[OverdueLine]:
    found = []
    for project in of.known.projects.values():
        program = of.known.program_of(project.id)
        for one in overdue_of(of.known, project):
            late = program.calendar.between(one.due_on, program.today)
            found.append(OverdueLine(id=of.milestone_names[one.id], due_on=one.due_on, overdue_wd=late))
    return sorted(found, key=lambda line: id_order(line.id))


def computed_health(standing: Standing) -> ComputedFigures:
    return ComputedFigures(
        computed=state_or(standing.computed, standing.project.state),
        signals=standing.signals,
        max_slip_wd=standing.max_slip,
    )


def program_health(of: AtInstant, program: ProgramStanding) -> ProgramHealthFigures:
    children = {name: program.children[project.id] for name, project in of.projects if project.id in program.children}
    score = program.weighted_score
    return ProgramHealthFigures(
        method=program.method,
        children={name: child.health for name, child in children.items()},
        counts=counts(children.values()),
        weighted_score=None if score is None else half_up(score, INDEX),
        computed=_or_nobody(program.computed),
        override_active=program.override is not None,
        final=_or_nobody(program.final),
    )


def health_of_all(of: AtInstant) -> str:
    return _or_nobody(portfolio_health([(program.computed, program.final) for program in of.programs.values()]))


def quality_by_project(of: AtInstant) -> dict[str, QualityFigures]:
    """Of active projects."""
    found = {}
    for name, project in of.projects:
        quality = of.standings[project.id].quality
        if project.state is State.ACTIVE and quality is not None:
            found[name] = quality_figures(quality)
    return found


def quality_by_program(of: AtInstant) -> Mapping[str, int]:
    scores: dict[str, Fraction | None] = {of.program_names[id]: program.quality for id, program in of.programs.items()}
    return {name: int(half_up(score)) for name, score in scores.items() if score is not None}


def _activity(of: AtInstant, id: str) -> ActivityFigures:
    timing = of.known.network.schedule.timings[id]
    days = {name: int(getattr(timing, name)) for name in ("es", "ef", "ls", "lf", "tf", "ff")}
    return ActivityFigures(
        dur=int(timing.duration),
        finish_on=of.known.network.finish_on(id),
        slip_wd=of.known.network.slip(id),
        **days,
    )


def _finishes(of: AtInstant) -> Iterator[tuple[str, FinishFigures]]:
    network = of.known.network
    for program_id, name in of.program_names.items():
        theirs = {str(project.id) for project in of.known.projects_of(program_id)}
        ends = [int(network.schedule.timings[id].ef) for id, one in network.milestones.items() if one.project in theirs]
        if ends:
            yield name, FinishFigures(ef=max(ends), finish_on=network.day_of(max(ends)))


def _or_nobody(health: Health | None) -> str:
    return NOBODY_ACTIVE if health is None else health
