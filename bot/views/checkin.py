"""A check-in as one person is asked for it: a row of their daily message, or a message by itself."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.domain.wall_time import local_date
from bot.views.blocks import actions, button, message, section
from bot.views.text import count, cut, day, escape, instant, link, sentence, title
from models.schemas.checkin import CheckinAsk, OpenBlocker
from models.schemas.message import Block, Message

MOST_TEAM = 60
MOST_BLOCKER = 150
MOST_SHOWN = 3
"""Open blockers that the message names; the form asks about all of them."""


def checkin_ask_row(number: int, ask: CheckinAsk, *, primary: bool = False, more: Block | None = None) -> list[Block]:
    """One ask among others. `more` is the dots of the daily message, `primary` its first ask's button."""
    what = f"*{number}. Answer the check-in of {cut(title(ask.team), MOST_TEAM)}*\n"
    return [section(what + f"{_size(ask)} · open until {until(ask)}"), actions(*_answers(ask, primary), *_dots(more))]


def checkin_alone(ask: CheckinAsk, *, more: Block | None = None) -> Message:
    """The whole message of a day on which nothing else is asked."""
    zone = ask.person.tz
    close = ask.close_at.astimezone(ZoneInfo(zone))
    other_day = "" if close.date() == ask.local_date else f"{day(close.date(), ask.local_date)}, "
    return message(
        sentence(
            f"Check-in for {cut(title(ask.team), MOST_TEAM)}: {_size(ask)}, "
            f"open until {other_day}{close:%H:%M} your time."
        ),
        section(f"*Check-in for {title(ask.team)}*\n{_size(ask)}. Open until {until(ask)}."),
        section("\n".join(_blocked(ask))) if ask.open_blockers else None,
        _alone(ask, more),
    )


def until(ask: CheckinAsk) -> str:
    """The hour alone where it is today for the reader."""
    if local_date(ask.close_at, ask.person.tz) == ask.local_date:
        return clock_time(ask.close_at)
    return instant(ask.close_at)


def clock_time(moment: datetime) -> str:
    """'17:30' in each reader's own zone."""
    utc = moment.astimezone(UTC)
    return f"<!date^{int(utc.timestamp())}^{{time}}|{utc.day} {utc:%b}, {utc:%H:%M} UTC>"


def blocker_words(text: str, most: int = MOST_BLOCKER) -> str:
    """On one line, escaped, then measured."""
    return cut(escape(" ".join(text.split())), most)


def since(blocked_on: date, today: date) -> str:
    return "since today" if blocked_on >= today else f"since {day(blocked_on, today)}"


def _size(ask: CheckinAsk) -> str:
    return f"{count(ask.questions, 'question')}, {count(ask.minutes, 'minute')}"


def _blocked(ask: CheckinAsk) -> list[str]:
    shown = [_blocked_by(blocker, ask.local_date) for blocker in ask.open_blockers[:MOST_SHOWN]]
    left = len(ask.open_blockers) - len(shown)
    return shown + ([f"and {left} more"] if left > 0 else [])


def _blocked_by(blocker: OpenBlocker, today: date) -> str:
    yesterday = today - timedelta(days=1)
    start = "Yesterday you were blocked:" if blocker.since_on == yesterday else "You were blocked:"
    when = "" if blocker.since_on >= yesterday else f", {since(blocker.since_on, today)}"
    record = f" ({link(blocker.record_ref, blocker.record_link)})" if blocker.record_ref else ""
    return f"{start} _{blocker_words(blocker.text)}_{when}{record}."


def _alone(ask: CheckinAsk, more: Block | None) -> Block:
    """With the blocker that it asks about, where there is one."""
    answer, skip = _answers(ask, primary=True)
    solved = [
        button("Mark solved", "blocker.solve", str(blocker.id), says=f"Mark {blocker.ref} solved")
        for blocker in ask.open_blockers
        if len(ask.open_blockers) == 1
    ]
    return actions(answer, *solved, skip, *_dots(more))


def _answers(ask: CheckinAsk, primary: bool) -> tuple[Block, Block]:
    team, value = cut(ask.team, 40), str(ask.id)
    return (
        button("Answer", "checkin.answer", value, primary=primary, says=f"Answer the check-in of {team}"),
        button("Skip today", "checkin.skip", value, says=f"Skip the check-in of {team} today"),
    )


def _dots(more: Block | None) -> list[Block]:
    return [more] if more else []
