"""What the data say of programs and their projects, beside what people say (domain 4.5, 4.7, 5.1, 5.4)."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime
from decimal import Decimal
from fractions import Fraction

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.data_quality import KnownThreat, Quality
from bot.domain.earned_value import WHOLE, EarnedValue
from bot.domain.health import counts
from bot.domain.numbers import half_up
from bot.domain.risk_money import MINOR_UNITS
from bot.services.health_known import (
    Known,
    ProgramStanding,
    Standing,
    overdue_of,
    program_standing,
    standing,
)
from bot.services.health_plan import KnownDependency, dependencies_at, milestones_at
from bot.services.health_programs import SetByHand, programs_at
from bot.services.health_projects import projects_at
from models.schemas.figures import (
    DependencyFigures,
    EarnedFigures,
    Figures,
    Indices,
    OverdueMilestone,
    OverrideFigures,
    ProgramFigures,
    ProjectFigures,
    QualityFigures,
)
from models.schemas.project import State
from models.schemas.risk import ACTIVE, Band, Kind
from models.tables import Project, Risk
from models.tables.unit import THIS_WORKSPACE, fetch

MONEY, INDEX, SHARE = 2, 4, 2
_PROJECT, _RISK = Project.__table__, Risk.__table__
_OF_PROGRAMS = select(_PROJECT.c.id).where(
    _PROJECT.c.workspace_id == THIS_WORKSPACE, _PROJECT.c.program_id.in_(bindparam("programs", expanding=True))
)
_PROGRAMS_OF = (
    select(_PROJECT.c.program_id)
    .distinct()
    .where(
        _PROJECT.c.workspace_id == THIS_WORKSPACE,
        _PROJECT.c.id.in_(bindparam("ids", expanding=True)),
        _PROJECT.c.program_id.is_not(None),
    )
)
_THREATS = select(
    *(_RISK.c[name] for name in ("project_id", "band", "owner_id", "next_review_on", "response_strategy"))
).where(
    _RISK.c.workspace_id == THIS_WORKSPACE,
    _RISK.c.project_id.in_(bindparam("ids", expanding=True)),
    _RISK.c.status.in_(ACTIVE),
    _RISK.c.kind == Kind.THREAT.value,
)


def of_programs(
    session: Session, program_ids: Collection[int], *, now: datetime, project_ids: Collection[int] | None = None
) -> Figures:
    """Of these programs and all their projects, in six statements; in five for who knows the projects already."""
    if project_ids is None:
        return figures(known_of_programs(session, program_ids, now=now))
    return figures(_known(session, program_ids, project_ids, now))


def of_projects(session: Session, project_ids: Collection[int], *, now: datetime) -> Figures:
    """Of these projects, which may belong to no program; `programs` is empty. As many statements."""
    programs = fetch(session, _PROGRAMS_OF, ids=list(project_ids)).scalars().all()
    found = figures(_known(session, programs, project_ids, now))
    return found.model_copy(update={"programs": {}})


def known_of_programs(session: Session, program_ids: Collection[int], *, now: datetime) -> Known:
    project_ids = fetch(session, _OF_PROGRAMS, programs=list(program_ids)).scalars().all()
    return _known(session, program_ids, project_ids, now)


def figures(known: Known) -> Figures:
    standings = {id: standing(known, project) for id, project in known.projects.items()}
    programs = (program_standing(known, program, standings) for program in known.programs.values())
    overdue = [one for project in known.projects.values() for one in _overdue(known, project.id)]
    return Figures(
        programs={one.program.id: program_figures(one) for one in programs},
        projects={id: project_figures(one) for id, one in standings.items()},
        milestones_overdue=sorted(overdue, key=lambda one: (-one.overdue_wd, one.due_on, one.id)),
        dependencies={
            one.row.id: dependency_figures(known, one) for one in known.dependencies if _is_theirs(known, one)
        },
    )


def project_figures(of: Standing) -> ProjectFigures:
    return ProjectFigures(
        id=of.project.id,
        program_id=of.project.program_id,
        state=of.project.state,
        reported=of.project.reported,
        posted_at=of.project.posted_at,
        freshness=of.freshness,
        effective=of.effective,
        trend=of.trend,
        computed=of.computed,
        signals=of.signals,
        max_slip_wd=of.max_slip,
        is_watermelon=of.is_watermelon,
        earned=_indices(of.earned),
        quality=None if of.quality is None else quality_figures(of.quality),
    )


def program_figures(of: ProgramStanding) -> ProgramFigures:
    score = of.weighted_score
    return ProgramFigures(
        id=of.program.id,
        local_date=of.program.today,
        method=of.method,
        computed=of.computed,
        final=of.final,
        override=None if of.override is None else _override_figures(of.override),
        counts=counts(of.children.values()),
        weighted_score=None if score is None else half_up(score, INDEX),
        earned=earned_figures(of.earned),
        quality=None if of.quality is None else int(half_up(of.quality)),
    )


def earned_figures(value: EarnedValue | None) -> EarnedFigures | None:
    """From minor units; rounded here and nowhere before."""
    if value is None:
        return None
    return EarnedFigures(
        bac=_money(value.bac),
        pv=_money(value.pv),
        ev=_money(value.ev),
        ac=_money(value.ac),
        cv=_money(value.cv),
        sv=_money(value.sv),
        cpi=_rounded(value.cpi, INDEX),
        spi=_rounded(value.spi, INDEX),
        eac_atypical=_money(value.eac_atypical),
        eac_typical=_major(value.eac_typical),
        eac_composite=_major(value.eac_composite),
        etc=_major(value.etc),
        vac=_major(value.vac),
        tcpi_bac=_rounded(value.tcpi_bac, INDEX),
        pct_complete=_percent(value.complete),
        pct_spent=_percent(value.spent),
    )


def _indices(value: EarnedValue | None) -> Indices | None:
    if value is None:
        return None
    return Indices(cpi=_rounded(value.cpi, INDEX), spi=_rounded(value.spi, INDEX))


def quality_figures(of: Quality) -> QualityFigures:
    return QualityFigures(score=int(half_up(of.score)), failed=list(of.failed), not_applicable=list(of.not_applicable))


def dependency_figures(known: Known, one: KnownDependency) -> DependencyFigures:
    """By the rules of the program that waits for it."""
    getter = known.projects.get(one.row.get_project_id)
    rules = known.program_of(getter.id).rules if getter else None
    at_risk = (rules.dependency.at_risk_slip,) if rules else ()
    stands = known.network.standing(one.promised, *at_risk)
    return DependencyFigures(
        **{name: getattr(one.row, name) for name in _TOLD},
        state=one.promised.state,
        needed_by=one.promised.needed_by,
        health=stands.health,
        forecast_on=stands.forecast_on,
        slip_wd=stands.slip,
        is_critical=known.network.is_critical(one.promised),
    )


_TOLD = ("id", "number", "title", "give_project_id", "give_name", "get_project_id")


def _known(session: Session, program_ids: Collection[int], project_ids: Collection[int], now: datetime) -> Known:
    programs, portfolio = programs_at(session, program_ids, now)
    days = {program.id: program.today for program in programs.values()}
    projects = {project.id: project for project in projects_at(session, project_ids, days, now)}
    paused = {project.id for project in projects.values() if project.state is not State.ACTIVE}
    return Known(
        now=now,
        programs=programs,
        projects=projects,
        milestones=milestones_at(session, project_ids, now, paused),
        dependencies=dependencies_at(session, project_ids, now),
        threats=_threats(session, project_ids),
        portfolio=portfolio,
    )


def _threats(session: Session, project_ids: Collection[int]) -> Mapping[int, list[KnownThreat]]:
    found: dict[int, list[KnownThreat]] = defaultdict(list)
    for row in fetch(session, _THREATS, ids=list(project_ids)):
        threat = KnownThreat(Band(row.band), row.owner_id is not None, row.next_review_on, bool(row.response_strategy))
        found[row.project_id].append(threat)
    return found


def _overdue(known: Known, project_id: int) -> list[OverdueMilestone]:
    program = known.program_of(project_id)
    return [
        OverdueMilestone(
            id=one.id,
            project_id=project_id,
            title=one.row.title,
            owner_id=one.row.owner_id,
            due_on=one.due_on,
            overdue_wd=program.calendar.between(one.due_on, program.today),
        )
        for one in overdue_of(known, known.projects[project_id])
    ]


def _is_theirs(known: Known, one: KnownDependency) -> bool:
    return one.row.give_project_id in known.projects or one.row.get_project_id in known.projects


def _override_figures(override: SetByHand) -> OverrideFigures:
    return OverrideFigures(
        health=override.rule.health,
        reason=override.rule.reason,
        set_by_id=override.set_by_id,
        expires_at=override.rule.expires_at,
    )


def _money(minor: Fraction) -> Decimal:
    return half_up(minor / MINOR_UNITS, MONEY)


def _major(minor: Fraction | None) -> Decimal | None:
    return None if minor is None else _money(minor)


def _percent(share: Fraction | None) -> Decimal | None:
    return None if share is None else half_up(WHOLE * share, SHARE)


def _rounded(value: Fraction | None, places: int) -> Decimal | None:
    return None if value is None else half_up(value, places)
