"""Taking over a spreadsheet of risks or projects: in bulk, and without a word in Slack."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.risk import acknowledge_by
from bot.domain.risk_money import MINOR_UNITS
from bot.services import calendars, people, places, schedule
from bot.services.counter import reserve
from bot.services.importing_numbers import IMPORTED
from bot.services.risk import matrix_of, score_values
from models.schemas.people import PersonCard
from models.schemas.project import PlaceKind
from models.schemas.risk import Band
from models.schemas.spreadsheet import ProjectRow, RiskRow
from models.tables import Counter, History, Project, Risk
from models.tables.unit import add_rows

AT_ONCE = 500
"""Rows of one statement: every database takes that many parameters."""

Item = TypeVar("Item")


def take_risks(session: Session, rows: Sequence[RiskRow], *, now: datetime) -> None:
    """Announces nothing. An open risk that nobody has acknowledged waits for its owner from now on."""
    numbers = _numbers(session, Risk, "risk", rows)
    for part in _parts(rows):
        owners = people.cards(session, (row.owner.id for row in part))  # with their calendars
        add_rows(session, Risk, [_risk(row, numbers[row.key], owners[row.owner.id], now) for row in part])
        ids = _ids(session, Risk, part)
        add_rows(session, History, [_past("risk", ids[row.key], row.raised_at, "", IMPORTED) for row in part])
        add_rows(session, History, [event for row in part for event in _past_of_risk(ids[row.key], row)])


def take_projects(session: Session, rows: Sequence[ProjectRow], *, now: datetime) -> None:
    """Each is asked for its status from its next week on, as a project that is set up in a channel."""
    numbers = _numbers(session, Project, "project", rows)
    for part in _parts(rows):
        add_rows(session, Project, [_project(row, numbers[row.key], now) for row in part])
        ids = _ids(session, Project, part)
        add_rows(session, History, [_past("project", ids[row.key], now, "", IMPORTED) for row in part])
        for place in places.by_ids(session, project_ids=ids.values()).values():
            schedule.ensure_rule(session, place, now=now)


def _risk(row: RiskRow, number: int, owner: PersonCard, now: datetime) -> dict[str, Any]:
    """Every row has the same columns: they go in one statement."""
    scored = score_values(row.place, row.status, row.probability, row.impact)
    band = Band(matrix_of(row.place).band(row.probability, row.impact))
    waits = row.acknowledged_at is None and row.closed_at is None
    hours = calendars.of_person(owner, now=now)
    same = {"title", "kind", "category", "probability", "impact", "status", "statement", "response_strategy"}
    same |= {"response_plan", "trigger", "target_probability", "target_impact", "proximity_on", "next_review_on"}
    same |= {"raised_at", "acknowledged_at", "closed_at"}
    return {
        "external_id": row.key,
        "number": number,
        "program_id": row.place.program_id,
        "project_id": row.place.id if row.place.kind is PlaceKind.PROJECT else None,
        "owner_id": row.owner.id,
        "accepted_by_id": row.accepted_by.id if row.accepted_by else None,
        "inherent_probability": row.probability,
        "inherent_impact": row.impact,
        "cost_impact": None if row.cost_impact is None else int(row.cost_impact * MINOR_UNITS),
        "acknowledge_by": acknowledge_by(now, band, hours, row.place.rules.risk) if waits else None,
        "status_reason": row.rejected_reason,
        **scored,
        **{name: getattr(row, name) for name in same},
    }


def _project(row: ProjectRow, number: int, now: datetime) -> dict[str, Any]:
    same = ("name", "state", "start_on", "target_on", "critical", "weight")
    return {
        "external_id": row.key,
        "number": number,
        "program_id": row.program.id if row.program else None,
        "owner_id": row.owner.id,
        "backup_id": row.backup.id if row.backup else None,
        "baseline_on": row.target_on,
        "created_at": now,
        **{name: getattr(row, name) for name in same},
    }


def _past_of_risk(risk_id: int, row: RiskRow) -> Iterator[dict[str, Any]]:
    """Who did it is not in the file: the history names nobody."""
    yield _past("risk", risk_id, row.raised_at, "score", {"probability": row.probability, "impact": row.impact})
    if row.acknowledged_at is not None:
        yield _past("risk", risk_id, row.acknowledged_at, "acknowledged_at", row.acknowledged_at.isoformat())
    if row.closed_at is not None:
        yield _past("risk", risk_id, row.closed_at, "status", row.status.value)


def _past(kind: str, record_id: int, at: datetime, field: str, new: object) -> dict[str, Any]:
    return {"kind": kind, "record_id": record_id, "at": at, "actor_id": None, "field": field, "new": new}


def _ids(session: Session, table: type[Risk] | type[Project], rows: Sequence[RiskRow | ProjectRow]) -> dict[str, int]:
    statement = select(table.external_id, table.id).where(table.external_id.in_([row.key for row in rows]))
    return {key: row_id for key, row_id in session.execute(statement) if key is not None}


def _numbers(
    session: Session, table: type[Risk] | type[Project], kind: str, rows: Sequence[RiskRow | ProjectRow]
) -> Mapping[str, int]:
    """The number that the source gave, where it is free, else the next ones.

    The counter is locked before anybody is asked what is free: whoever logs a record meanwhile waits.
    """
    reserve(session, kind, max((row.number or 0 for row in rows), default=0))
    last = session.scalar(select(Counter.n).where(Counter.kind == kind).with_for_update()) or 0
    taken = set(session.scalars(select(table.number)))
    numbers: dict[str, int] = {}
    for row in rows:
        if row.number is not None and row.number not in taken:
            taken.add(row.number)
            numbers[row.key] = row.number
    rest = [row.key for row in rows if row.key not in numbers]
    reserve(session, kind, last + len(rest))
    return numbers | {key: last + n for n, key in enumerate(rest, 1)}


def _parts(rows: Sequence[Item]) -> Iterator[Sequence[Item]]:
    for start in range(0, len(rows), AT_ONCE):
        yield rows[start : start + AT_ONCE]
