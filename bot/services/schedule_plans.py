"""How the rules of places are to be made: what is known of them, and what follows from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from bot.domain.schedule import REMIND_BEFORE_DUE, Cadence, RequestRule, moved_due
from bot.domain.schedule_moves import Before, Coming, next_request, next_rollup
from bot.domain.wall_time import WorkingHours, local_date, parse_time
from bot.services import calendars, parameters
from models.schemas.parameters import Parameters
from models.schemas.project import Place, PlaceKind, State
from models.schemas.schedule import OPEN_REQUEST, RuleKind
from models.tables import Occurrence, ScheduleRule

DUE = (5, "16:00")


@dataclass(frozen=True)
class Known:
    """What is known of the rules of some places, read for all of them at once."""

    rules: Mapping[str, ScheduleRule]
    hours: Mapping[int, WorkingHours]
    """Of owners: their own calendar."""
    parameters: Mapping[int | None, Parameters]
    last: Mapping[int, date]
    """The last date that each rule opened, before any move."""
    open: Mapping[int, Occurrence]
    """The request of each rule that waits for its answer."""


@dataclass(frozen=True)
class Plan:
    """What becomes of a place's rule."""

    row: ScheduleRule | None
    """As it is; None for a new one."""
    values: dict[str, Any]
    coming: Coming
    moment: datetime | None
    """None while nothing is asked."""
    waiting: dict[str, Any] | None
    """What changes of the request that is open."""


def cadence_of(row: ScheduleRule) -> Cadence:
    return Cadence(row.weekday, parse_time(row.local_time), row.tz, row.every, row.cadence == "monthly")


def request_rule(row: ScheduleRule, hours: WorkingHours) -> RequestRule:
    due_at = parse_time(row.due_local_time or DUE[1])
    return RequestRule(cadence_of(row), row.due_weekday or DUE[0], due_at, hours)


def known_of(session: Session, of: Sequence[Place], now: datetime) -> Known:
    projects = [place for place in of if place.kind is PlaceKind.PROJECT]
    statement = select(ScheduleRule).where(
        or_(
            ScheduleRule.project_id.in_([place.id for place in projects]),
            ScheduleRule.program_id.in_([place.id for place in of if place.kind is PlaceKind.PROGRAM]),
        )
    )
    rules = {ref_of(row): row for row in session.scalars(statement, execution_options={"populate_existing": True})}
    ids = [row.id for row in rules.values()]
    last = select(Occurrence.rule_id, func.max(Occurrence.local_date)).where(Occurrence.rule_id.in_(ids))
    waiting = select(Occurrence).where(Occurrence.rule_id.in_(ids), Occurrence.state.in_(OPEN_REQUEST))
    return Known(
        rules=rules,
        hours={place.owner.id: calendars.of_person(place.owner, now=now) for place in projects},
        parameters=parameters.of_programs(session, {place.program_id for place in of}),
        last=dict(session.execute(last.group_by(Occurrence.rule_id)).all()) if ids else {},
        open={row.rule_id: row for row in session.scalars(waiting.with_for_update())} if ids else {},
    )


def ref_of(row: ScheduleRule) -> str:
    return f"project:{row.project_id}" if row.project_id is not None else f"program:{row.program_id}"


def plan_of(place: Place, known: Known, now: datetime) -> Plan:
    row, values = known.rules.get(place.ref), _values(place, known)
    rule = ScheduleRule(**values)
    waiting = known.open.get(row.id) if row else None
    due_at = _due_at(waiting, place, row, rule, known, now) if row and waiting else None
    coming = _coming(place, rule, row, known, due_at, now)
    moment = coming.moment if place.state is State.ACTIVE else None
    values |= {"next_local_date": coming.day, "next_due_at": moment}
    close_at = None if row is not None and _is_paused(row, now) else moment
    return Plan(row, values, coming, moment, _followed(waiting, due_at, close_at, now) if waiting else None)


def _is_paused(row: ScheduleRule, now: datetime) -> bool:
    """What is overdue ends in its own time: the next opening lies behind the pause."""
    return row.paused_until is not None and local_date(now, row.tz) < row.paused_until


def _coming(
    place: Place, rule: ScheduleRule, row: ScheduleRule | None, known: Known, due_at: datetime | None, now: datetime
) -> Coming:
    before = None
    if row is not None:
        last = known.last.get(row.id)
        before = Before(cadence_of(row), row.next_local_date, row.next_due_at is not None, last, due_at)
    if place.kind is PlaceKind.PROGRAM:
        return next_rollup(cadence_of(rule), before, now)
    asked = request_rule(rule, known.hours[place.owner.id])
    return next_request(asked, before, now, row.paused_until if row else None)


def _due_at(
    waiting: Occurrence, place: Place, row: ScheduleRule, rule: ScheduleRule, known: Known, now: datetime
) -> datetime | None:
    """A request that runs keeps its rule, but it is due in its owner's time: it moves with them, or to another one."""
    if waiting.due_at is None or (row.tz == rule.tz and waiting.person_id == place.owner.id):
        return waiting.due_at
    return moved_due(waiting.due_at, request_rule(rule, known.hours[place.owner.id]), row.tz, now)


def _followed(waiting: Occurrence, due_at: datetime | None, close_at: datetime | None, now: datetime) -> dict[str, Any]:
    """It closes when the next one opens, and the next tick looks at it again: whose it is, and when."""
    moved = due_at is not None and due_at != waiting.due_at
    return {
        "key": waiting.id,
        "due_at": due_at,
        "remind_at": due_at - REMIND_BEFORE_DUE if due_at and moved else waiting.remind_at,
        "close_at": close_at or waiting.close_at,
        "next_step_at": now,
    }


def _values(place: Place, known: Known) -> dict[str, Any]:
    """How the place's rule is made now; what a person set for it alone, as a pause, stays."""
    rules = known.parameters[place.program_id]
    if place.kind is PlaceKind.PROGRAM:
        return {
            "kind": RuleKind.ROLLUP.value,
            "project_id": None,
            "program_id": place.id,
            "cadence": "weekly",
            "every": 1,
            "weekday": rules.rollup.weekday,
            "local_time": rules.rollup.local_time,
            "due_weekday": None,
            "due_local_time": None,
            "tz": place.tz,
        }
    return {
        "kind": RuleKind.STATUS_REQUEST.value,
        "project_id": place.id,
        "program_id": None,
        "cadence": rules.status.cadence,
        "every": rules.status.every,
        "weekday": rules.status.open_weekday,
        "local_time": rules.status.open_local_time,
        "due_weekday": rules.status.due_weekday,
        "due_local_time": rules.status.due_local_time,
        "tz": known.hours[place.owner.id].zone,
    }
