"""Local wall times and instants, by RFC 5545: what occurs twice means the first, what a gap skips moves on."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

WORKING_DAYS = frozenset({1, 2, 3, 4, 5})
"""ISO weekdays of a working week where nobody has said otherwise."""


def instant(day: date, at: time, zone: str) -> datetime:
    """The UTC instant of a local wall time (RFC 5545, 3.3.5)."""
    return datetime.combine(day, at).replace(tzinfo=ZoneInfo(zone), fold=0).astimezone(UTC)


def local_date(moment: datetime, zone: str) -> date:
    return moment.astimezone(ZoneInfo(zone)).date()


def next_weekday(day: date, weekday: int) -> date:
    """The first date on or after `day` with this ISO weekday."""
    return day + timedelta(days=(weekday - day.isoweekday()) % 7)


def parse_time(text: str) -> time:
    """'16:00' as a time of day."""
    return time.fromisoformat(text)


def iso_week(day: date) -> str:
    """The period that `day` lies in, as '2026-W14'."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


@dataclass(frozen=True)
class WorkingHours:
    """When a person works: ISO weekdays without the holidays, and a half-open window [start, end) in their zone."""

    zone: str
    start: time = time(9)
    end: time | None = time(18)
    """None is midnight, '24:00'."""
    days: frozenset[int] = WORKING_DAYS
    holidays: frozenset[date] = frozenset()

    def is_working(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.holidays

    def window(self, day: date) -> tuple[datetime, datetime] | None:
        if not self.is_working(day):
            return None
        end = instant(day, self.end, self.zone) if self.end else instant(day + timedelta(days=1), time(), self.zone)
        return instant(day, self.start, self.zone), end

    def on_or_before(self, day: date) -> date:
        """The working day that is `day`, or the last one before it: a holiday rolls backward (domain 4.1)."""
        return self._roll(day, -1)

    def on_or_after(self, day: date) -> date:
        return self._roll(day, 1)

    def after(self, day: date, number: int) -> date:
        """The `number`-th working day after `day`, which is not counted itself (domain 5.11, WORKDAY)."""
        for _ in range(number):
            day = self.on_or_after(day + timedelta(days=1))
        return day

    def elapsed(self, after: date, until: date) -> int:
        """Working days d with after < d <= until; 0 where there are none."""
        return sum(self.is_working(after + timedelta(days=n)) for n in range(1, (until - after).days + 1))

    def _roll(self, day: date, step: int) -> date:
        """No calendar has a year without a working day; one that does would never be left."""
        for _ in range(366):
            if self.is_working(day):
                return day
            day += timedelta(days=step)
        raise ValueError("a calendar without working days")


def after_working_hours(start: datetime, hours: float, calendar: WorkingHours) -> datetime:
    """The instant at which `hours` of working time have passed since `start` (domain E1)."""
    left = timedelta(hours=hours)
    day = local_date(start, calendar.zone)
    while True:
        window = calendar.window(day)
        if window and start < window[1]:
            begin = max(start, window[0])
            if left <= window[1] - begin:
                return begin + left
            left -= window[1] - begin
        day += timedelta(days=1)


def next_working_instant(moment: datetime, calendar: WorkingHours) -> datetime:
    """`moment` itself inside the hours [start, end), else the next start: nobody is asked outside them."""
    day = local_date(moment, calendar.zone)
    while True:
        window = calendar.window(day)
        if window and moment < window[1]:
            return max(moment, window[0])
        day += timedelta(days=1)


def working_days_between(after: date, until: date, days: Iterable[int] = WORKING_DAYS) -> int:
    """Working days d with after < d <= until: how late something is that was due on `after`."""
    working = frozenset(days)
    weeks, rest = divmod(max((until - after).days, 0), 7)
    return weeks * len(working) + sum((after + timedelta(days=n)).isoweekday() in working for n in range(1, rest + 1))


def working_day_after(day: date, number: int, days: Iterable[int] = WORKING_DAYS) -> date:
    """The `number`-th working day after `day`, which is not counted itself (domain 5.11, WORKDAY)."""
    working = frozenset(days)
    if not working:
        raise ValueError("a week without working days")
    left = number
    while left > 0:
        day += timedelta(days=1)
        left -= day.isoweekday() in working
    return day
