"""Status requests: opened, answered in time or late, missed (domain 3.6). Who is asked for them: the desk."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import and_, select, update
from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.domain.rest import rests_from
from bot.services import places, switches, watch
from bot.services.schedule import DueRule
from models.schemas.project import Place, State
from models.schemas.schedule import OPEN_REQUEST, OccurrenceState, RuleKind
from models.tables import Occurrence
from models.tables.unit import add_rows_once, change_rows

WAIVING_STATES = (State.ON_HOLD, State.COMPLETED, State.CANCELLED)

PAUSED = "Its program was paused"


def open_requests(session: Session, rules: Iterable[DueRule], *, now: datetime) -> None:
    """The requests of these rules, once for each local date; who owes them is looked at then."""
    due = list(rules)
    found = places.by_ids(session, project_ids=[row_id(rule.place_ref.partition(":")[2]) or 0 for rule in due])
    sends = switches.of_programs(session, {place.program_id for place in found.values()}, now=now)
    rows = [(rule, found[rule.place_ref]) for rule in due]
    opened = [_opened(rule, place, now, is_paused=sends[place.program_id].is_paused) for rule, place in rows]
    add_rows_once(session, Occurrence, opened)


def _opened(rule: DueRule, place: Place, now: datetime, *, is_paused: bool) -> dict[str, Any]:
    times = rule.times
    assert times is not None
    waived = is_paused or is_waived(place, times.due_at)
    return {
        "rule_id": rule.id,
        "kind": RuleKind.STATUS_REQUEST.value,
        "project_id": place.id,
        "local_date": rule.day,
        "period": times.period,
        "state": (OccurrenceState.WAIVED if waived else OccurrenceState.OPEN).value,
        "person_id": place.owner.id,
        "open_at": times.open_at,
        "remind_at": times.remind_at,
        "due_at": times.due_at,
        "close_at": times.close_at,
        "next_step_at": None if waived else now,
        "waived_reason": PAUSED if is_paused else None,
    }


def is_waived(place: Place, due_at: datetime) -> bool:
    """What falls due while its project rests; what was due before is answered late, or missed."""
    rests = rests_from(place.state, place.on_hold_since, place.completed_on, place.owner.tz)
    return rests is not None and due_at > rests


def take_steps(session: Session, *, now: datetime) -> set[int]:
    """Move on what is due: to overdue, to missed, to a new owner. Returns whom it concerns, now or before."""
    concerned: set[int] = set()
    due = and_(Occurrence.next_step_at <= now, Occurrence.project_id.is_not(None))
    statement = select(Occurrence).where(due).order_by(Occurrence.next_step_at)
    rows = session.scalars(statement.with_for_update(skip_locked=True)).all()
    found = places.by_ids(session, project_ids={row.project_id for row in rows if row.project_id is not None})
    sends = switches.of_programs(session, {place.program_id for place in found.values()}, now=now)
    steps = []
    for row in rows:
        place = found[f"project:{row.project_id}"]
        concerned |= {row.person_id or place.owner.id, place.owner.id}
        steps.append({"key": row.id, **_step(row, place, now, is_paused=sends[place.program_id].is_paused)})
    change_rows(session, Occurrence, steps)
    return concerned


def answer(session: Session, place: Place, update_id: int, *, now: datetime) -> list[int]:
    """A posted status answers the open request of its project. Returns the ids of those that it answers."""
    current = (Occurrence.project_id == place.id, Occurrence.state.in_(OPEN_REQUEST), Occurrence.close_at > now)
    watch.look_at_record(session, "project", place.id, now=now)
    answered = []
    for row in session.scalars(select(Occurrence).where(*current).with_for_update()).all():
        in_time = row.due_at is None or now <= row.due_at
        state = OccurrenceState.SUBMITTED if in_time else OccurrenceState.SUBMITTED_LATE
        session.execute(
            update(Occurrence)
            .where(Occurrence.id == row.id)
            .values(state=state.value, update_id=update_id, next_step_at=None)
        )
        answered.append(row.id)
    return answered


def _step(row: Occurrence, place: Place, now: datetime, *, is_paused: bool) -> dict[str, Any]:
    """What becomes of a request now. After downtime it may pass several steps at once.

    What falls due while its program is paused is waived: nobody is reminded of it.
    """
    assert row.due_at is not None and row.close_at is not None
    is_late = row.state == OccurrenceState.OVERDUE
    waived = is_waived(place, row.due_at) or (is_paused and not is_late and now >= row.due_at)
    if waived or now >= row.close_at:
        over = OccurrenceState.WAIVED if waived else OccurrenceState.MISSED
        return {"person_id": row.person_id, "state": over.value, "next_step_at": None}
    state = OccurrenceState.OVERDUE if now >= row.due_at else OccurrenceState.OPEN
    following = min(moment for moment in (row.due_at, row.close_at) if moment > now)
    return {"person_id": place.owner.id, "state": state.value, "next_step_at": following}
