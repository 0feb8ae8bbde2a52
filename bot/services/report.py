"""What `./run report` tells: the whole portfolio at an instant, in a dozen statements whatever its size.

It is for who runs the bot, and holds restricted projects too. Instants before now are rebuilt from the history.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from fractions import Fraction
from typing import Any, Protocol, TypeVar

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.risk_matrix import Preset, matrix
from bot.domain.wall_time import local_date
from bot.domain.working_days import WorkingCalendar
from bot.services import calendars, places, report_decisions, report_risks
from bot.services.report_decisions import KnownDecision
from bot.services.report_risks import TOP_OF_ALL, TOP_OF_PROGRAM, KnownRisk
from models.schemas.report import Report
from models.tables import Program, Project

HERE = " (logged here)"
"""Behind the name of a record whose number an imported one of the same kind brought along as its id."""


class Named(Protocol):
    external_id: Any
    number: Any


Row = TypeVar("Row", bound=Named)


def report(session: Session, *, as_of: datetime) -> Report:
    """Records raised later are absent. Numbers are rounded half up."""
    programs = _programs(session, as_of)
    scales = {program.id: matrix(Preset(program.risk_matrix)) for program in programs.values()}
    risks = _named(report_risks.risks_at(session, as_of, lambda id: scales.get(id or 0, matrix())), "R")
    decisions = _named(report_decisions.decisions_at(session, as_of), "D")
    of = {name: _of_program(risks, program.id) for name, program in programs.items()}
    return Report(
        as_of=as_of,
        reconstructed=as_of < _imported_at(session, as_of),
        program_local_date={name: local_date(as_of, program.tz) for name, program in programs.items()},
        risks={name: report_risks.figures(risk) for name, risk in risks.items()},
        top_risks=report_risks.top(risks, TOP_OF_ALL),
        top_risks_by_program={name: report_risks.top(of[name], TOP_OF_PROGRAM) for name in programs},
        risk_band_counts={name: report_risks.band_counts(of[name].values()) for name in programs},
        risk_emv={
            name: report_risks.money(of[name].values(), _contingency(program)) for name, program in programs.items()
        },
        heat_map=report_risks.heat_counts(risks.values()),
        risk_burndown=report_risks.weeks(risks.values(), as_of),
        decision_latency=report_decisions.latency_figures(
            decisions, _calendars(session, decisions, programs.values(), as_of), as_of
        ),
        decision_matrices=report_decisions.matrix_figures(decisions),
    )


def id_order(name: str) -> list[str | int]:
    """The sort key of ids: R-2 before R-10, R-014 before R-15."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"([0-9]+)", name))]


def names(rows: Sequence[Row], letter: str) -> dict[str, Row]:
    """Records by the source's id, else as people name them here, in the order of these names."""
    imported = {row.external_id: row for row in rows if row.external_id is not None}
    own = {f"{letter}-{row.number}": row for row in rows if row.external_id is None}
    found = imported | {f"{ref}{HERE}" if ref in imported else ref: row for ref, row in own.items()}
    return {name: found[name] for name in sorted(found, key=id_order)}


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


def _calendars(
    session: Session, decisions: Mapping[str, KnownDecision], programs: Iterable[Program], as_of: datetime
) -> dict[str, WorkingCalendar]:
    """Each decision's: that of its program, else the zone of its project."""
    hours = calendars.of_programs(session, [program.id for program in programs], now=as_of)
    by_program = {id: WorkingCalendar(known.zone, known.days, known.holidays) for id, known in hours.items()}
    alone = [known.row for known in decisions.values() if known.row.program_id not in by_program]
    found = places.of_rows(session, alone)
    zones = {row.id: found[places.ref_of(row)].tz for row in alone}
    return {
        name: by_program.get(known.row.program_id or 0) or WorkingCalendar(zones[known.row.id])
        for name, known in decisions.items()
    }
