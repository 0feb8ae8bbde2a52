"""The rules of the clock's door: when a project is asked for its status, and when a program's rollup is due."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, union, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.schedule import Weekly, request_times
from bot.domain.wall_time import parse_time
from models.schemas.project import Place, PlaceKind, State
from models.schemas.schedule import OPEN_REQUEST, RuleKind
from models.tables import Occurrence, Person, Project, ScheduleRule
from models.tables.unit import add_row

OPENS = (4, "10:00")
DUE = (5, "16:00")
ROLLUP = (1, "09:00")


_RULE, _OCCURRENCE = ScheduleRule.__table__, Occurrence.__table__
_DUE = union(
    select(_RULE.c.workspace_id + 0).where(_RULE.c.next_due_at <= bindparam("now")),
    select(_OCCURRENCE.c.workspace_id + 0).where(_OCCURRENCE.c.next_step_at <= bindparam("now")),
)
"""Not the bare columns: SQLite would walk through all rows in the order of their workspaces, due or not."""


@dataclass(frozen=True)
class DueRule:
    """A rule whose time has come: the newest local date whose instant has passed."""

    id: int
    kind: RuleKind
    place_ref: str
    day: date
    opens: Weekly
    due_weekday: int
    due_time: str


def ensure_rule(session: Session, place: Place, *, now: datetime) -> datetime | None:
    """Make the place's rule, or move it to its owner's zone. Returns its next instant, None while not active."""
    kind, (weekday, local_time) = _of(place)
    zone = place.owner.tz if kind is RuleKind.STATUS_REQUEST else place.tz
    weekly = Weekly(weekday, parse_time(local_time), zone)
    rule = session.scalar(select(ScheduleRule).where(_column(place) == place.id, ScheduleRule.kind == kind.value))
    day = _next_date(rule, weekly, now)
    moment = weekly.on(day) if place.state is State.ACTIVE else None
    timing: dict[str, Any] = {"tz": zone, "next_local_date": day, "next_due_at": moment}
    if rule is not None:
        session.execute(update(ScheduleRule).where(ScheduleRule.id == rule.id).values(**timing))
        _move_open_requests(session, rule, weekly, now)
    else:
        add_row(
            session,
            ScheduleRule,
            kind=kind.value,
            project_id=place.id if place.kind is PlaceKind.PROJECT else None,
            program_id=place.id if place.kind is PlaceKind.PROGRAM else None,
            weekday=weekday,
            local_time=local_time,
            due_weekday=DUE[0],
            due_local_time=DUE[1],
            **timing,
        )
    return max(moment, now) if moment else None


def owners_who_moved(session: Session) -> list[str]:
    """References of projects whose owner's zone is not the rule's any more."""
    statement = (
        select(Project.id)
        .join(ScheduleRule, ScheduleRule.project_id == Project.id)
        .join(Person, Person.id == Project.owner_id)
        .where(Person.tz.is_not(None), Person.tz != ScheduleRule.tz)
    )
    return [f"project:{project_id}" for project_id in session.scalars(statement)]


def workspaces_due(connection: Connection, *, serves: Collection[int], now: datetime) -> list[int]:
    """Of these workspaces: where a rule or an occurrence waits for its next step."""
    due = connection.execute(_DUE, {"now": now}).scalars()
    return sorted(set(due).intersection(serves))


def next_step(session: Session, *, serves: Collection[int], now: datetime | None = None) -> datetime | None:
    """The next instant at which the clock has something to do in these workspaces."""
    found = [
        session.scalar(select(func.min(ScheduleRule.next_due_at)).where(ScheduleRule.workspace_id.in_(serves))),
        session.scalar(select(func.min(Occurrence.next_step_at)).where(Occurrence.workspace_id.in_(serves))),
    ]
    return min((moment for moment in found if moment is not None), default=None)


def put_back(session: Session, rule: DueRule, *, until: datetime) -> None:
    """This date was not opened: it is due again then. A date that was opened is not opened twice."""
    session.execute(
        update(ScheduleRule).where(ScheduleRule.id == rule.id).values(next_local_date=rule.day, next_due_at=until)
    )


def take_due_rules(session: Session, *, now: datetime, limit: int = 100) -> list[DueRule]:
    """Claim the rules that are due and move them on; after downtime only the newest date counts."""
    statement = select(ScheduleRule).where(ScheduleRule.next_due_at <= now).order_by(ScheduleRule.next_due_at)
    taken = []
    for row in session.scalars(statement.limit(limit).with_for_update(skip_locked=True)).all():
        weekly = Weekly(row.weekday, parse_time(row.local_time), row.tz)
        day, (following, moment) = row.next_local_date, weekly.after(row.next_local_date)
        while moment <= now:
            day, (following, moment) = following, weekly.after(following)
        session.execute(
            update(ScheduleRule).where(ScheduleRule.id == row.id).values(next_local_date=following, next_due_at=moment)
        )
        taken.append(_due(row, day, weekly))
    return taken


def _due(row: ScheduleRule, day: date, weekly: Weekly) -> DueRule:
    place = f"project:{row.project_id}" if row.project_id is not None else f"program:{row.program_id}"
    return DueRule(
        id=row.id,
        kind=RuleKind(row.kind),
        place_ref=place,
        day=day,
        opens=weekly,
        due_weekday=row.due_weekday or DUE[0],
        due_time=row.due_local_time or DUE[1],
    )


def _next_date(rule: ScheduleRule | None, weekly: Weekly, now: datetime) -> date:
    """A rule that moves keeps its local date, so that no week is asked twice or left out; a paused one starts anew."""
    if rule is None or rule.next_due_at is None:
        return weekly.first(now)[0]
    return rule.next_local_date


def _move_open_requests(session: Session, rule: ScheduleRule, weekly: Weekly, now: datetime) -> None:
    """What is still to come of an open request moves too, and the next tick looks at it again: whose it is, and when.

    A move takes no time away: where the new due instant has passed already, the old one stays.
    """
    statement = select(Occurrence).where(Occurrence.rule_id == rule.id, Occurrence.state.in_(OPEN_REQUEST))
    for row in session.scalars(statement.with_for_update()).all():
        times = request_times(weekly, row.local_date, rule.due_weekday or DUE[0], rule.due_local_time or DUE[1])
        values: dict[str, Any] = {"close_at": times.close_at, "next_step_at": now}
        if row.due_at is not None and min(row.due_at, times.due_at) > now:
            values |= {"due_at": times.due_at, "remind_at": times.remind_at}
        session.execute(update(Occurrence).where(Occurrence.id == row.id).values(**values))


def _of(place: Place) -> tuple[RuleKind, tuple[int, str]]:
    if place.kind is PlaceKind.PROJECT:
        return RuleKind.STATUS_REQUEST, OPENS
    return RuleKind.ROLLUP, ROLLUP


def _column(place: Place) -> InstrumentedAttribute[int | None]:
    return ScheduleRule.project_id if place.kind is PlaceKind.PROJECT else ScheduleRule.program_id
