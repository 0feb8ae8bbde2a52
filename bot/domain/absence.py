"""Who is asked while somebody is away, day by day: a stand-in may be away as well (domain 2.3)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import groupby

from bot.domain.reach import MOST_DELEGATES, Reach

MOST_DAYS = 366
"""Whoever is away for longer hands over what they own."""


class Outcome(StrEnum):
    """How a chain of stand-ins ends."""

    ASKED = "asked"
    """With its last person."""
    NOBODY = "nobody"
    """Its last person is away, and named nobody."""
    CIRCLE = "circle"
    TOO_LONG = "too_long"
    UNKNOWN = "unknown"
    """It names somebody whom nothing is known of."""


@dataclass(frozen=True)
class Cover:
    """Days next to each other on which the same people stand in."""

    first: date
    last: date
    chain: tuple[int, ...]
    """Of stand-ins, the first one first."""
    outcome: Outcome


def covers(person: int, reaches: Mapping[int, Reach], first: date, last: date) -> list[Cover]:
    """Who stands in on the working days of an absence; each day is read on everybody's own local date."""
    reach = reaches[person]
    days = (day for day in _days(first, last) if reach.hours.is_working(day))
    found = []
    for (chain, outcome), run in groupby(days, key=lambda day: follow(person, reaches, day)):
        together = list(run)
        found.append(Cover(together[0], together[-1], chain, outcome))
    return found


def follow(person: int, reaches: Mapping[int, Reach], day: date) -> tuple[tuple[int, ...], Outcome]:
    """The stand-ins of somebody who is away on that day, as `reach.stand_in` follows them."""
    chain: list[int] = []
    at = person
    for _ in range(MOST_DELEGATES + 1):
        reach = reaches.get(at)
        if reach is None:
            return tuple(chain), Outcome.UNKNOWN
        absence = reach.absence_on(day)
        if absence is None:
            return tuple(chain), Outcome.ASKED
        if absence.delegate is None:
            return tuple(chain), Outcome.NOBODY
        if absence.delegate == person or absence.delegate in chain:
            return tuple(chain), Outcome.CIRCLE
        at = absence.delegate
        chain.append(at)
    return tuple(chain), Outcome.TOO_LONG


def working_days(first: date, last: date, reach: Reach) -> int:
    return sum(reach.hours.is_working(day) for day in _days(first, last))


def back_on(last: date, reach: Reach) -> date:
    """The first working day after an absence."""
    return reach.hours.on_or_after(last + timedelta(days=1))


def _days(first: date, last: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((last - first).days + 1))
