"""How well asking works in a program, from what was asked, the requests for status, and what escalated."""

from collections import Counter
from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from bot.domain.answering import Asked, by_kind
from bot.domain.policy import Standing
from bot.domain.reach import Reach
from bot.domain.wall_time import instant, local_date, parse_time
from bot.services import calendars, parameters, places, switches
from bot.services.due import NOW, due_among
from models.schemas.escalation import EscalationState, Level
from models.schemas.home import AskKind
from models.schemas.project import Place, State
from models.schemas.schedule import OccurrenceState, RuleKind
from models.schemas.well import EscalationFigures, HowWell, IgnoredPlace, OnTime
from models.tables import Ask, Escalation, Occurrence, Program

DAYS = 28
"""Four whole weeks, whatever the cadence."""
MOST_IGNORED = 5
REQUIRED = (
    OccurrenceState.SUBMITTED,
    OccurrenceState.SUBMITTED_LATE,
    OccurrenceState.MISSED,
    OccurrenceState.OVERDUE,
)
FAR = timedelta(days=35)
_PROGRAM = Program.__table__
_NEW = and_(_PROGRAM.c.next_review_at.is_(None), _PROGRAM.c.state == State.ACTIVE)
"""A program that came since: it is not planned yet."""
workspaces_due = due_among((_PROGRAM, _PROGRAM.c.next_review_at <= NOW), (_PROGRAM, _NEW))


def last_weeks(session: Session, program: Place, by: Standing, *, now: datetime) -> HowWell:
    """For those who run the program. Raises NotFound or Refused for others."""
    switches.require_may_switch(session, program, by)
    today = local_date(now, program.tz)
    return of_days(session, program, today - timedelta(days=DAYS), today, now=now)


def of_month(session: Session, program: Place, *, now: datetime) -> HowWell:
    """The whole month before this one."""
    last = local_date(now, program.tz).replace(day=1) - timedelta(days=1)
    found = of_days(session, program, last.replace(day=1), last, now=now)
    return found.model_copy(update={"is_month": True})


def of_days(session: Session, program: Place, since: date, until: date, *, now: datetime) -> HowWell:
    """Both days included, on the program's dates. Six statements, whatever was asked."""
    start, end = instant(since, time(), program.tz), instant(until + timedelta(days=1), time(), program.tz)
    sent = (Ask.program_id == program.id, Ask.first_asked_at >= start, Ask.first_asked_at < end)
    rows = session.scalars(select(Ask).where(*sent).order_by(Ask.id)).all()
    reaches = calendars.reaches(session, {row.asked_id for row in rows}, now=now)
    asks = [_asked(row, reaches) for row in rows]
    names = {place.id: place.name for place in places.projects_of_program(session, program.id)}
    return HowWell(
        program=program,
        since=since,
        until=until,
        kinds=by_kind(asks),
        on_time=_on_time(session, names, start, end),
        ignored=_ignored(rows, asks, names, program),
        escalations=_escalations(session, program.id, start, end),
    )


def next_review(session: Session, *, serves: Collection[int], now: datetime | None = None) -> datetime | None:
    return session.scalar(select(func.min(Program.next_review_at)).where(Program.workspace_id.in_(serves)))


def plan_missing(session: Session, *, now: datetime) -> None:
    """Their managers hear of this month once it is over."""
    new = session.scalars(select(Program.id).where(_NEW))
    for program in places.by_ids(session, program_ids=list(new)).values():
        _plan(session, program, _next_month(local_date(now, program.tz)), now=now)


def take_due(session: Session, *, now: datetime) -> list[Place]:
    """Programs whose managers hear how last month went, now in their hours; each is planned anew."""
    due = select(Program.id).where(Program.next_review_at <= now).order_by(Program.id).limit(100)
    ids = session.scalars(due.with_for_update(skip_locked=True)).all()
    ready = []
    for program in places.by_ids(session, program_ids=list(ids)).values():
        reach = calendars.reaches(session, [program.owner.id], now=now)[program.owner.id]
        allowed = _allowed(reach, now)
        if allowed is not None and allowed > now:
            _set(session, program, allowed)
            continue
        _plan(session, program, _next_month(local_date(now, program.tz)), now=now)
        if program.state is State.ACTIVE and allowed is not None:
            ready.append(program)
    return ready


def planned(session: Session, program_ids: Collection[int] | None, *, until: datetime) -> dict[int, datetime]:
    """When the managers of these programs, or of all, hear of it, by then."""
    wanted = select(Program.id, Program.next_review_at).where(
        Program.next_review_at <= until, Program.state == State.ACTIVE
    )
    if program_ids is not None:
        wanted = wanted.where(Program.id.in_(list(program_ids)))
    return {row.id: row.next_review_at for row in session.execute(wanted)}


def month_before(at: datetime) -> date:
    """The first day of the month that is told of then."""
    return (at.date().replace(day=1) - timedelta(days=1)).replace(day=1)


def asked_in(session: Session, months: Mapping[int, date], *, now: datetime) -> set[int]:
    """Programs of whose month there is something to tell; of one that still runs there may be."""
    running = {program for program, month in months.items() if _next_month(month) > now.date()}
    start = min(months.values(), default=now.date())
    rows = select(Ask.program_id, Ask.first_asked_at).where(
        Ask.program_id.in_(list(months)), Ask.first_asked_at >= datetime.combine(start, time(), UTC)
    )
    asked = {
        row.program_id
        for row in session.execute(rows)
        if row.program_id is not None and row.first_asked_at.date() < _next_month(months[row.program_id])
    }
    return running | asked


def _plan(session: Session, program: Place, month: date, *, now: datetime) -> None:
    """The manager's first working day of that month, at the hour of their daily message."""
    reach = calendars.reaches(session, [program.owner.id], now=now)[program.owner.id]
    hour = reach.opens_at or parse_time(parameters.of_program(session, program.id).nudge.opens_at)
    day = reach.hours.on_or_after(month)
    at = _allowed(reach, instant(day, hour, reach.hours.zone))
    _set(session, program, at or now + FAR)


def _set(session: Session, program: Place, at: datetime) -> None:
    session.execute(
        update(Program).where(Program.id == program.id).values(next_review_at=at),
        execution_options={"synchronize_session": False},
    )


def _allowed(reach: Reach, moment: datetime) -> datetime | None:
    try:
        return reach.next_instant(moment)
    except ValueError:  # away for a year
        return None


def _next_month(day: date) -> date:
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1)


def _asked(row: Ask, reaches: dict[int, Reach]) -> Asked:
    hours = reaches[row.asked_id].hours
    answered_at = row.answered_at if row.state == "answered" else None
    return Asked(AskKind(row.kind), row.first_asked_at, answered_at, row.nudge, hours)


def _on_time(session: Session, names: dict[int, str], start: datetime, end: datetime) -> list[OnTime]:
    """In time / (in time + late + missed + overdue): neither what was waived nor what is open (domain 4.1)."""
    counted = (
        select(Occurrence.project_id, Occurrence.state, func.count())
        .where(
            Occurrence.kind == RuleKind.STATUS_REQUEST,
            Occurrence.project_id.in_(list(names)),
            Occurrence.state.in_(REQUIRED),
            Occurrence.due_at >= start,
            Occurrence.due_at < end,
        )
        .group_by(Occurrence.project_id, Occurrence.state)
    )
    required, in_time = Counter[int](), Counter[int]()
    for project, state, number in session.execute(counted):
        assert project is not None
        required[project] += number
        in_time[project] += number if state == OccurrenceState.SUBMITTED else 0
    rates = [OnTime(project=names[each], in_time=in_time[each], required=required[each]) for each in required]
    return sorted(rates, key=lambda rate: (rate.in_time / rate.required, -rate.required, rate.project))


def _ignored(
    rows: Collection[Ask], asks: Collection[Asked], names: dict[int, str], program: Place
) -> list[IgnoredPlace]:
    """By project and kind, the worst first: a place, never a person."""
    sent, ignored = Counter[tuple[str, AskKind]](), Counter[tuple[str, AskKind]]()
    for row, ask in zip(rows, asks, strict=True):
        place = names.get(row.project_id or 0, program.name)
        sent[place, ask.kind] += 1
        ignored[place, ask.kind] += ask.is_ignored
    found = [
        IgnoredPlace(place=place, kind=kind, ignored=number, sent=sent[place, kind])
        for (place, kind), number in ignored.items()
        if number
    ]
    return sorted(found, key=lambda each: (-each.ignored, each.sent, each.place, each.kind))[:MOST_IGNORED]


def _escalations(session: Session, program_id: int, start: datetime, end: datetime) -> EscalationFigures:
    opened = select(Escalation.level, Escalation.state).where(
        Escalation.program_id == program_id,
        Escalation.opened_at >= start,
        Escalation.opened_at < end,
        Escalation.state != EscalationState.PENDING,
        Escalation.level > Level.OWNER,
    )
    rows = session.execute(opened).all()
    return EscalationFigures(
        opened=len(rows),
        at_sponsor=sum(row.level == Level.SPONSOR for row in rows),
        resolved=sum(row.state == EscalationState.RESOLVED for row in rows),
    )
