"""Working days between two dates or instants, on the dates of one calendar (domain 5.11)."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil

from bot.domain.numbers import Exact
from bot.domain.wall_time import WORKING_DAYS, local_date, working_days_between

DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingCalendar:
    """A zone, its working ISO weekdays and its holidays."""

    zone: str
    days: frozenset[int] = WORKING_DAYS
    holidays: frozenset[date] = frozenset()

    def __post_init__(self) -> None:
        if not self.days:
            raise ValueError("a week without working days")

    def is_working(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.holidays

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Working days in (start, end] by local dates: 0 on the day itself, and when `end` is earlier."""
        return self.between(local_date(start, self.zone), local_date(end, self.zone))

    def between(self, after: date, until: date) -> int:
        """Working days in (after, until]: how late something is that was due on `after`; 0 when it is not."""
        off = sum(after < holiday <= until and holiday.isoweekday() in self.days for holiday in self.holidays)
        return working_days_between(after, until, self.days) - off

    def slip(self, due_on: date, finish_on: date) -> int:
        """How many working days later than due it finishes, below zero when earlier."""
        return self.between(due_on, finish_on) - self.between(finish_on, due_on)

    def inclusive(self, first: date, last: date) -> int:
        """NETWORKDAYS: working days in [first, last]."""
        return self.between(first - DAY, last)

    def after(self, day: date, number: int) -> date:
        """WORKDAY: the `number`-th working day after `day`, which is not counted; `day` itself for 0."""
        for _ in range(number):
            day = self.on_or_after(day + DAY)
        return day

    def on_or_after(self, day: date) -> date:
        while not self.is_working(day):
            day += DAY
        return day

    def on_or_before(self, day: date) -> date:
        while not self.is_working(day):
            day -= DAY
        return day

    def finish(self, start: date, days: Exact) -> date:
        """The day on which so many days of work are done that begin on the working day `start`."""
        return start if days <= 1 else self.after(start, ceil(days) - 1)
