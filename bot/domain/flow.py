"""Flow of work: Little's law and cycle times (domain 5.6)."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from bot.domain.numbers import Exact
from bot.domain.working_days import WorkingCalendar

MOST_IMBALANCE = Fraction(20, 100)
"""Of the departure rate. Beyond it the work in progress grows or shrinks, and Little's law does not hold."""

MEDIAN, LIKELY = Decimal("0.50"), Decimal("0.85")


def work_in_progress(throughput: Exact, cycle_time: Exact) -> Fraction:
    """Little's law: long-run averages, both in the same unit of time."""
    return Fraction(throughput) * Fraction(cycle_time)


def throughput(work_in_progress: Exact, cycle_time: Exact) -> Fraction:
    """Items per unit of time; ValueError when the cycle time is not above 0."""
    return _ratio(work_in_progress, cycle_time)


def cycle_time(work_in_progress: Exact, throughput: Exact) -> Fraction:
    """Time per item; ValueError when the throughput is not above 0."""
    return _ratio(work_in_progress, throughput)


def unbalanced(arrived: Exact, departed: Exact) -> bool:
    """Whether arrivals and departures of one period differ by more than 20% of the departures: warn then."""
    return abs(Fraction(arrived) - Fraction(departed)) > MOST_IMBALANCE * Fraction(departed)


class CycleTimes(NamedTuple):
    """Working days within which half, and 85%, of the items were done."""

    p50: int
    p85: int
    items: int


def cycle_times(items: Iterable[tuple[datetime, datetime]], calendar: WorkingCalendar) -> CycleTimes | None:
    """Of items (started, done): working days in (started, done], 0 for what was done on its day. None without items."""
    days = [calendar.elapsed(started, done) for started, done in items]
    return CycleTimes(percentile(days, MEDIAN), percentile(days, LIKELY), len(days)) if days else None


def percentile(values: Sequence[int], share: Exact) -> int:
    """The smallest of `values` that at least this share (above 0, at most 1) is not above: never between two."""
    if not values or not 0 < share <= 1:
        raise ValueError("a percentile takes a value at least, and a share above 0 and at most 1")
    return sorted(values)[ceil(Fraction(share) * len(values)) - 1]


def _ratio(amount: Exact, by: Exact) -> Fraction:
    if by <= 0:
        raise ValueError("rates and times are above 0")
    return Fraction(amount) / Fraction(by)
