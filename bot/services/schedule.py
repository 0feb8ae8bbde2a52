"""The rules of the clock's door: when a project is asked for its status, and when a program's rollup is due."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain.schedule import Cadence, RequestTimes
from bot.services import places
from bot.services.due import NOW, due_among
from bot.services.schedule_plans import cadence_of, known_of, plan_of
from models.schemas.project import Place
from models.schemas.schedule import OccurrenceState, RuleKind
from models.tables import Occurrence, Person, Project, ScheduleRule
from models.tables.unit import add_row_once, add_rows, change_rows

NO_WORKING_DAY = "No working day of its owner lies in this period"


@dataclass(frozen=True)
class DueRule:
    """A rule whose time has come: the newest date, before any move, whose instant has passed."""

    id: int
    kind: RuleKind
    place_ref: str
    day: date
    opens: Cadence
    times: RequestTimes | None = None
    """Of a status request."""


_RULE, _OCCURRENCE = ScheduleRule.__table__, Occurrence.__table__
workspaces_due = due_among((_RULE, _RULE.c.next_due_at <= NOW), (_OCCURRENCE, _OCCURRENCE.c.next_step_at <= NOW))
"""Where a rule or an occurrence waits for its next step."""


def ensure_rule(session: Session, place: Place, *, now: datetime) -> datetime | None:
    """Make the place's rule, or have it follow its owner, calendar and program. Returns its next instant, None while
    not active."""
    return ensure_rules(session, [place], now=now)[place.ref]


def ensure_rules(session: Session, of: Iterable[Place], *, now: datetime) -> dict[str, datetime | None]:
    """The same for many, whose rules are read and written together. No period is asked twice, and none is left out."""
    wanted = list(of)
    known = known_of(session, wanted, now)
    plans = {place.ref: plan_of(place, known, now) for place in wanted}
    new = [plan.values for plan in plans.values() if plan.row is None]
    if new:
        add_rows(session, ScheduleRule, new)
    kept = [plan for plan in plans.values() if plan.row is not None]
    for plan in kept:
        if plan.row is not None:
            record_empty(session, plan.row, plan.coming.empty)
    change_rows(session, ScheduleRule, [{"key": plan.row.id, **plan.values} for plan in kept if plan.row])
    change_rows(session, Occurrence, [plan.waiting for plan in kept if plan.waiting])
    return {ref: max(plan.moment, now) if plan.moment else None for ref, plan in plans.items()}


def follow(session: Session, project_ids: Iterable[int], *, now: datetime) -> None:
    """The requests of these projects follow what has changed: a zone, a calendar, a program's parameters."""
    ids = list(project_ids)
    if ids:
        ensure_rules(session, places.by_ids(session, project_ids=ids).values(), now=now)


def owners_who_moved(session: Session) -> list[int]:
    """Projects whose owner's zone is not the rule's any more."""
    statement = (
        select(Project.id)
        .join(ScheduleRule, ScheduleRule.project_id == Project.id)
        .join(Person, Person.id == Project.owner_id)
        .where(Person.tz.is_not(None), Person.tz != ScheduleRule.tz)
    )
    return list(session.scalars(statement))


def owned_by(session: Session, person_ids: Iterable[int]) -> list[int]:
    """The projects whose requests follow the calendars of these people."""
    statement = select(Project.id).where(Project.owner_id.in_(list(person_ids)))
    return list(session.scalars(statement))


def next_step(session: Session, *, serves: Collection[int], now: datetime | None = None) -> datetime | None:
    """The next instant at which the clock has something to do in these workspaces."""
    found = [
        session.scalar(select(func.min(ScheduleRule.next_due_at)).where(ScheduleRule.workspace_id.in_(serves))),
        session.scalar(select(func.min(Occurrence.next_step_at)).where(Occurrence.workspace_id.in_(serves))),
    ]
    return min((moment for moment in found if moment is not None), default=None)


def record_empty(session: Session, rule: ScheduleRule, days: Iterable[date]) -> None:
    """Periods without a working day are nobody's fault: they count as waived."""
    cadence = cadence_of(rule)
    for day in days:
        add_row_once(
            session,
            Occurrence,
            rule_id=rule.id,
            kind=RuleKind.STATUS_REQUEST.value,
            project_id=rule.project_id,
            local_date=day,
            period=cadence.period(day),
            state=OccurrenceState.WAIVED.value,
            open_at=cadence.on(day),
            waived_reason=NO_WORKING_DAY,
        )
