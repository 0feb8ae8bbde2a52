"""Back from leave: on the first day somebody hears what was answered in their name."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime, time, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.reach import Reach
from bot.domain.wall_time import instant
from bot.services import asked, delivery, people
from bot.services.asked import Day
from models.schemas.asks import AskRow, WelcomeBack
from models.tables import Absence

STILL_NEWS = timedelta(days=31)
"""Whoever was away before that and heard nothing was told otherwise."""


def back(session: Session, reaches: Mapping[int, Reach], *, now: datetime) -> dict[int, date]:
    """Who of these is back, at work now, and to be told what was answered: with their local date. Noted as told.

    Where nothing was answered there is nothing to tell.
    """
    waiting = {
        row.id: row
        for row in session.scalars(
            select(Absence).where(
                Absence.person_id.in_(list(reaches)),
                Absence.told_at.is_(None),
                Absence.cancelled_at.is_(None),
                Absence.end_on < now.date() + timedelta(days=1),
                Absence.end_on >= (now - STILL_NEWS).date(),
            )
        )
    }
    over = [row for row in waiting.values() if _is_over(row, reaches[row.person_id], now)]
    if not over:
        return {}
    session.execute(update(Absence).where(Absence.id.in_([row.id for row in over])).values(told_at=now))
    since = min(row.start_on for row in over)
    rows = asked.answered_for(session, [row.person_id for row in over], since=_morning(since) - timedelta(days=1))
    return {
        row.person_id: reaches[row.person_id].today(now)
        for row in over
        if any(_is_within(each, row, reaches[row.person_id]) for each in rows)
    }


def welcomes(session: Session, days: Iterable[Day], reaches: Mapping[int, Reach]) -> dict[Day, WelcomeBack]:
    """What the messages of these days tell of an absence before them."""
    wanted = set(days)
    if not wanted:
        return {}
    told = session.scalars(
        select(Absence).where(
            Absence.person_id.in_({person for person, _ in wanted}),
            Absence.told_at >= _morning(min(day for _, day in wanted) - timedelta(days=1)),
        )
    ).all()
    on = {row.id: (row.person_id, reaches[row.person_id].today(row.told_at)) for row in told if row.told_at}
    found = [row for row in told if on.get(row.id) in wanted]
    if not found:
        return {}
    since = _morning(min(row.start_on for row in found)) - timedelta(days=1)
    rows = asked.answered_for(session, {row.person_id for row in found}, since=since)
    welcome = {on[row.id]: _welcome(session, row, rows, reaches[row.person_id]) for row in found}
    return {day: each for day, each in welcome.items() if each.done}


def answers(session: Session, absence_id: int | None, person_id: int, reach: Reach) -> WelcomeBack | None:
    """What was answered during one's own absence."""
    row = session.scalar(select(Absence).where(Absence.id == absence_id, Absence.person_id == person_id))
    if row is None:
        return None
    rows = asked.answered_for(session, [person_id], since=_morning(row.start_on) - timedelta(days=1))
    return _welcome(session, row, rows, reach)


def _welcome(session: Session, absence: Absence, rows: Collection[AskRow], reach: Reach) -> WelcomeBack:
    mine = [row for row in rows if _is_within(row, absence, reach)]
    cards = people.cards(session, (row.answered_by_id for row in mine))
    links = delivery.links(session, [key for row in mine if (key := asked.card_key(row))])
    return WelcomeBack(
        absence_id=absence.id,
        start=absence.start_on,
        end=absence.end_on,
        done=[asked.done(row, links, cards.get(row.answered_by_id or 0)) for row in mine],
    )


def _is_over(absence: Absence, reach: Reach, now: datetime) -> bool:
    return absence.end_on < reach.today(now) and reach.absence(now) is None


def _is_within(row: AskRow, absence: Absence, reach: Reach) -> bool:
    """Answered on one of its days, or on the free ones that follow before the person is back."""
    if row.person_id != absence.person_id or row.answered_at is None:
        return False
    back_on = reach.hours.on_or_after(absence.end_on + timedelta(days=1))
    return absence.start_on <= reach.today(row.answered_at) < back_on


def _morning(day: date) -> datetime:
    return instant(day, time(), "UTC")
