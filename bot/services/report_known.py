"""All that a report needs to know of projects and programs at its instant, under the names by which it tells them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.domain.data_quality import KnownThreat
from bot.domain.escalation import Chain, Moment
from bot.services import people
from bot.services.health_known import Known, ProgramStanding, Standing, program_standing, standing
from bot.services.health_plan import dependencies_at, milestones_at
from bot.services.health_programs import programs_at
from bot.services.health_projects import KnownProject, projects_at
from bot.services.report_names import names
from bot.services.report_past import Pasts, pasts
from bot.services.report_risks import KnownRisk
from models.schemas.people import PersonCard
from models.schemas.project import State
from models.tables import Dependency, Milestone, Program, Project

REMEMBERED = {
    "project": ("state", "on_hold_since", "completed_on"),
    "milestone": ("status", "due_on"),
    "dependency": ("state", "needed_by", "promised_on"),
}
"""What is rebuilt of each kind."""


@dataclass(frozen=True)
class AtInstant:
    """A portfolio at one instant. Projects are told in the order of their names."""

    now: datetime
    known: Known
    rows: Mapping[int, Project]
    project_names: Mapping[int, str]
    program_names: Mapping[int, str]
    milestone_names: Mapping[int, str]
    dependency_names: Mapping[int, str]
    people: Mapping[int, PersonCard]
    pasts: Pasts

    @cached_property
    def standings(self) -> Mapping[int, Standing]:
        return {id: standing(self.known, self.known.projects[id]) for id in self.project_names}

    @cached_property
    def programs(self) -> Mapping[int, ProgramStanding]:
        """In the order of their names."""
        programs = self.known.programs
        return {id: program_standing(self.known, programs[id], self.standings) for id in self.program_names}

    @property
    def projects(self) -> Iterable[tuple[str, KnownProject]]:
        return ((name, self.known.projects[id]) for id, name in self.project_names.items())

    def moment(self, program_id: int) -> Moment:
        program = self.known.programs[program_id]
        return Moment(self.now, program.calendar, program.rules)

    def chain(self, program_id: int, project_id: int | None) -> Chain:
        program = self.known.programs[program_id]
        project = self.known.projects.get(project_id or 0)
        return Chain(project.owner_id if project else None, program.manager_id, program.sponsor_id)

    def handle(self, person_id: int) -> str:
        return self.people[person_id].handle


def at_instant(
    session: Session, programs: Mapping[str, Program], risks: Sequence[KnownRisk], now: datetime
) -> AtInstant:
    """In a dozen statements, whatever the size of the portfolio."""
    rows = names(session.scalars(_projects(now)).all(), "P")
    past = _pasts(session)
    by_id = {row.id: row for row in rows.values()}
    known = _known(session, [program.id for program in programs.values()], by_id, risks, now, past)
    milestones = names([one.row for one in known.milestones], "M")
    dependencies = names([one.row for one in known.dependencies], "DEP")
    return AtInstant(
        now=now,
        known=known,
        rows=by_id,
        project_names={row.id: name for name, row in rows.items()},
        program_names={program.id: name for name, program in programs.items()},
        milestone_names={row.id: name for name, row in milestones.items()},
        dependency_names={row.id: name for name, row in dependencies.items()},
        people=people.everybody(session),
        pasts=past,
    )


def _projects(now: datetime) -> Select[Project]:
    return select(Project).where(or_(Project.created_at <= now, Project.external_id.is_not(None)))


def _pasts(session: Session) -> Pasts:
    tables: dict[str, Any] = {"project": Project, "milestone": Milestone, "dependency": Dependency}
    return Pasts(
        {kind: pasts(session, kind, REMEMBERED[kind], among=select(table.id)) for kind, table in tables.items()}
    )


def _known(
    session: Session,
    program_ids: Sequence[int],
    rows: Mapping[int, Project],
    risks: Sequence[KnownRisk],
    now: datetime,
    past: Pasts,
) -> Known:
    programs, portfolio = programs_at(session, program_ids, now)
    days = {program.id: program.today for program in programs.values()}
    projects = {project.id: project for project in projects_at(session, list(rows), days, now, past)}
    paused = {project.id for project in projects.values() if project.state is not State.ACTIVE}
    return Known(
        now=now,
        programs=programs,
        projects=projects,
        milestones=milestones_at(session, list(rows), now, paused, past),
        dependencies=dependencies_at(session, list(rows), now, past),
        threats=_threats(risks),
        portfolio=portfolio,
    )


def _threats(risks: Iterable[KnownRisk]) -> Mapping[int, list[KnownThreat]]:
    found: dict[int, list[KnownThreat]] = defaultdict(list)
    for risk in risks:
        if risk.is_active_threat and risk.row.project_id is not None:
            threat = KnownThreat(risk.band, True, risk.next_review_on, bool(risk.strategy))
            found[risk.row.project_id].append(threat)
    return found
