"""May this person be asked now? If not, when, or who instead? (domain 2.3, 4.4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.wall_time import WorkingHours, instant, local_date, next_working_instant

MOST_DELEGATES = 3
"""Steps of a chain of delegates that are followed (domain 2.3)."""

LOOKS_AHEAD = timedelta(days=366)


@dataclass(frozen=True)
class Away:
    """Days that somebody is away, both ends included, on their own local dates."""

    start: date
    end: date
    delegate: int | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass(frozen=True)
class Reach:
    """When one person can be reached: their hours, their days off, Slack's quiet time."""

    hours: WorkingHours
    away: tuple[Away, ...] = ()
    quiet: tuple[datetime, datetime] | None = None
    """Do not disturb, from and until; unknown counts as not disturbing."""
    opens_at: time | None = None
    """Their own hour for the daily message, where they chose one."""

    def today(self, now: datetime) -> date:
        return local_date(now, self.hours.zone)

    def absence(self, now: datetime) -> Away | None:
        """The one that covers their local date now; of several the one that ends last."""
        return self.absence_on(self.today(now))

    def absence_on(self, day: date) -> Away | None:
        return max((away for away in self.away if away.covers(day)), key=lambda away: away.end, default=None)

    def is_at_work(self, day: date) -> bool:
        """A working day of theirs on which they are not away."""
        return self.hours.is_working(day) and self.absence_on(day) is None

    def next_instant(self, moment: datetime) -> datetime:
        """`moment` itself where they may be asked, else the next allowed instant: at `end` it is too late, at `start`
        it is allowed. Raises ValueError for somebody who is away for a year."""
        until = moment + LOOKS_AHEAD
        while moment < until:
            moment = next_working_instant(moment, self.hours)
            absence = self.absence(moment)
            if absence is not None:
                moment = instant(absence.end + timedelta(days=1), time(), self.hours.zone)
            elif self.quiet is not None and self.quiet[0] <= moment < self.quiet[1]:
                moment = self.quiet[1]
            else:
                return moment
        raise ValueError("cannot be asked within a year")

    def may_be_asked(self, moment: datetime) -> bool:
        return self.next_instant(moment) == moment

    def at(self, day: date, local_time: time) -> datetime:
        """The first allowed instant on or after this local time of `day`."""
        return self.next_instant(instant(day, local_time, self.hours.zone))


def stand_in(person: int, reaches: Mapping[int, Reach], now: datetime) -> int | None:
    """Who is asked in the place of an absent person; themselves where they are not away.

    Chains are followed for three steps. None, so that the next on the ladder is asked: nobody was named, a circle, a
    longer chain, or somebody whom we cannot reach. Each absence is read on that person's own local date.
    """
    seen: set[int] = set()
    for _ in range(MOST_DELEGATES + 1):
        reach = reaches.get(person)
        if reach is None or person in seen:
            return None
        absence = reach.absence(now)
        if absence is None:
            return person
        if absence.delegate is None:
            return None
        seen.add(person)
        person = absence.delegate
    return None


def instead_of_left(left: Reach, reaches: Mapping[int, Reach], now: datetime) -> int | None:
    """Who was to cover for somebody who has left Slack covers on, as long as the days off that name them last."""
    absence = left.absence(now)
    return None if absence is None or absence.delegate is None else stand_in(absence.delegate, reaches, now)


def speaks_for(person: int, reaches: Mapping[int, Reach], now: datetime) -> int | None:
    """Who may answer for somebody: who stands in for them, and who did, until the end of their first day back."""
    now_in = stand_in(person, reaches, now)
    reach = reaches.get(person)
    if now_in != person or reach is None:
        return now_in
    ended = max((away.end for away in reach.away if away.end < reach.today(now)), default=None)
    if ended is None:
        return now_in
    last_moment = instant(ended + timedelta(days=1), time(), reach.hours.zone) - timedelta(seconds=1)
    first_day_back = reach.today(reach.next_instant(last_moment))
    return stand_in(person, reaches, last_moment) if reach.today(now) <= first_day_back else now_in
