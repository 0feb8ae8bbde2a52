"""Check-ins: when a round asks each person, what came of it, and what may be told of it (domain 2.15)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

from bot.domain.reach import Reach
from bot.domain.wall_time import instant, local_date
from models.schemas.checkin import EXPECTED, AnswerState

LEAST_MOODS = 3
"""A mean of fewer would tell what one person said."""

LONGEST_WAIT = timedelta(hours=24)
"""Who cannot be asked within a day of the round's time is not asked in that round."""


@dataclass(frozen=True)
class Timing:
    """On which weekdays a check-in asks, and when."""

    days: frozenset[int]
    at: time
    zone: str | None
    """One common zone; None: at that time of each person's own."""
    window: timedelta

    def moment(self, day: date, own_zone: str) -> datetime:
        """The instant at which somebody of this zone is asked, before their hours are looked at."""
        return instant(day, self.at, self.zone or own_zone)

    def opens_at(self, day: date, zones: Iterable[str]) -> datetime:
        """The first of these zones to reach it opens the round."""
        return min(self.moment(day, zone) for zone in ({self.zone} if self.zone else set(zones)))

    def on_or_after(self, day: date) -> date:
        return next(following for n in range(7) if (following := day + timedelta(days=n)).isoweekday() in self.days)

    def after(self, day: date) -> date:
        return self.on_or_after(day + timedelta(days=1))


class Turn(NamedTuple):
    """When one person is asked in a round, and until when they can answer."""

    local_date: date
    ask_at: datetime
    close_at: datetime
    is_away: bool


def turn(timing: Timing, day: date, reach: Reach) -> Turn:
    """Away on a holiday, a day off, or a day that is none of theirs; never outside their hours or in quiet time: then
    at the next allowed instant within a day. One common time is another date elsewhere: the date is their own."""
    moment = timing.moment(day, reach.hours.zone)
    local = local_date(moment, reach.hours.zone)
    if reach.is_at_work(local):
        ask_at = _next_instant(reach, moment)
        if ask_at is not None and ask_at - moment < LONGEST_WAIT:
            return Turn(local_date(ask_at, reach.hours.zone), ask_at, ask_at + timing.window, is_away=False)
    return Turn(local, moment, moment + timing.window, is_away=True)


def _next_instant(reach: Reach, moment: datetime) -> datetime | None:
    try:
        return reach.next_instant(moment)
    except ValueError:
        return None


class Counts(NamedTuple):
    expected: int
    answered: int
    away: int
    skipped: int
    missed: int


def counts(states: Iterable[AnswerState]) -> Counts:
    found = list(states)
    return Counts(
        expected=sum(state in EXPECTED for state in found),
        answered=found.count(AnswerState.ANSWERED),
        away=found.count(AnswerState.AWAY),
        skipped=found.count(AnswerState.SKIPPED),
        missed=found.count(AnswerState.MISSED),
    )


def expected_answers(reaches: Iterable[Reach], days: Collection[date]) -> int:
    """People times the working days of their own calendars on which they are not away."""
    return sum(reach.is_at_work(day) for reach in reaches for day in days)


def participation(expected: int, answered: int) -> Fraction | None:
    """A share, exact; None where nobody was expected."""
    return Fraction(answered, expected) if expected else None


def mood_mean(moods: Iterable[int | None]) -> Fraction | None:
    """None with fewer than three: it would tell what one person said."""
    given = [mood for mood in moods if mood is not None]
    return Fraction(sum(given), len(given)) if len(given) >= LEAST_MOODS else None


def mood_by_day(moods: Iterable[tuple[date, int | None]]) -> dict[date, Fraction]:
    """By the date of who answered; a day with fewer than three is left out."""
    days: dict[date, list[int | None]] = {}
    for day, mood in moods:
        days.setdefault(day, []).append(mood)
    means = {day: mood_mean(given) for day, given in sorted(days.items())}
    return {day: mean for day, mean in means.items() if mean is not None}


def open_blockers(blockers: Iterable[tuple[str, str]]) -> list[str]:
    """As `person: text`, each once, in the order of the text. Of unsolved ones: handle and text."""
    return sorted({f"{person}: {text}" for person, text in blockers})


def newest_due(timing: Timing, next_on: date, zones: Collection[str], now: datetime) -> tuple[date, date]:
    """After downtime only the newest date counts: the one that is due, and the one after it."""
    day, following = next_on, timing.after(next_on)
    while timing.opens_at(following, zones) <= now:
        day, following = following, timing.after(following)
    return day, following


def turns(timing: Timing, day: date, reaches: Mapping[int, Reach], now: datetime) -> dict[int, Turn]:
    """Of those whose time in this round is not over: nobody is asked for what they can no longer answer."""
    found = {person: turn(timing, day, reach) for person, reach in reaches.items()}
    return {person: each for person, each in found.items() if each.close_at > now}


def first_round(timing: Timing, zones: Sequence[str], now: datetime) -> date:
    """The first date whose round has still to open."""
    day = timing.on_or_after(now.date() - timedelta(days=1))
    while timing.opens_at(day, zones) <= now:
        day = timing.after(day)
    return day


class Move(NamedTuple):
    """What becomes of somebody who waits for their hour, or has been asked."""

    state: AnswerState
    ask_at: datetime
    close_at: datetime


def ask_or_wait(ask_at: datetime, close_at: datetime, reach: Reach | None, now: datetime) -> Move:
    """Their hour has come: asked, unless they are away by now, or cannot be reached before their time is over."""
    following = _next_instant(reach, now) if reach is not None and reach.is_at_work(reach.today(now)) else None
    if following is None or close_at <= now or following - ask_at >= LONGEST_WAIT:
        return Move(AnswerState.AWAY, ask_at, close_at)
    if following == now:
        return Move(AnswerState.SENT, ask_at, close_at)
    return Move(AnswerState.WAITING, following, following + (close_at - ask_at))
