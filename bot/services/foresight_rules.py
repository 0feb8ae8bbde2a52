"""What rules will open: status requests of projects, rollups of programs. The same rules as those of the clock."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, union
from sqlalchemy.orm import Session

from bot.domain.schedule import RequestTimes
from bot.domain.schedule_moves import take
from bot.domain.wall_time import WorkingHours
from bot.services import calendars, places
from bot.services.schedule_plans import cadence_of, ref_of, request_rule
from models.schemas.project import Place, State
from models.schemas.schedule import RuleKind
from models.tables import Decision, Project, Risk, ScheduleRule

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
    """A rollup that is still to be posted. Without a place it is the one of all programs."""

    place: Place | None
    channel: str | None
    zone: str
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
    """Rollups of these programs; or of all, and of all of them together. Of which nothing is known, none is posted."""
    wanted = select(ScheduleRule).where(ScheduleRule.next_due_at <= until)
    if program_ids is not None:
        wanted = wanted.where(ScheduleRule.kind == RuleKind.ROLLUP, ScheduleRule.program_id.in_(program_ids))
    else:
        wanted = wanted.where(ScheduleRule.kind.in_((RuleKind.ROLLUP, RuleKind.PORTFOLIO)))
    rows = session.scalars(wanted.order_by(ScheduleRule.id)).all()
    of_program = [row for row in rows if row.program_id is not None]
    found, known = places.of_rows(session, of_program), _known(session, {row.program_id for row in of_program})
    return [
        post
        for row in rows
        for post in _rollups(row, found.get(ref_of(row)) if row.program_id is not None else None, until)
        if row.program_id is None or row.program_id in known
    ]


def _known(session: Session, program_ids: Collection[int | None]) -> set[int | None]:
    """Programs of which a rollup has something to say."""
    tables: tuple[Any, ...] = (Project, Risk, Decision)
    ids = [program for program in program_ids if program is not None]
    of_each = (select(table.program_id).where(table.program_id.in_(ids)) for table in tables)
    return set(session.scalars(union(*of_each))) if ids else set()


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


def _rollups(row: ScheduleRule, place: Place | None, until: datetime) -> Iterator[Post]:
    if place is not None and place.state is not State.ACTIVE:
        return
    opens, day = cadence_of(row), row.next_local_date
    moment, channel = row.next_due_at, place.channel if place else row.channel
    for _ in range(MOST_PERIODS):
        if moment is None or moment > until:
            return
        if day != row.skipped_on:
            yield Post(place, channel, row.tz, moment, day, cadence_words(row))
        day = opens.after(day)
        moment = opens.on(day)
