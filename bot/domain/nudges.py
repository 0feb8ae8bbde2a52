"""When a person is asked for one thing, and when again; how long they may put it off (domain 4.4)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.domain.reach import Reach
from bot.domain.wall_time import WorkingHours, local_date

BEFORE_DUE = timedelta(hours=2)
HOUR = time(10)
"""Local, of what falls due on a date and of the reminders after it."""
WORKING_DAYS_AFTER_N2 = 2
PERIOD = timedelta(days=7)
MOST_CHOICES = 3


@dataclass(frozen=True)
class Nudge:
    """N0 is the first ask, N1 the one before the due instant, N2 and N3 come after it."""

    number: int
    at: datetime


def nudge_times(
    opens_at: datetime,
    due: datetime | date | None,
    reach: Reach,
    most: int = 3,
    *,
    closes_at: datetime | None = None,
    hour: time = HOUR,
) -> tuple[Nudge, ...]:
    """All instants at which the receiver is asked for this, each inside their hours, none at the close or after it.

    `due` is an instant where one was named, else a date, which has no N1. After N0 there are `most` at most.
    """
    try:
        found = _all(opens_at, due, reach, hour)
    except ValueError:  # nobody to be reached for a year
        return ()
    kept: list[Nudge] = []
    for nudge in found:
        is_later = not kept or nudge.at > kept[-1].at
        if is_later and len(kept) <= most and (closes_at is None or nudge.at < closes_at):
            kept.append(nudge)
    return tuple(kept) if kept and kept[0].number == 0 else ()


def newest(times: Iterable[Nudge], now: datetime) -> Nudge | None:
    """The last one whose time has come: after downtime the ones before it are not made up for."""
    return max((nudge for nudge in times if nudge.at <= now), key=lambda nudge: nudge.at, default=None)


def allowed_at(moment: datetime, reach: Reach) -> datetime:
    """`moment`, or the next instant at which this person may be asked: not before their own hour either."""
    at = reach.next_instant(moment)
    if reach.opens_at is None:
        return at
    return max(at, reach.at(local_date(at, reach.hours.zone), reach.opens_at))


def _all(opens_at: datetime, due: datetime | date | None, reach: Reach, hour: time) -> list[Nudge]:
    found = [Nudge(0, allowed_at(opens_at, reach))]
    if due is None:
        return found
    day = due
    if isinstance(due, datetime):
        day = reach.today(due)
        reminder = allowed_at(due - BEFORE_DUE, reach)
        found += [Nudge(1, reminder)] if reminder < due else []
    second = reach.at(reach.hours.after(day, 1), hour)
    third = reach.at(reach.hours.after(reach.today(second), WORKING_DAYS_AFTER_N2), hour)
    return [*found, Nudge(2, second), Nudge(3, third)]


def latest_snooze(due: date, hours: WorkingHours) -> date:
    """One period after it was due, rolled forward to a working day."""
    return hours.on_or_after(due + PERIOD)


def snooze_choices(today: date, due: date, reach: Reach) -> list[date]:
    """Up to three working days within the cap: the next one, one between, and the last. Empty where it has passed."""
    latest = latest_snooze(due, reach.hours)
    days = [today + timedelta(days=n) for n in range(1, (latest - today).days + 1)]
    working = [day for day in days if reach.is_at_work(day)]
    if len(working) <= MOST_CHOICES:
        return working
    return [working[0], working[len(working) // 2], working[-1]]
