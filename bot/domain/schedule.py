"""The weeks of a status request and of a rollup: which instants belong to which local date."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.wall_time import instant, iso_week, local_date, next_weekday, parse_time

REMIND_BEFORE_DUE = timedelta(hours=2)


@dataclass(frozen=True)
class Weekly:
    """Every week on `weekday` (ISO) at `at`, local time in `zone`."""

    weekday: int
    at: time
    zone: str

    def first(self, now: datetime) -> tuple[date, datetime]:
        """The first local date, and its instant, that is not before `now`."""
        day = next_weekday(local_date(now, self.zone), self.weekday)
        return (day, self.on(day)) if self.on(day) >= now else self.after(day)

    def on(self, day: date) -> datetime:
        return instant(day, self.at, self.zone)

    def after(self, day: date) -> tuple[date, datetime]:
        """The occurrence that follows the one of local date `day`: each local date once, whatever clocks do."""
        following = next_weekday(day + timedelta(days=1), self.weekday)
        return following, self.on(following)


@dataclass(frozen=True)
class RequestTimes:
    """The instants of one week's status request."""

    period: str
    open_at: datetime
    remind_at: datetime
    due_at: datetime
    close_at: datetime


def request_times(opens: Weekly, day: date, due_weekday: int, due_at: str) -> RequestTimes:
    """The request that opens on local date `day`; it closes when the next one opens."""
    due = instant(next_weekday(day, due_weekday), parse_time(due_at), opens.zone)
    return RequestTimes(
        period=iso_week(day),
        open_at=opens.on(day),
        remind_at=due - REMIND_BEFORE_DUE,
        due_at=due,
        close_at=opens.after(day)[1],
    )
