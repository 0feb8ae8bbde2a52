"""Days that decisions wait for: a deferred one comes back. In each program's own zone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.wall_time import instant
from models.schemas.decision import DecisionStatus
from models.tables import Decision, Program, Workspace

MORNING = time(9)
"""Local, on the day."""
MOST = 100
"""Steps that are looked at in one go, the earliest first."""


@dataclass(frozen=True)
class Waiting:
    """A decision whose day comes at `at`."""

    workspace_id: int
    decision_id: int
    at: datetime


def waiting(session: Session, *, serves: Collection[int], now: datetime) -> list[Waiting]:
    """The next days of these workspaces, the earliest first; those that have come among them. Across workspaces."""
    deferred = Decision.status == DecisionStatus.DEFERRED
    found = _days(session, Decision.due_on, deferred, serves=serves)
    return sorted(found, key=lambda step: (step.at, step.decision_id))


def next_day(session: Session, *, serves: Collection[int], now: datetime) -> datetime | None:
    return next((step.at for step in waiting(session, serves=serves, now=now)), None)


def _days(
    session: Session,
    day: InstrumentedAttribute[date | None],
    condition: ColumnElement[bool],
    *,
    serves: Collection[int],
) -> list[Waiting]:
    zone = func.coalesce(Program.tz, Workspace.default_tz)
    statement = (
        select(Decision.workspace_id, Decision.id, day, zone)
        .join(Workspace, Workspace.id == Decision.workspace_id)
        .outerjoin(Program, and_(Program.workspace_id == Decision.workspace_id, Program.id == Decision.program_id))
        .where(Decision.workspace_id.in_(serves), condition, day.is_not(None))
        .order_by(day, Decision.id)
        .limit(MOST)
    )
    return [
        Waiting(workspace_id, decision_id, instant(on, MORNING, tz))
        for workspace_id, decision_id, on, tz in session.execute(statement)
        if on is not None
    ]
