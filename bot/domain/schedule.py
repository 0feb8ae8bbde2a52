"""The periods of a status request and of a rollup: which instants belong to which local date (domain 4.1)."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.wall_time import WorkingHours, instant, iso_week, local_date, next_weekday

REMIND_BEFORE_DUE = timedelta(hours=2)
SHORTEST = timedelta(hours=1)
"""What is left to answer in where opening and due date fall together."""
DAY = timedelta(days=1)
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Cadence:
    """Every n weeks on `weekday` (ISO), or on the first such weekday of every n-th month, at `at`, local in `zone`.

    These are the dates before any holiday moves them: the same ones for a period, whatever becomes of a calendar.
    """

    weekday: int
    at: time
    zone: str
    every: int = 1
    is_monthly: bool = False

    def on(self, day: date) -> datetime:
        return instant(day, self.at, self.zone)

    def first(self, now: datetime) -> date:
        """The first date whose instant is not before `now`."""
        day = self.on_or_after(local_date(now, self.zone))
        return day if self.on(day) >= now else self.on_or_after(day + DAY)

    def on_or_after(self, day: date) -> date:
        if not self.is_monthly:
            return next_weekday(day, self.weekday)
        this_month = self.within(day)
        return this_month if this_month >= day else self.within(_months_later(day, 1))

    def within(self, day: date) -> date:
        """The date that belongs to the week, or the month, of `day`."""
        if self.is_monthly:
            return next_weekday(day.replace(day=1), self.weekday)
        return day + timedelta(days=self.weekday - day.isoweekday())

    def after(self, day: date) -> date:
        """The date that follows the one of `day`'s period: each period once, whatever clocks do."""
        return self._moved(day, self.every)

    def before(self, day: date) -> date:
        return self._moved(day, -self.every)

    def period(self, day: date) -> str:
        return f"{day:%Y-%m}" if self.is_monthly else iso_week(day)

    def _moved(self, day: date, periods: int) -> date:
        return self.within(_months_later(day, periods) if self.is_monthly else day + periods * WEEK)


@dataclass(frozen=True)
class Window:
    """When the request of one period may be answered in time. `day` is the date of its opening before any move."""

    day: date
    period: str
    open_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class RequestTimes:
    """The instants of one period's status request."""

    period: str
    open_at: datetime
    remind_at: datetime
    due_at: datetime
    close_at: datetime


@dataclass(frozen=True)
class RequestRule:
    """When somebody is asked for a status: by a cadence, on their own working days."""

    opens: Cadence
    due_weekday: int
    due_at: time
    hours: WorkingHours

    def window(self, day: date) -> Window | None:
        """The period of nominal date `day`; None where its owner has no working day in it.

        What falls on a day off moves backward, never so far that it meets the period before.
        """
        due_on, before = self._due_on(day), self._due_on(self.opens.before(day))
        if due_on <= before:
            return None
        open_on = max(self._open_on(day, due_on), self.hours.on_or_after(before + DAY))
        due_at = instant(due_on, self.due_at, self.opens.zone)
        open_at = self.opens.on(open_on)
        if open_at >= due_at:
            open_at = due_at - SHORTEST
        return Window(day, self.opens.period(day), open_at, due_at)

    def coming(self, day: date, *, not_before: date | None = None) -> tuple[Window, list[date]]:
        """The first period from nominal date `day` on that can be asked, and the dates of those without a working day
        before it. What opens before the local date `not_before`, the end of a pause, is left out."""
        empty = []
        for nominal in self._from(day):
            window = self.window(nominal)
            if window is None:
                empty.append(nominal)
            elif not_before is None or local_date(window.open_at, self.opens.zone) >= not_before:
                return window, empty
        raise AssertionError("dates do not end")

    def opened_late(self, window: Window, at: datetime, close_at: datetime) -> Window | None:
        """The same period where its opening has passed when its rule was made so: it opens at `at`, on a working day,
        with a day to answer. None where it would close before."""
        on = self.hours.on_or_after(local_date(at, self.opens.zone))
        open_at = at if on == local_date(at, self.opens.zone) else self.opens.on(on)
        due_at = window.due_at
        if due_at <= open_at:
            due_at = min(instant(self.hours.on_or_after(on + DAY), self.due_at, self.opens.zone), close_at)
        return replace(window, open_at=open_at, due_at=due_at) if open_at < min(due_at, close_at) else None

    def times(self, window: Window, close_at: datetime) -> RequestTimes:
        remind_at = window.due_at - REMIND_BEFORE_DUE
        return RequestTimes(window.period, window.open_at, remind_at, window.due_at, close_at)

    def _due_on(self, day: date) -> date:
        return self.hours.on_or_before(next_weekday(day, self.due_weekday))

    def _open_on(self, day: date, due_on: date) -> date:
        """Where opening and due date only fall together because of a day off, it opens a working day earlier."""
        on = self.hours.on_or_before(day)
        if on >= due_on and self.opens.weekday != self.due_weekday:
            return self.hours.on_or_before(due_on - DAY)
        return on

    def _from(self, day: date) -> Iterator[date]:
        while True:
            yield day
            day = self.opens.after(day)


def moved_due(due_at: datetime, rule: RequestRule, was_in: str, now: datetime) -> datetime:
    """The due instant of an open request whose owner, or whose owner's zone, is another now: the same local time.

    A move takes no time away: where the new instant has passed already, the old one stays.
    """
    local = due_at.astimezone(ZoneInfo(was_in))
    moved = instant(rule.hours.on_or_before(local.date()), local.time(), rule.opens.zone)
    return moved if min(due_at, moved) > now else due_at


def _months_later(day: date, months: int) -> date:
    month = day.year * 12 + day.month - 1 + months
    return date(month // 12, month % 12 + 1, 1)
