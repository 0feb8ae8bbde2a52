"""The rules whose time has come: claimed, moved on, and what they open now."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.schedule_moves import Coming, take
from bot.domain.wall_time import WorkingHours
from bot.services import calendars, people
from bot.services.schedule import DueRule, record_empty
from bot.services.schedule_plans import cadence_of, ref_of, request_rule
from models.schemas.schedule import RuleKind
from models.tables import Project, ScheduleRule
from models.tables.unit import change_rows

BATCH = 250


def take_due_rules(session: Session, *, now: datetime, limit: int = BATCH) -> list[DueRule]:
    """Claim the rules that are due and move them on; after downtime only the newest date counts."""
    statement = select(ScheduleRule).where(ScheduleRule.next_due_at <= now).order_by(ScheduleRule.next_due_at)
    rows = session.scalars(statement.limit(limit).with_for_update(skip_locked=True)).all()
    hours = _hours_of_owners(session, {row.project_id for row in rows if row.project_id is not None}, now)
    taken, moves = [], []
    for row in rows:
        due, coming = _request(row, hours, now) if row.project_id is not None else _rollup(row, now)
        moves.append({"key": row.id, "next_local_date": coming.day, "next_due_at": coming.moment})
        record_empty(session, row, coming.empty)
        taken += [due] if due is not None else []
    change_rows(session, ScheduleRule, moves)
    return taken


def put_back(session: Session, rule: DueRule, *, until: datetime) -> None:
    """This date was not opened: it is due again then. A date that was opened is not opened twice."""
    session.execute(
        update(ScheduleRule).where(ScheduleRule.id == rule.id).values(next_local_date=rule.day, next_due_at=until)
    )


def _request(row: ScheduleRule, hours: Mapping[int, WorkingHours], now: datetime) -> tuple[DueRule | None, Coming]:
    assert row.project_id is not None and row.next_due_at is not None
    rule = request_rule(row, hours[row.project_id])
    taken = take(rule, row.next_local_date, row.next_due_at, now, row.paused_until)
    if taken.window is None:
        return None, taken.coming
    times = rule.times(taken.window, taken.coming.moment)
    return DueRule(row.id, RuleKind(row.kind), ref_of(row), taken.window.day, rule.opens, times), taken.coming


def _rollup(row: ScheduleRule, now: datetime) -> tuple[DueRule | None, Coming]:
    opens = cadence_of(row)
    day, following = row.next_local_date, opens.after(row.next_local_date)
    while opens.on(following) <= now:
        day, following = following, opens.after(following)
    coming = Coming(following, opens.on(following))
    if day == row.skipped_on:
        return None, coming
    return DueRule(row.id, RuleKind(row.kind), ref_of(row), day, opens), coming


def _hours_of_owners(session: Session, project_ids: set[int], now: datetime) -> dict[int, WorkingHours]:
    """By project."""
    if not project_ids:
        return {}
    owned = session.execute(select(Project.id, Project.owner_id).where(Project.id.in_(project_ids)))
    owners = dict(owned.all())
    cards = people.cards(session, owners.values())
    return {project: calendars.of_person(cards[owner], now=now) for project, owner in owners.items()}
