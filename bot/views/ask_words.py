"""One ask in words: what is wanted, what became of it, and the notification of all of them."""

from datetime import date

from bot.domain.wall_time import local_date
from bot.views.home_asks import want
from bot.views.text import count, cut, day, escape, link, name
from models.schemas.asks import BY_TITLE, AskLine, DailyAsk, Done, Owed
from models.schemas.home import AskKind, HomeAsk

MOST_NAME = 60
MOST_EFFECT = 100
MOST_DONE_NAME = 50
MOST_SUBJECT = 70
MOST_FOLLOWING = 3

SAID = {
    AskKind.STATUS: "update the status of {}",
    AskKind.READ_RISK: "acknowledge {}",
    AskKind.REVIEW_RISK: "review {}",
    AskKind.CLOSE_RISK: "close {}",
    AskKind.DECIDE: "decide {}",
    AskKind.GRADE: "review the outcome of {}",
    AskKind.READ_ISSUE: "acknowledge {}",
    AskKind.SOLVE_ISSUE: "resolve {}",
    AskKind.SETTLE: "confirm or refute {}",
    AskKind.MILESTONE: "re-date or achieve {}",
    AskKind.FINDING: "update {}",
    AskKind.CHECK_IN: "answer the check-in of {}",
    AskKind.READ_STATUS: "read the Red status of {}",
}
FOLLOWING = {
    AskKind.STATUS: "the {} status",
    AskKind.CHECK_IN: "the {} check-in",
    AskKind.READ_STATUS: "the Red status of {}",
}


def wanted(what: HomeAsk, most: int) -> str:
    """Its first line, in mrkdwn; at most so many characters of the title."""
    if what.kind is AskKind.MILESTONE and not what.is_overdue:
        return f"Mark {cut(escape(what.title), most)} achieved, or re-date it"
    return want(what, most)


def done_line(done: Done) -> str:
    """':white_check_mark: R-14 reviewed: now High 12, next review Fri 17 Apr'."""
    by = f", by {cut(name(done.by), MOST_DONE_NAME // 2)}" if done.by else ""
    return f":white_check_mark: {effect_line(done)}{by}"


def effect_line(done: Done) -> str:
    subject = cut(escape(done.subject), MOST_DONE_NAME) if done.kind in BY_TITLE else escape(done.subject)
    return f"{link(subject, done.link)} {cut(escape(done.effect), MOST_EFFECT)}"


def named(subject: str) -> str:
    return cut(subject, MOST_NAME)


def notification(daily: DailyAsk) -> str:
    """Stands alone on a lock screen: how many, the first one with its date, and what follows."""
    left, done, first = len(daily.left), len(daily.done), daily.left[0]
    if done:
        return f"{count(left, 'ask')} left of {left + done}. Next: {_first(first, daily.day)}."
    start = f"{count(left, 'ask')} for today{_shares(daily)}. First: {_first(first, daily.day)}."
    following = _following(daily)
    room = 150 - len(start) - 1
    return f"{start} {following}" if following and len(following) <= room else _short(start, left)


def _short(start: str, left: int) -> str:
    return f"{start} Then {left - 1} more." if left > 1 else start


def _shares(daily: DailyAsk) -> str:
    if not daily.covered:
        return ""
    parts = []
    for each in daily.covered:
        number = sum(line.behalf_of == each.person for line in daily.left)
        until = f", away until {day(each.until, daily.day)}" if each.until else ""
        parts.append(f"{number} on behalf of {name(each.person)}{until}")
    own = sum(line.behalf_of is None for line in daily.left)
    return ": " + ", ".join(parts) + (f", and {own} of your own" if own else "")


def _first(line: AskLine, today: date) -> str:
    what = line.what
    parts = [SAID[what.kind].format(cut(escape(what.subject), MOST_SUBJECT))]
    if what.band:
        parts.append(f"{what.band.title()} {what.points}")
    return ", ".join([*parts, *_when(what, line, today)])


def _when(what: Owed, line: AskLine, today: date) -> list[str]:
    on = what.due_on
    if what.due_at is not None:
        on = local_date(what.due_at, line.zone)
    return [f"{'was due' if what.is_overdue else 'due'} {day(on, today)}"] if on else []


def _following(daily: DailyAsk) -> str:
    rest = [_short_name(line.what) for line in daily.left[1:]]
    if not rest or len(rest) > MOST_FOLLOWING + 1:
        return ""
    return f"Then {' and '.join([', '.join(rest[:-1]), rest[-1]] if len(rest) > 1 else rest)}."


def _short_name(what: Owed) -> str:
    return FOLLOWING.get(what.kind, "{}").format(cut(escape(what.subject), MOST_NAME))
