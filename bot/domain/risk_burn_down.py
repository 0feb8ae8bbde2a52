"""How the score of open risks went down, week by week, and how it would if every response worked (domain 5.5)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from typing import NamedTuple

FRIDAY = 5
WEEKS_SHOWN = 12
END_OF_DAY = time(23, 59, 59)
NOTHING = Fraction(0)


class Assessed(NamedTuple):
    """What a risk was rated from `at` on; `emv` in minor units."""

    at: datetime
    score: int
    emv: Fraction = NOTHING


class WeekEnd(NamedTuple):
    week_end: date
    open: int
    total_score: int
    emv: Fraction = NOTHING


@dataclass(frozen=True)
class ScoreHistory:
    """The life of one risk. ValueError without any assessment."""

    raised_at: datetime
    closed_at: datetime | None
    assessed: Sequence[Assessed]

    def __post_init__(self) -> None:
        if not self.assessed:
            raise ValueError("a risk has at least the assessment it was raised with")

    def open_at(self, moment: datetime) -> bool:
        return self.raised_at <= moment and not (self.closed_at and self.closed_at <= moment)

    def at(self, moment: datetime) -> Assessed:
        """The assessment in force; the first one where none was made yet (an import may know no earlier one)."""
        in_order = sorted(self.assessed, key=lambda assessed: assessed.at)
        return next((assessed for assessed in reversed(in_order) if assessed.at <= moment), in_order[0])


@dataclass(frozen=True)
class Planned:
    """An open risk's score now, and what its response should bring it to by a date, if that is planned."""

    score: int
    target_score: int | None
    planned_on: date | None

    def on(self, day: date) -> int:
        reached = self.planned_on is not None and self.planned_on <= day
        return self.target_score if reached and self.target_score is not None else self.score


def end_of(week_end: date) -> datetime:
    """23:59:59 UTC: the instant that a week end is measured at."""
    return datetime.combine(week_end, END_OF_DAY, UTC)


def fridays_before(now: datetime, count: int = WEEKS_SHOWN) -> list[date]:
    """The last `count` Fridays whose 23:59:59 UTC has passed, oldest first."""
    today = now.astimezone(UTC).date()
    latest = today - timedelta(days=(today.isoweekday() - FRIDAY) % 7)
    if now <= end_of(latest):
        latest -= timedelta(weeks=1)
    return [latest - timedelta(weeks=back) for back in reversed(range(count))]


def burn_down(histories: Iterable[ScoreHistory], week_ends: Iterable[date]) -> list[WeekEnd]:
    """Open risks, their scores and expected values at each week end, each as it was rated then."""
    known = list(histories)
    return [_measured(known, week_end) for week_end in week_ends]


def planned_line(risks: Iterable[Planned], days: Iterable[date]) -> list[tuple[date, int]]:
    """The total score on each day if every response works by its date."""
    known = list(risks)
    return [(day, sum(risk.on(day) for risk in known)) for day in days]


def _measured(histories: Sequence[ScoreHistory], week_end: date) -> WeekEnd:
    moment = end_of(week_end)
    standing = [history.at(moment) for history in histories if history.open_at(moment)]
    return WeekEnd(
        week_end,
        open=len(standing),
        total_score=sum(assessed.score for assessed in standing),
        emv=sum((assessed.emv for assessed in standing), NOTHING),
    )
