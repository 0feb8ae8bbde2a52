"""A project rests: its asks pause until a day, its state changes, or one request is waived (domain 3.6)."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.domain.rest import NEXT_STATES, needs_reason
from bot.domain.wall_time import local_date
from bot.errors import NotPossible, UserError
from bot.services import calendars, desk, places, register, schedule, slips
from bot.services.history import record_change
from bot.services.schedule_plans import request_rule
from models.schemas.people import PersonCard
from models.schemas.project import Place, State
from models.schemas.register import REASON_WORDS
from models.schemas.rest import STATE_WORDS, Rest, RestAct, StateDraft
from models.schemas.roles import Role
from models.schemas.schedule import OPEN_REQUEST, OccurrenceState
from models.tables import Occurrence, Project, ScheduleRule
from models.tables.unit import add_row_once

VERBS = {
    "project.pause": "pause the asks of",
    "project.resume": "resume the asks of",
    "project.waive": "waive a request of",
    "project.state": "change the state of",
    "project.end": "cancel or reopen",
}
TO_STATE = {
    State.ACTIVE: "made active",
    State.ON_HOLD: "put on hold",
    State.COMPLETED: "completed",
    State.CANCELLED: "cancelled",
}
ENDED = (State.COMPLETED, State.CANCELLED)
IS = {State.PROPOSED: "proposed", State.ACTIVE: "active", State.ON_HOLD: "on hold", State.COMPLETED: "complete"}


@dataclass(frozen=True)
class _Of:
    """A project, as the register asks about records."""

    id: int
    ref: str
    place: Place
    status: str = ""
    link: str | None = None
    holders: dict[Role, list[PersonCard]] = field(default_factory=dict)


def may(place: Place, by: Standing, permission: str) -> bool:
    return bool(policy.roles(by, place) & policy.allowed(permission))


def require(session: Session, place: Place, by: Standing, permission: str) -> None:
    """Raises NotFound and Refused; both are kept with the project."""
    held, action = policy.roles(by, place), permission.partition(".")[2]
    of = _Of(place.id, place.name, place)
    register.require_sight("project", of, held, "this project", action=action)
    register.require(session, "project", of, held, policy.allowed(permission), action=action, verb=VERBS[permission])


def is_paused(session: Session, place: Place, now: datetime) -> date | None:
    """Until when nobody is asked for its status."""
    rule = _rule(session, place)
    until = rule.paused_until if rule else None
    return until if rule and until and local_date(now, rule.tz) < until else None


def pause(session: Session, place: Place, by: Standing, *, until: date, reason: str, now: datetime) -> Rest:
    """What waits and is not due yet is waived; nothing opens before `until`."""
    require(session, place, by, "project.pause")
    rule = _active_rule(session, place)
    _note(session, place, by, "asks_paused_until", rule.paused_until, until, reason, now)
    for row in _waiting(session, rule):
        if row.due_at is not None and row.due_at > now:
            _waive(session, row, f"Paused: {reason}")
    moment = _begin_anew(session, place, rule, until, now)
    return Rest(act=RestAct.PAUSED, place=place, by=by.person, reason=reason, until=until, next_ask_at=moment)


def resume(session: Session, place: Place, by: Standing, *, now: datetime) -> Rest:
    """It is asked from the next date on: what opened meanwhile is not made up for."""
    require(session, place, by, "project.resume")
    rule = _active_rule(session, place)
    if is_paused(session, place, now) is None:
        raise UserError(f"{place.name} is not paused. Nothing was changed.")
    _note(session, place, by, "asks_paused_until", rule.paused_until, None, None, now)
    moment = _begin_anew(session, place, rule, None, now)
    return Rest(act=RestAct.RESUMED, place=place, by=by.person, next_ask_at=moment)


def waive(session: Session, place: Place, by: Standing, *, reason: str, now: datetime) -> Rest:
    """The request that waits and is not due yet, else the next one: nobody is asked for it, and it counts nowhere."""
    require(session, place, by, "project.waive")
    rule = _active_rule(session, place)
    waiting = next((row for row in _waiting(session, rule) if row.due_at is not None and row.due_at > now), None)
    period = waiting.period if waiting is not None else _waive_next(session, place, rule, reason, now)
    if waiting is not None:
        _waive(session, waiting, reason)
    _note(session, place, by, "request", period, OccurrenceState.WAIVED.value, reason, now)
    desk.look_soon(session, [place.owner.id], at=now)
    rule = _active_rule(session, place)
    return Rest(
        act=RestAct.WAIVED,
        place=place,
        by=by.person,
        reason=reason,
        period=period,
        next_ask_at=rule.next_due_at,
    )


def change_state(session: Session, place: Place, draft: StateDraft, by: Standing, *, now: datetime) -> Rest:
    """Its owner holds and completes a project; the program's manager ends it early, or takes an end back."""
    ends = draft.state is State.CANCELLED or (place.state in ENDED and draft.state is State.ACTIVE)
    require(session, place, by, "project.end" if ends else "project.state")
    row = slips.lock(session, place.id)
    was = State(row.state)
    _require_possible(place, was, draft)
    values = _state_values(draft, local_date(now, place.owner.tz))
    for name, value in values.items():
        if getattr(row, name) != value:
            said = draft.reason if name == "state" else None
            _note(session, place, by, name, getattr(row, name), value, said, now)
    session.execute(update(Project).where(Project.id == place.id).values(**values))
    session.expire_all()
    fresh = places.get(session, place.ref)
    moment = schedule.ensure_rule(session, fresh, now=now)
    desk.look_soon(session, [fresh.owner.id], at=now)
    return Rest(
        act=RestAct.STATE,
        place=fresh,
        by=by.person,
        reason=draft.reason,
        until=draft.review_on if draft.state is State.ON_HOLD else None,
        was=was,
        next_ask_at=moment,
    )


def _require_possible(place: Place, was: State, draft: StateDraft) -> None:
    """Raises NotPossible and UserError; what a state needs is said at its field."""
    if draft.state is was or draft.state not in NEXT_STATES[was]:
        legal = [TO_STATE[state] for state in State if state in NEXT_STATES[was]]
        raise NotPossible(place.name, IS.get(was, STATE_WORDS[was].lower()), legal=legal)
    if draft.reason is None and needs_reason(was, draft.state):
        raise UserError(REASON_WORDS, field="reason")
    if draft.state is State.ON_HOLD and draft.review_on is None:
        raise UserError("Choose the day on which somebody looks at it again.", field="review_on")


def _state_values(draft: StateDraft, today: date) -> dict[str, Any]:
    on_hold, completed = draft.state is State.ON_HOLD, draft.state is State.COMPLETED
    return {
        "state": draft.state.value,
        "on_hold_since": today if on_hold else None,
        "hold_reason": draft.reason if on_hold else None,
        "hold_review_on": draft.review_on if on_hold else None,
        "completed_on": today if completed else None,
    }


def _rule(session: Session, place: Place) -> ScheduleRule | None:
    statement = select(ScheduleRule).where(ScheduleRule.project_id == place.id).with_for_update()
    return session.scalar(statement, execution_options={"populate_existing": True})


def _active_rule(session: Session, place: Place) -> ScheduleRule:
    rule = _rule(session, place)
    if rule is None or place.state is not State.ACTIVE:
        state = STATE_WORDS[place.state].lower()
        raise UserError(f"{place.name} is {state}: nobody is asked for its status. Nothing was changed.")
    return rule


def _waiting(session: Session, rule: ScheduleRule) -> list[Occurrence]:
    statement = select(Occurrence).where(Occurrence.rule_id == rule.id, Occurrence.state.in_(OPEN_REQUEST))
    return list(session.scalars(statement.with_for_update()))


def _waive(session: Session, row: Occurrence, reason: str) -> None:
    values = {"state": OccurrenceState.WAIVED.value, "waived_reason": reason, "next_step_at": None}
    session.execute(update(Occurrence).where(Occurrence.id == row.id).values(**values))


def _waive_next(session: Session, place: Place, rule: ScheduleRule, reason: str, now: datetime) -> str:
    """It stands as waived before it opens, and its rule moves on."""
    hours = calendars.reach_of(session, place.owner, now=now).hours
    asked = request_rule(rule, hours)
    window, _ = asked.coming(rule.next_local_date, not_before=rule.paused_until)
    following, _ = asked.coming(asked.opens.after(window.day), not_before=rule.paused_until)
    add_row_once(
        session,
        Occurrence,
        rule_id=rule.id,
        kind=rule.kind,
        project_id=place.id,
        local_date=window.day,
        period=window.period,
        state=OccurrenceState.WAIVED.value,
        person_id=place.owner.id,
        open_at=window.open_at,
        due_at=window.due_at,
        close_at=following.open_at,
        waived_reason=reason,
    )
    values = {"next_local_date": following.day, "next_due_at": following.open_at}
    session.execute(update(ScheduleRule).where(ScheduleRule.id == rule.id).values(**values))
    return window.period


def _begin_anew(
    session: Session, place: Place, rule: ScheduleRule, until: date | None, now: datetime
) -> datetime | None:
    values = {"paused_until": until, "next_due_at": None}
    session.execute(update(ScheduleRule).where(ScheduleRule.id == rule.id).values(**values))
    desk.look_soon(session, [place.owner.id], at=now)
    return schedule.ensure_rule(session, place, now=now)


def _note(
    session: Session,
    place: Place,
    by: Standing,
    field: str,
    old: object,
    new: object,
    reason: str | None,
    now: datetime,
) -> None:
    actor = by.person.id
    record_change(session, "project", place.id, at=now, actor_id=actor, field=field, old=old, new=new, reason=reason)
