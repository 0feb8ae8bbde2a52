"""What rules will open: status requests of projects, rollups of programs. The same rules as those of the clock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.schedule import RequestTimes
from bot.domain.schedule_moves import take
from bot.domain.wall_time import WorkingHours
from bot.services import calendars, places
from bot.services.schedule_plans import cadence_of, ref_of, request_rule
from models.schemas.project import Place, PlaceKind, State
from models.schemas.schedule import RuleKind
from models.tables import Project, ScheduleRule

MOST_PERIODS = 40
"""Of one rule in a fortnight: none recurs as often."""


@dataclass(frozen=True)
class Request:
    """A status request that is still to open."""

    place: Place
    times: RequestTimes
    cadence: str


@dataclass(frozen=True)
class Post:
    """A rollup that is still to be posted."""

    place: Place
    at: datetime
    day: date
    cadence: str


def requests(session: Session, program_ids: Collection[int] | None, *, until: datetime, now: datetime) -> list[Request]:
    """Of the active projects of these programs, or of all; requests that open by then."""
    wanted = select(ScheduleRule).where(
        ScheduleRule.kind == RuleKind.STATUS_REQUEST,
        ScheduleRule.next_due_at.is_not(None),
        ScheduleRule.next_due_at <= until,
    )
    if program_ids is not None:
        wanted = wanted.join(Project, Project.id == ScheduleRule.project_id).where(Project.program_id.in_(program_ids))
    rows = session.scalars(wanted.order_by(ScheduleRule.id)).all()
    found = places.of_rows(session, rows)
    reaches = calendars.reaches(session, {place.owner.id for place in found.values()}, now=now)
    opening = []
    for row in rows:
        place = found[ref_of(row)]
        if place.state is State.ACTIVE and place.owner.id in reaches:
            times = _openings(row, reaches[place.owner.id].hours, until, now)
            opening += [Request(place, each, cadence_words(row)) for each in times]
    return opening


def posts(session: Session, program_ids: Collection[int] | None, *, until: datetime, now: datetime) -> list[Post]:
    """Rollups of these programs, or of all."""
    wanted = select(ScheduleRule).where(
        ScheduleRule.kind == RuleKind.ROLLUP,
        ScheduleRule.program_id.is_not(None),
        ScheduleRule.next_due_at.is_not(None),
        ScheduleRule.next_due_at <= until,
    )
    if program_ids is not None:
        wanted = wanted.where(ScheduleRule.program_id.in_(program_ids))
    rows = session.scalars(wanted.order_by(ScheduleRule.id)).all()
    found = places.of_rows(session, rows)
    return [post for row in rows for post in _rollups(row, found[ref_of(row)], until)]


def cadences(session: Session, project_ids: Collection[int]) -> Mapping[int, str]:
    """In words, of requests that are open."""
    rows = select(ScheduleRule).where(
        or_(ScheduleRule.project_id.in_(project_ids)), ScheduleRule.kind == RuleKind.STATUS_REQUEST
    )
    return {row.project_id: cadence_words(row) for row in session.scalars(rows) if row.project_id is not None}


def cadence_words(row: ScheduleRule) -> str:
    """'weekly', 'every 2 weeks', 'monthly'."""
    one, many = ("monthly", "months") if row.cadence == "monthly" else ("weekly", "weeks")
    return one if row.every == 1 else f"every {row.every} {many}"


def _openings(row: ScheduleRule, hours: WorkingHours, until: datetime, now: datetime) -> Iterator[RequestTimes]:
    """As the clock takes them, each at its instant."""
    rule, day, moment = request_rule(row, hours), row.next_local_date, row.next_due_at
    for _ in range(MOST_PERIODS):
        if moment is None or moment > until:
            return
        taken = take(rule, day, moment, max(moment, now), row.paused_until)
        if taken.window is not None:
            yield rule.times(taken.window, taken.coming.moment)
        day, moment = taken.coming.day, taken.coming.moment


def _rollups(row: ScheduleRule, place: Place, until: datetime) -> Iterator[Post]:
    if place.kind is not PlaceKind.PROGRAM or place.state is not State.ACTIVE:
        return
    opens, day = cadence_of(row), row.next_local_date
    moment = row.next_due_at
    for _ in range(MOST_PERIODS):
        if moment is None or moment > until:
            return
        if day != row.skipped_on:
            yield Post(place, moment, day, cadence_words(row))
        day = opens.after(day)
        moment = opens.on(day)
