"""Working days between two instants, on the dates of one calendar."""

from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.wall_time import WORKING_DAYS, local_date, working_days_between


@dataclass(frozen=True)
class WorkingCalendar:
    """A zone, its working ISO weekdays and its holidays."""

    zone: str
    days: frozenset[int] = WORKING_DAYS
    holidays: frozenset[date] = frozenset()

    def elapsed(self, start: datetime, end: datetime) -> int:
        """Working days in (start, end] by local dates: 0 on the day itself, and when `end` is earlier."""
        first, last = local_date(start, self.zone), local_date(end, self.zone)
        off = sum(first < holiday <= last and holiday.isoweekday() in self.days for holiday in self.holidays)
        return working_days_between(first, last, self.days) - off
