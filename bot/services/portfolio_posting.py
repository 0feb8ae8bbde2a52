"""Where the portfolio's rollup is posted and when; each is posted once and compared with the one before."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.rollup import period_of
from bot.domain.schedule import Cadence
from bot.domain.wall_time import local_date, parse_time
from bot.errors import NotFound, Refused, UserError
from bot.services import portfolio
from bot.services.rollup_posting import readers
from bot.services.schedule import DueRule
from models.schemas.dates import day_words
from models.schemas.override import HourDraft
from models.schemas.rollup import PortfolioRollup
from models.schemas.schedule import OccurrenceState, RuleKind
from models.tables import Occurrence, Program, ScheduleRule
from models.tables.unit import add_row, add_row_once

KIND = RuleKind.PORTFOLIO.value


def require_may(session: Session, by: Standing, verb: str) -> None:
    """For admins, and for who runs or sponsors a program."""
    guest = by.is_stranger or by.person.is_guest or by.person.is_bot
    mine = select(Program.id).where(or_(Program.manager_id == by.person.id, Program.sponsor_id == by.person.id))
    if guest or not (by.is_admin or session.scalar(mine.limit(1)) is not None):
        raise Refused(f"You cannot {verb} a rollup of all programs", "Program managers, sponsors and admins can.")


def of_channel(session: Session, channel: str | None, *, lock: bool = False) -> ScheduleRule | None:
    statement = select(ScheduleRule).where(ScheduleRule.kind == KIND, ScheduleRule.channel == channel)
    return session.scalar(statement.with_for_update() if lock else statement)


def by_id(session: Session, rule_id: int | None, channel: str | None, *, lock: bool = False) -> ScheduleRule:
    """That a button names, in its own channel. Raises NotFound."""
    statement = select(ScheduleRule).where(ScheduleRule.id == rule_id, ScheduleRule.kind == KIND)
    rule = session.scalar(statement.with_for_update() if lock else statement)
    if rule is None or rule.channel != channel:
        raise NotFound("this rollup")
    return rule


def set_up(session: Session, channel: str, draft: HourDraft, *, zone: str, now: datetime) -> datetime:
    """In this channel from now on, or at another hour. Returns the next one's instant."""
    rule = of_channel(session, channel, lock=True)
    opens = Cadence(draft.weekday, parse_time(draft.local_time), rule.tz if rule else zone)
    last = portfolio.last_before(session, rule.id, date.max) if rule else None
    day = opens.first(now)
    if last is not None and day <= last.local_date:
        day = opens.after(last.local_date)
    timing: dict[str, Any] = {
        "weekday": draft.weekday,
        "local_time": draft.local_time,
        "next_local_date": day,
        "next_due_at": opens.on(day),
    }
    if rule is None:
        add_row(session, ScheduleRule, kind=KIND, channel=channel, tz=zone, **timing)
    else:
        session.execute(update(ScheduleRule).where(ScheduleRule.id == rule.id).values(**timing))
        session.expire_all()
    return opens.on(day)


def stop(session: Session, rule: ScheduleRule) -> None:
    """No more of them; what stands keeps standing."""
    session.execute(update(ScheduleRule).where(ScheduleRule.id == rule.id).values(next_due_at=None))
    session.expire_all()


def open_due(session: Session, due: DueRule, *, now: datetime) -> PortfolioRollup | None:
    """None when this local date had its own already."""
    rule = session.get_one(ScheduleRule, due.id, populate_existing=True)
    return _take(session, rule, portfolio.build(session, rule, day=due.day, now=now), now=now)


def send_now(session: Session, rule: ScheduleRule, *, now: datetime) -> PortfolioRollup:
    """Before its time. Raises UserError where this period's stands already."""
    today = local_date(now, rule.tz)
    last = portfolio.last_before(session, rule.id, date.max)
    if last is not None and last.period == period_of(today):
        raise UserError(f"The rollup of this week was posted on {day_words(last.local_date)}. Nothing was sent.")
    built = _take(session, rule, portfolio.build(session, rule, day=today, now=now), now=now)
    if built is None:
        raise UserError("Today's rollup was posted already. Nothing was sent.")
    return built


def preview(session: Session, rule: ScheduleRule, *, now: datetime) -> PortfolioRollup:
    today = local_date(now, rule.tz)
    last = portfolio.last_before(session, rule.id, date.max)
    after = last is not None and last.local_date >= today
    day = date.fromordinal(last.local_date.toordinal() + 1) if last is not None and after else today
    return portfolio.build(session, rule, day=day, now=now).model_copy(update={"today": today})


def as_it_is_now(session: Session, occurrence: Occurrence, *, now: datetime) -> PortfolioRollup:
    """One that stands, with what came since."""
    rule = session.get_one(ScheduleRule, occurrence.rule_id)
    assert occurrence.snapshot is not None
    kept = {
        "occurrence_id": occurrence.id,
        "readers": readers(session, occurrence.id),
        "period": occurrence.period,
        "posted_at": datetime.fromisoformat(occurrence.snapshot["at"]),
    }
    return portfolio.build(session, rule, day=occurrence.local_date, now=now).model_copy(update=kept)


def channel_of(session: Session, occurrence: Occurrence) -> str | None:
    return session.scalar(select(ScheduleRule.channel).where(ScheduleRule.id == occurrence.rule_id))


def _take(session: Session, rule: ScheduleRule, built: PortfolioRollup, *, now: datetime) -> PortfolioRollup | None:
    occurrence_id = add_row_once(
        session,
        Occurrence,
        rule_id=rule.id,
        kind=KIND,
        local_date=built.today,
        period=built.period,
        state=OccurrenceState.POSTED.value,
        open_at=now,
        snapshot={
            "at": now.isoformat(),
            "health": built.health.value if built.health else None,
            "programs": {str(row.id): row.health.value for row in built.programs if row.health},
            "asks": len(built.asks),
        },
    )
    if occurrence_id is None:
        return None
    return built.model_copy(update={"occurrence_id": occurrence_id, "posted_at": now})
