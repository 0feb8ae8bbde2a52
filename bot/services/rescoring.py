"""Risks of a place that has another matrix now: scores and bands follow, probability and impact stay."""

from collections.abc import Callable
from itertools import product
from typing import Any

from sqlalchemy import ColumnElement, case, select, update
from sqlalchemy.orm import Session

from bot.domain.risk import worst_first
from bot.domain.risk_matrix import STEPS, RiskMatrix
from bot.services.risk import cards, matrix_of
from models.schemas.project import Place, PlaceKind
from models.schemas.risk import ACTIVE, RiskCard
from models.tables import Assumption, Decision, Issue, Risk

OWNED_BY_PROJECT = (Risk, Issue, Assumption, Decision)


def rescore_program(session: Session, program: Place) -> None:
    """All that belongs to the program, its projects included, ended records too."""
    _rescore(session, _of(program), matrix_of(program))


def move_project(session: Session, project: Place) -> None:
    """The project belongs to another program, or to none: so do its records, and its risks are scored anew."""
    for table in OWNED_BY_PROJECT:
        moved = update(table).where(table.project_id == project.id).values(program_id=project.program_id)
        session.execute(moved, execution_options={"synchronize_session": False})
    _rescore(session, _of(project), matrix_of(project))


def open_risks(session: Session, place: Place) -> list[RiskCard]:
    """Of a project, or of a program with all its projects."""
    return cards(session, select(Risk).where(_of(place), Risk.status.in_(ACTIVE)).order_by(Risk.id))


def _of(place: Place) -> ColumnElement[bool]:
    return (Risk.program_id if place.kind is PlaceKind.PROGRAM else Risk.project_id) == place.id


def _rescore(session: Session, which: ColumnElement[bool], scale: RiskMatrix) -> None:
    """One statement, whatever their number. What a score was before is forgotten: another matrix printed it."""

    def by_cell(value: Callable[[int, int], Any]) -> ColumnElement[Any]:
        cells = {10 * p + i: value(p, i) for p, i in product(STEPS, STEPS)}
        return case(cells, value=10 * Risk.probability + Risk.impact)

    order = by_cell(lambda p, i: worst_first(scale.band(p, i), scale.score(p, i)))
    values = {
        "score": by_cell(scale.score),
        "band": by_cell(lambda p, i: scale.band(p, i).value),
        "worst_first": case((Risk.status.in_(ACTIVE), order), else_=None),
        "previous_score": None,
        "rescored_at": None,
        "version": Risk.version + 1,
    }
    session.execute(update(Risk).where(which).values(values), execution_options={"synchronize_session": False})
    session.expire_all()
