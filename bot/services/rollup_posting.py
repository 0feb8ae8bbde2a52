"""The rollups of a program one after another: each is posted once, remembers what it showed, and is compared with."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, func, select, update
from sqlalchemy.orm import Session

from bot.domain.rollup import period_of
from bot.domain.wall_time import local_date
from bot.errors import NotFound, UserError
from bot.services import rollup
from bot.services.due import NOW, due_among
from bot.services.rollup import Moment
from bot.services.schedule import DueRule
from models.schemas.dates import day_words
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.rollup import Rollup
from models.schemas.schedule import OccurrenceState, RuleKind
from models.tables import Occurrence, RollupReading, ScheduleRule
from models.tables.unit import add_row_once

_OCCURRENCE = Occurrence.__table__
workspaces_due = due_among((_OCCURRENCE, and_(_OCCURRENCE.c.next_step_at <= NOW, _OCCURRENCE.c.project_id.is_(None))))
"""Where a rollup that stands is to be edited."""


def open_due(session: Session, rule: DueRule, *, now: datetime) -> Rollup | None:
    """The period's rollup; None when this local date had its own already."""
    program_id = int(rule.place_ref.partition(":")[2])
    built = rollup.build(session, program_id, Moment(rule.day, now))
    return _take(session, rule.id, built, open_at=rule.opens.on(rule.day), now=now)


def send_now(session: Session, program: Place, *, now: datetime) -> Rollup:
    """Before its time. Raises UserError where this period's stands already."""
    rule = rule_of(session, program.id, lock=True)
    today = local_date(now, program.tz)
    last = last_of(session, program.id)
    if last is not None and last.period == period_of(today):
        raise UserError(
            f"The rollup of this week was posted on {day_words(last.local_date)}. It is updated in place as statuses "
            "come. Nothing was sent."
        )
    built = _take(session, rule.id, rollup.build(session, program.id, Moment(today, now)), open_at=now, now=now)
    if built is None:
        raise UserError("Today's rollup was posted already. Nothing was sent.")
    return built


def _take(session: Session, rule_id: int, built: Rollup, *, open_at: datetime, now: datetime) -> Rollup | None:
    occurrence_id = add_row_once(
        session,
        Occurrence,
        rule_id=rule_id,
        kind=RuleKind.ROLLUP.value,
        program_id=built.program.id,
        local_date=built.today,
        period=built.period,
        state=OccurrenceState.POSTED.value,
        open_at=open_at,
        snapshot=snapshot(built, now),
    )
    if occurrence_id is None:
        return None
    return built.model_copy(update={"occurrence_id": occurrence_id, "posted_at": now})


def snapshot(built: Rollup, now: datetime) -> dict[str, Any]:
    """The instant and derived values for the next one to compare with, no texts."""
    return {
        "at": now.isoformat(),
        "health": built.health.value if built.health else None,
        "projects": {str(row.place.id): row.health.value for row in built.projects},
        "asks": len(built.asks),
        "spark": [(period, health.value if health else None) for period, health in built.spark],
    }


def preview(session: Session, program: Place, *, now: datetime, here: str | None = None) -> Rollup:
    """As it would go out now, compared with the last one that stands."""
    today = local_date(now, program.tz)
    last = last_of(session, program.id)
    day = today if last is None or last.local_date < today else date.fromordinal(last.local_date.toordinal() + 1)
    built = rollup.build(session, program.id, Moment(day, now), here=here)
    return built.model_copy(update={"today": today})


def as_it_is_now(session: Session, occurrence: Occurrence, *, now: datetime, here: str | None = None) -> Rollup:
    """One that stands, with what came since; the list of what changed stays that of its own day."""
    assert occurrence.program_id is not None and occurrence.snapshot is not None
    posted_at = datetime.fromisoformat(occurrence.snapshot["at"])
    moment = Moment(occurrence.local_date, now, posted_at)
    built = rollup.build(session, occurrence.program_id, moment, here=here)
    kept = {"occurrence_id": occurrence.id, "readers": readers(session, occurrence.id), "period": occurrence.period}
    return built.model_copy(update=kept)


def rule_of(session: Session, program_id: int, *, lock: bool = False) -> ScheduleRule:
    statement = select(ScheduleRule).where(
        ScheduleRule.program_id == program_id, ScheduleRule.kind == RuleKind.ROLLUP.value
    )
    rule = session.scalar(statement.with_for_update() if lock else statement)
    if rule is None:
        raise NotFound("the rollup of this program")
    return rule


def last_of(session: Session, program_id: int) -> Occurrence | None:
    statement = select(Occurrence).where(Occurrence.program_id == program_id, Occurrence.kind == RuleKind.ROLLUP.value)
    return session.scalar(statement.order_by(Occurrence.local_date.desc()).limit(1))


def before(session: Session, occurrence: Occurrence) -> Occurrence | None:
    """The rollup before this one."""
    earlier = select(Occurrence).where(
        Occurrence.rule_id == occurrence.rule_id, Occurrence.local_date < occurrence.local_date
    )
    return session.scalar(earlier.order_by(Occurrence.local_date.desc()).limit(1))


def occurrence(session: Session, occurrence_id: int | None) -> Occurrence:
    """A rollup that was posted. Raises NotFound."""
    kinds = (RuleKind.ROLLUP.value, RuleKind.PORTFOLIO.value)
    statement = select(Occurrence).where(Occurrence.id == occurrence_id, Occurrence.kind.in_(kinds))
    found = session.scalar(statement)
    if found is None or found.snapshot is None:
        raise NotFound("this rollup")
    return found


def look_again(session: Session, program_id: int | None, *, at: datetime) -> None:
    """Something that the program's last rollup shows has changed: the clock edits it."""
    if program_id is None:
        return
    newest = select(func.max(Occurrence.id)).where(
        Occurrence.program_id == program_id, Occurrence.kind == RuleKind.ROLLUP.value
    )
    session.execute(
        update(Occurrence).where(Occurrence.id == newest.scalar_subquery()).values(next_step_at=at),
        execution_options={"synchronize_session": False},
    )


def take_outdated(session: Session, *, now: datetime) -> Sequence[Occurrence]:
    """Rollups that are to be edited now."""
    due = select(Occurrence).where(Occurrence.next_step_at <= now, Occurrence.project_id.is_(None))
    rows = session.scalars(due.order_by(Occurrence.id).limit(20).with_for_update(skip_locked=True)).all()
    ids = [row.id for row in rows]
    session.execute(
        update(Occurrence).where(Occurrence.id.in_(ids)).values(next_step_at=None),
        execution_options={"synchronize_session": False},
    )
    return rows


def acknowledge(session: Session, read: Occurrence, by: PersonCard, *, now: datetime) -> bool:
    """False where this person had read it before."""
    values = {"occurrence_id": read.id, "person_id": by.id, "at": now}
    if add_row_once(session, RollupReading, **values) is None:
        return False
    session.execute(
        update(Occurrence).where(Occurrence.id == read.id).values(next_step_at=now),
        execution_options={"synchronize_session": False},
    )
    return True


def readers(session: Session, occurrence_id: int) -> int:
    counted = select(func.count()).select_from(RollupReading).where(RollupReading.occurrence_id == occurrence_id)
    return session.scalar(counted) or 0


def skip_next(session: Session, program: Place, *, skips: bool) -> date:
    """The next date is left out, once, or is not after all. Returns it."""
    rule = rule_of(session, program.id, lock=True)
    if rule.next_due_at is None:
        raise UserError("No rollup is planned while the program is not active. Nothing was changed.")
    skipped = rule.next_local_date if skips else None
    session.execute(update(ScheduleRule).where(ScheduleRule.id == rule.id).values(skipped_on=skipped))
    return rule.next_local_date
