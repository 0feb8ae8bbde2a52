"""Which date of a rule comes next: when it is made, when it is made differently, and when its time has come."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.schedule import Cadence, RequestRule, Window


@dataclass(frozen=True)
class Before:
    """How a rule stood until now."""

    opens: Cadence
    day: date
    """The date that would have come next, before any move."""
    is_running: bool
    last: date | None = None
    """The last one that was opened."""
    due_at: datetime | None = None
    """Of the request that still waits for its answer: the next one does not open before."""


@dataclass(frozen=True)
class Coming:
    day: date
    moment: datetime
    empty: Sequence[date] = ()
    """Dates of periods without a working day that were passed."""


@dataclass(frozen=True)
class Taken:
    """What a rule opens now, and what it opens next. `window` is None where its time has not come after all."""

    window: Window | None
    coming: Coming


def next_rollup(opens: Cadence, before: Before | None, now: datetime) -> Coming:
    """Another weekday begins with its next one; another hour or zone keeps the date."""
    if before is not None and before.is_running and before.opens.weekday == opens.weekday:
        return Coming(before.day, opens.on(before.day))
    day = opens.first(now)
    if before is not None and before.last is not None and day <= before.last:
        day = opens.after(before.last)
    return Coming(day, opens.on(day))


def next_request(rule: RequestRule, before: Before | None, now: datetime, paused_until: date | None = None) -> Coming:
    """A rule that runs keeps its period, so that none is asked twice or left out; a new rhythm, or one that rested,
    begins with the next date after the last."""
    is_same = before is not None and _rhythm(before.opens) == _rhythm(rule.opens)
    if before is not None and before.is_running and is_same:
        return _kept(rule, before, now, paused_until)
    return _anew(rule, before, now, paused_until)


def take(rule: RequestRule, day: date, moment: datetime, now: datetime, paused_until: date | None = None) -> Taken:
    """`moment` is when the period of `day` was to open. After downtime only the newest one counts."""
    window, empty = rule.coming(day, not_before=paused_until)
    if window.open_at > now:
        return Taken(None, Coming(window.day, window.open_at, empty))
    following, passed = rule.coming(rule.opens.after(window.day), not_before=paused_until)
    while following.open_at <= now:
        window, empty = following, [*empty, *passed]
        following, passed = rule.coming(rule.opens.after(window.day), not_before=paused_until)
    if window.open_at < moment <= now:
        window = rule.opened_late(window, moment, following.open_at) or window
    return Taken(window, Coming(following.day, following.open_at, [*empty, *passed]))


def _rhythm(opens: Cadence) -> tuple[int, bool]:
    return opens.every, opens.is_monthly


def _kept(rule: RequestRule, before: Before, now: datetime, paused_until: date | None) -> Coming:
    """The same period. Where its opening has passed by the new rule, it opens at once."""
    window, empty = rule.coming(rule.opens.within(before.day), not_before=paused_until)
    not_before = max(now, before.due_at) if before.due_at is not None else now
    while window.open_at < not_before:
        following, passed = rule.coming(rule.opens.after(window.day), not_before=paused_until)
        late = rule.opened_late(window, not_before, following.open_at) if following.open_at > now else None
        if late is not None:
            return Coming(late.day, late.open_at, empty)
        window, empty = following, [*empty, window.day, *passed]
    return Coming(window.day, window.open_at, empty)


def _anew(rule: RequestRule, before: Before | None, now: datetime, paused_until: date | None) -> Coming:
    day, not_before = rule.opens.first(now), now
    if before is not None and before.last is not None:
        day = max(day, rule.opens.after(before.last))
    if before is not None and before.due_at is not None:
        not_before = max(now, before.due_at)
    window, empty = rule.coming(day, not_before=paused_until)
    while window.open_at < not_before:
        window, passed = rule.coming(rule.opens.after(window.day), not_before=paused_until)
        empty = [*empty, *passed]
    return Coming(window.day, window.open_at, empty if before is not None and before.is_running else ())
