"""What a report tells of status requests: when each was due, and what became of it (domain 4.1)."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.numbers import half_up
from bot.domain.schedule import Cadence, RequestRule
from bot.domain.status_requests import Posted, Record, Request, record
from bot.domain.wall_time import parse_time
from bot.services import calendars
from bot.services.health_known import Standing
from bot.services.report_known import AtInstant
from models.schemas.parameters import StatusRules
from models.schemas.project import State
from models.schemas.report_clock import NOT_COMPARABLE, OverdueUpdate, StatusFigures
from models.schemas.schedule import OccurrenceState, RuleKind
from models.schemas.status import Health
from models.tables import Occurrence, Project, StatusUpdate

SHARE, HOURS, DAYS = 4, 2, 2
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True)
class Reported:
    """What was posted by the instant of the report, by project."""

    posted: Mapping[int, Sequence[Posted]]

    def last(self, project_id: int, moment: datetime) -> Health | None:
        known = [update for update in self.posted.get(project_id, ()) if update.at <= moment]
        return known[-1].health if known else None

    def count(self, since: datetime) -> int:
        return sum(update.at > since for updates in self.posted.values() for update in updates)


def reported(session: Session, now: datetime) -> Reported:
    statement = (
        select(StatusUpdate.project_id, StatusUpdate.posted_at, StatusUpdate.health)
        .where(StatusUpdate.project_id.is_not(None), StatusUpdate.posted_at <= now)
        .order_by(StatusUpdate.posted_at, StatusUpdate.id)
    )
    found: dict[int, list[Posted]] = defaultdict(list)
    for project_id, posted_at, health in session.execute(statement):
        if project_id is not None:
            found[project_id].append(Posted(posted_at, Health(health)))
    return Reported(found)


def records(session: Session, of: AtInstant, said: Reported) -> dict[int, Record]:
    """By project: its requests from the first one on."""
    asked = _asked(session, of.now)
    return {
        id: record(
            _requests(of, id, asked.get(id, {})), said.posted.get(id, ()), of.now, of.known.projects[id].paused_from
        )
        for id in of.project_names
    }


def status_figures(of: AtInstant, record: Record, standing: Standing) -> StatusFigures:
    project = standing.project
    age = of.now - project.posted_at if project.posted_at else None
    rate = record.on_time_rate
    trend = record.trend
    return StatusFigures(
        state=project.state,
        reported=project.reported,
        last_posted_at=project.posted_at,
        age_days=None if age is None else half_up(_in(age, DAY), DAYS),
        freshness=standing.freshness,
        effective=state_or(standing.effective, project.state),
        updates_in_current_health=record.updates_in_current_health,
        trend=NOT_COMPARABLE if trend is None else trend,
        required=len(record.required),
        on_time=record.count(OccurrenceState.SUBMITTED),
        late=record.count(OccurrenceState.SUBMITTED_LATE),
        missed=record.count(OccurrenceState.MISSED),
        overdue=record.count(OccurrenceState.OVERDUE),
        on_time_rate=None if rate is None else half_up(rate, SHARE),
        consecutive_missing=len(record.missing_run),
        second_missing_due=record.second_missing_due,
    )


def overdue_updates(of: AtInstant, known: Mapping[int, Record]) -> Iterator[OverdueUpdate]:
    for name, project in of.projects:
        for answer in known[project.id].answers:
            if answer.state is OccurrenceState.OVERDUE:
                due_at = answer.request.due_at
                yield OverdueUpdate(
                    project=name,
                    owner=of.handle(project.owner_id),
                    period=answer.request.period,
                    due_at=due_at,
                    overdue_hours=half_up(_in(of.now - due_at, HOUR), HOURS),
                )


def state_or(health: Health, state: State) -> str:
    """A project that is not active has its state as its health."""
    return health if state is State.ACTIVE else state


def request_rule(of: AtInstant, project: Project) -> RequestRule:
    """By its owner's calendar, and by the rules of its program."""
    rules = of.known.program_of(project.id).rules.status
    hours = calendars.of_person(of.people[project.owner_id], now=of.now)
    return RequestRule(_cadence(rules, hours.zone), rules.due_weekday, parse_time(rules.due_local_time), hours)


def _cadence(rules: StatusRules, zone: str) -> Cadence:
    at = parse_time(rules.open_local_time)
    return Cadence(rules.open_weekday, at, zone, rules.every, rules.cadence == "monthly")


def _requests(of: AtInstant, project_id: int, asked: Mapping[str, Request]) -> Iterator[Request]:
    """Of every period that has opened. What was really asked here stands for what the rule says."""
    row = of.rows[project_id]
    rule = request_rule(of, row)
    day = _first_day(row, rule)
    window, _ = rule.coming(day)
    while window.open_at <= of.now:
        following, _ = rule.coming(rule.opens.after(window.day))
        usual = Request(window.period, window.open_at, window.due_at, following.open_at)
        yield asked.get(window.period, usual)
        window = following


def _first_day(project: Project, rule: RequestRule) -> date:
    """The file says from which week on a status was wanted; else it was from the project's beginning here on."""
    told = project.extra.get("status_required_from")
    if isinstance(told, str):
        try:
            return rule.opens.within(date.fromisoformat(f"{told}-1"))
        except ValueError:  # of a file: anything
            pass
    return rule.opens.first(project.created_at)


def _asked(session: Session, now: datetime) -> dict[int, dict[str, Request]]:
    statement = select(Occurrence).where(
        Occurrence.kind == RuleKind.STATUS_REQUEST,
        Occurrence.open_at <= now,
        Occurrence.due_at.is_not(None),
        Occurrence.close_at.is_not(None),
    )
    found: dict[int, dict[str, Request]] = defaultdict(dict)
    for row in session.scalars(statement):
        if row.project_id is not None and row.due_at and row.close_at:
            waived = row.waived_reason is not None
            found[row.project_id][row.period] = Request(row.period, row.open_at, row.due_at, row.close_at, waived)
    return found


def _in(span: timedelta, unit: timedelta) -> Fraction:
    microsecond: Any = timedelta(microseconds=1)
    return Fraction(span // microsecond, unit // microsecond)
