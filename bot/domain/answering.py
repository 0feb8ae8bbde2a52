"""How fast asks are answered, and what is ignored: exact, in the working hours of who was asked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import median

from bot.domain.wall_time import WorkingHours, local_date
from models.schemas.home import AskKind
from models.schemas.well import LEAST_ANSWERS, KindFigures

AFTER_DUE = 2
"""The number of the first reminder that comes after something was due."""
_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Asked:
    """One ask that was sent."""

    kind: AskKind
    first_asked_at: datetime
    answered_at: datetime | None
    nudge: int
    """The last reminder that was sent."""
    hours: WorkingHours

    @property
    def is_ignored(self) -> bool:
        return self.answered_at is None and self.nudge >= AFTER_DUE

    @property
    def working_hours(self) -> Fraction | None:
        if self.answered_at is None:
            return None
        span = working_time(self.first_asked_at, self.answered_at, self.hours)
        return Fraction(span // timedelta(microseconds=1), _HOUR // timedelta(microseconds=1))


def working_time(start: datetime, end: datetime, hours: WorkingHours) -> timedelta:
    """How much of this span lies in somebody's hours."""
    total = timedelta()
    day, last = local_date(start, hours.zone), local_date(end, hours.zone)
    while day <= last:
        window = hours.window(day)
        if window is not None:
            total += max(min(end, window[1]) - max(start, window[0]), timedelta())
        day += timedelta(days=1)
    return total


def by_kind(asks: Iterable[Asked]) -> list[KindFigures]:
    """The most frequent kind first."""
    found: dict[AskKind, list[Asked]] = {}
    for ask in asks:
        found.setdefault(ask.kind, []).append(ask)
    figures = [_figures(kind, of_kind) for kind, of_kind in found.items()]
    return sorted(figures, key=lambda each: (-each.sent, list(AskKind).index(each.kind)))


def _figures(kind: AskKind, asks: Sequence[Asked]) -> KindFigures:
    taken = [hours for ask in asks if (hours := ask.working_hours) is not None]
    return KindFigures(
        kind=kind,
        sent=len(asks),
        answered=len(taken),
        ignored=sum(ask.is_ignored for ask in asks),
        median_hours=median(taken) if len(taken) >= LEAST_ANSWERS else None,
    )
