"""Days that decisions wait for: a deferred one comes back, and an outcome is looked at. In each program's own zone."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.wall_time import instant
from bot.services.history import record_change
from models.schemas.decision import DecisionStatus
from models.tables import Decision, History, Program, Workspace

MORNING = time(9)
"""Local, on the day."""
STILL_NEWS = timedelta(days=7)
"""An outcome whose day is longer past is not asked for by itself: an import brings old ones."""
ASKED = "outcome_asked"
MOST = 100
"""Steps that are looked at in one go, the earliest first."""


@dataclass(frozen=True)
class Waiting:
    """A decision whose day comes at `at`."""

    workspace_id: int
    decision_id: int
    is_deferred: bool
    at: datetime


def waiting(session: Session, *, serves: Collection[int], now: datetime) -> list[Waiting]:
    """The next days of these workspaces, the earliest first; those that have come among them. Across workspaces."""
    asked = exists().where(
        History.workspace_id == Decision.workspace_id,
        History.kind == "decision",
        History.record_id == Decision.id,
        History.field == ASKED,
    )
    outcome = and_(
        Decision.status == DecisionStatus.ACCEPTED,
        Decision.outcome_grade.is_(None),
        Decision.outcome_review_on >= (now - STILL_NEWS).date(),
        ~asked,
    )
    deferred = Decision.status == DecisionStatus.DEFERRED
    found = [
        *_days(session, Decision.due_on, deferred, serves=serves, is_deferred=True),
        *_days(session, Decision.outcome_review_on, outcome, serves=serves, is_deferred=False),
    ]
    return sorted(found, key=lambda step: (step.at, step.decision_id))


def next_day(session: Session, *, serves: Collection[int], now: datetime) -> datetime | None:
    return next((step.at for step in waiting(session, serves=serves, now=now)), None)


def note_asked(session: Session, decision_id: int, *, now: datetime) -> None:
    """It is not asked for again, whatever becomes of the message."""
    record_change(session, "decision", decision_id, at=now, actor_id=None, field=ASKED, new=True)


def _days(
    session: Session,
    day: InstrumentedAttribute[date | None],
    condition: ColumnElement[bool],
    *,
    serves: Collection[int],
    is_deferred: bool,
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
        Waiting(workspace_id, decision_id, is_deferred, instant(on, MORNING, tz))
        for workspace_id, decision_id, on, tz in session.execute(statement)
        if on is not None
    ]
