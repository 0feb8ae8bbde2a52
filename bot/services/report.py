"""What `./run report` tells: the whole portfolio at an instant, in some thirty statements whatever its size.

It is for who runs the bot, and holds restricted projects too. Instants before now are rebuilt from the history.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.risk_matrix import Preset, matrix
from bot.domain.wall_time import local_date
from bot.domain.working_days import WorkingCalendar
from bot.services import places, report_decisions, report_risks
from bot.services import report_figures as figures
from bot.services.report_changes import changes
from bot.services.report_checkins import checkin_figures
from bot.services.report_decisions import KnownDecision
from bot.services.report_escalations import escalations
from bot.services.report_known import AtInstant, at_instant
from bot.services.report_names import names
from bot.services.report_nudges import nudges
from bot.services.report_risks import TOP_OF_ALL, TOP_OF_PROGRAM, KnownRisk
from bot.services.report_status import overdue_updates, records, reported, status_figures
from models.schemas.report import Report
from models.tables import Program, Project


def report(session: Session, *, as_of: datetime) -> Report:
    """Records raised later are absent. Numbers are rounded half up."""
    programs = _programs(session, as_of)
    scales = {program.id: matrix(Preset(program.risk_matrix)) for program in programs.values()}
    risks = _named(report_risks.risks_at(session, as_of, lambda id: scales.get(id or 0, matrix())), "R")
    decisions = _named(report_decisions.decisions_at(session, as_of), "D")
    of = at_instant(session, programs, list(risks.values()), as_of)
    calendars = _calendars(session, decisions, of)
    return Report(
        as_of=as_of,
        reconstructed=as_of < _imported_at(session, as_of),
        **_of_risks(risks, programs, as_of),
        decision_latency=report_decisions.latency_figures(session, decisions, calendars, as_of),
        decision_matrices=report_decisions.matrix_figures(decisions),
        **_of_figures(of),
        **_of_the_clock(session, of, risks, decisions),
    )


def _of_risks(risks: Mapping[str, KnownRisk], programs: Mapping[str, Program], as_of: datetime) -> dict[str, Any]:
    of = {name: _of_program(risks, program.id) for name, program in programs.items()}
    return {
        "program_local_date": {name: local_date(as_of, program.tz) for name, program in programs.items()},
        "risks": {name: report_risks.figures(risk) for name, risk in risks.items()},
        "top_risks": report_risks.top(risks, TOP_OF_ALL),
        "top_risks_by_program": {name: report_risks.top(of[name], TOP_OF_PROGRAM) for name in programs},
        "risk_band_counts": {name: report_risks.band_counts(of[name].values()) for name in programs},
        "risk_emv": {
            name: report_risks.money(of[name].values(), _contingency(program)) for name, program in programs.items()
        },
        "heat_map": report_risks.heat_counts(risks.values()),
        "risk_burndown": report_risks.weeks(risks.values(), as_of),
    }


def _of_figures(of: AtInstant) -> dict[str, Any]:
    return {
        "evm_projects": figures.earned_by_project(of),
        "evm_programs": figures.earned_by_program(of),
        "evm_portfolio": figures.earned_of_all(of),
        "cpm": figures.critical_path(of),
        "dependencies": figures.dependency_lines(of),
        "milestones_overdue": figures.milestones_overdue(of),
        "computed_health": {name: figures.computed_health(of.standings[one.id]) for name, one in of.projects},
        "watermelons": [name for name, one in of.projects if of.standings[one.id].is_watermelon],
        "program_health": {of.program_names[id]: figures.program_health(of, one) for id, one in of.programs.items()},
        "portfolio_health": figures.health_of_all(of),
        "data_quality": figures.quality_by_project(of),
        "data_quality_program": figures.quality_by_program(of),
    }


def _of_the_clock(
    session: Session, of: AtInstant, risks: Mapping[str, KnownRisk], decisions: Mapping[str, KnownDecision]
) -> dict[str, Any]:
    said = reported(session, of.now)
    known = records(session, of, said)
    return {
        "status": {name: status_figures(of, known[one.id], of.standings[one.id]) for name, one in of.projects},
        "overdue_updates": list(overdue_updates(of, known)),
        "escalations": escalations(session, of, risks, decisions, known),
        "nudges": nudges(session, of, risks, decisions, known),
        "checkins": checkin_figures(session, of),
        "changes_last_7_days": changes(session, of, said, risks, decisions),
    }


Known = TypeVar("Known", KnownRisk, KnownDecision)


def _named(known: Sequence[Known], letter: str) -> dict[str, Known]:
    by_row = {one.row.id: one for one in known}
    return {name: by_row[row.id] for name, row in names([one.row for one in known], letter).items()}


def _programs(session: Session, as_of: datetime) -> dict[str, Program]:
    """Those set up by then, and all that came from a file: their records are older than their arrival."""
    there = (Program.created_at <= as_of) | Program.external_id.is_not(None)
    return names(session.scalars(select(Program).where(there)).all(), "program")


def _imported_at(session: Session, otherwise: datetime) -> datetime:
    """When the last of the imported programs and projects arrived."""
    arrived = [
        session.scalar(select(func.max(table.created_at)).where(table.external_id.is_not(None)))
        for table in (Program, Project)
    ]
    return max((moment for moment in arrived if moment), default=otherwise)


def _of_program(risks: Mapping[str, KnownRisk], program_id: int) -> dict[str, KnownRisk]:
    return {name: risk for name, risk in risks.items() if risk.row.program_id == program_id}


def _contingency(program: Program) -> Fraction | None:
    """In major units, as the file had it."""
    amount = program.extra.get("contingency")
    return Fraction(str(amount)) if isinstance(amount, int | float) else None


def _calendars(session: Session, decisions: Mapping[str, KnownDecision], of: AtInstant) -> dict[str, WorkingCalendar]:
    """Each decision's: that of its program, else the zone of its project."""
    by_program = {id: program.calendar for id, program in of.known.programs.items()}
    alone = [known.row for known in decisions.values() if known.row.program_id not in by_program]
    found = places.of_rows(session, alone)
    zones = {row.id: found[places.ref_of(row)].tz for row in alone}
    return {
        name: by_program.get(known.row.program_id or 0) or WorkingCalendar(zones[known.row.id])
        for name, known in decisions.items()
    }
