"""The daily message: how many, worst first, each with its button."""

from collections.abc import Sequence
from datetime import date

from bot.domain.wall_time import local_date
from bot.views.blocks import actions, button, context, divider, message, section
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, count, cut, day, instant, sentence, title
from models.schemas.message import Block, Message
from models.schemas.schedule import OccurrenceState, StatusAsk

MOST_ASKS = 10
MOST_DONE = 10
MINUTES_EACH = 1


def daily_ask(asks: Sequence[StatusAsk], *, today: date) -> Message:
    """Edited in place after every answer: what is answered folds, the next ask takes the primary."""
    left = [ask for ask in asks if ask.is_open]
    done = [ask for ask in asks if ask.is_answered]
    if not left:
        return _all_done(done) if done and len(done) == len(asks) else _over(done)
    rows: list[Block] = []
    for number, ask in enumerate(left[:MOST_ASKS], start=1):
        rows += _row(number, ask, today)
    if len(left) > MOST_ASKS:
        rows.append(context(f"and {len(left) - MOST_ASKS} more wait in your Home"))
    folded = [divider(), section("\n".join(["*Done today*", *_done(done)]))] if done else []
    return message(
        sentence(_fallback(left, done, today)),
        section(_headline(left, done)),
        *rows,
        *folded,
        context("One message a day, inside your hours. What you answer goes quiet at once."),
    )


def _headline(left: Sequence[StatusAsk], done: Sequence[StatusAsk]) -> str:
    if done:
        return f"*{count(len(left), 'ask')} left of {len(left) + len(done)}*"
    minutes = count(len(left) * MINUTES_EACH, "minute")
    worst = ", worst first" if len(left) > 1 else ""
    return f"*{count(len(left), 'ask')} for today{worst}*\nAbout {minutes}."


def _row(number: int, ask: StatusAsk, today: date) -> list[Block]:
    last = "no update yet"
    if ask.last_health and ask.last_posted_on:
        health = f"{HEALTH_SIGN[ask.last_health]} {HEALTH_WORD[ask.last_health]}"
        last = f"last {health}, {day(ask.last_posted_on, today)}"
    text = f"*{number}. Update status of {title(ask.place.name)}*\n{due(ask)} · you own it · {last}"
    says = cut(f"Update status of {ask.place.name}", 75)
    answer = button("Update status", "status.open", ask.place.ref, primary=number == 1, says=says)
    return [section(text), actions(answer)]


def due(ask: StatusAsk) -> str:
    return f"{'Was due' if ask.state is OccurrenceState.OVERDUE else 'Due'} {instant(ask.due_at)}"


def _done(done: Sequence[StatusAsk]) -> list[str]:
    lines = [
        f":white_check_mark: {title(ask.place.name)} status posted"
        + (f": {HEALTH_WORD[ask.last_health]}" if ask.last_health else "")
        for ask in done[:MOST_DONE]
    ]
    return lines + ([f"and {len(done) - MOST_DONE} more"] if len(done) > MOST_DONE else [])


def _all_done(done: Sequence[StatusAsk]) -> Message:
    words = "All asks are answered" if len(done) > 1 else "Your ask is answered"
    lines = [f":white_check_mark: *{words}. Nothing more today.*", *_done(done)]
    return message(f"{words}. Nothing more today.", section("\n".join(lines)))


def _over(done: Sequence[StatusAsk]) -> Message:
    """A request ended, or went to another message or person: no button here would answer it any more."""
    words = "Nothing waits in this message any more."
    lines = [f"*{words}*", *_done(done)]
    return message(words, section("\n".join(lines)), context("What waits for you stands in your Home."))


def _fallback(left: Sequence[StatusAsk], done: Sequence[StatusAsk], today: date) -> str:
    first = left[0]
    more = f" Then {len(left) - 1} more." if len(left) > 1 else ""
    start = f"{count(len(left), 'ask')} left" if done else f"{count(len(left), 'ask')} for today"
    when = day(local_date(first.due_at, first.person.tz), today)
    was = "was due" if first.state is OccurrenceState.OVERDUE else "due"
    return f"{start}. First: update the status of {cut(title(first.place.name), 70)}, {was} {when}.{more}"
