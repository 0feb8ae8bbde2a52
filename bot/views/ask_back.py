"""Back from leave: what was answered for somebody, on the first day back."""

from collections.abc import Sequence
from datetime import date

from bot.views.ask_words import effect_line
from bot.views.blocks import actions, button, context, message, section
from bot.views.text import count, cut, day, listed, mention, name, sentence
from models.schemas.asks import Done, WelcomeBack
from models.schemas.home import AskKind
from models.schemas.message import Block, Message
from models.schemas.people import PersonCard

MOST_SHOWN = 5
MOST_NAMES = 3
MOST_ANSWERS = 30


def welcome_back(back: WelcomeBack, *, today: date) -> Message:
    """The message of a day on which nothing is asked."""
    words = sentence(f"Welcome back. {_told(back)}. {NOTHING}")
    return message(words, *back_blocks(back, today=today, overdue=0))


def back_blocks(back: WelcomeBack, *, today: date, overdue: int) -> list[Block]:
    """On top of the day's asks."""
    who = listed([mention(person) for person in _people(back)], MOST_NAMES)
    number = count(len(back.done), "ask")
    left = f"{count(overdue, 'ask')} of yours {'is' if overdue == 1 else 'are'} overdue." if overdue else NOTHING
    span = f"{day(back.start, today)} to {day(back.end, today)}"
    lines = [f"• {effect_line(each)}" for each in back.done[:MOST_SHOWN]]
    rest = len(back.done) - MOST_SHOWN
    return [
        section(f"*While you were away, {who} answered {number} for you*\n{span}. {left}"),
        section("\n".join([*lines, *([f"and {rest} more"] if rest > 0 else [])])),
        actions(button("Show answers", "delegate.show", str(back.absence_id), says="Show what was answered for you")),
    ]


NOTHING = "Nothing is overdue."


def answers_shown(back: WelcomeBack, *, today: date) -> Message:
    """All of them, to their owner alone."""
    lines = [f"• {effect_line(each)}" for each in back.done[:MOST_ANSWERS]]
    rest = len(back.done) - MOST_ANSWERS
    parts = [section("\n".join(lines[start : start + 10])) for start in range(0, len(lines), 10)]
    span = f"{day(back.start, today)} to {day(back.end, today)}"
    return message(
        sentence(f"{_told(back)}. {span}."),
        section(f"*Answered for you, {span}*"),
        *parts,
        context(f"and {rest} more" if rest > 0 else "Each record says so in its history. Only you see this."),
    )


def answers_of_day(done: Sequence[Done], *, today: date) -> Message:
    """What somebody answered on one of their days, each with the way to its record, where it is edited."""
    rows = [section(f"• {effect_line(each)}", accessory=_way(each)) for each in done[:MOST_ANSWERS]]
    words = f"{count(len(done), 'answer')} of {day(today, today)}"
    return message(
        f"{words}. Only you see this.",
        section(f"*{words}*\nEach is edited on its own record."),
        *rows,
        context("A posted status is replaced by a new one; the old one stays readable. Only you see this."),
    )


def _way(done: Done) -> Block:
    """An answer of a check-in is edited in its form, a record on its card."""
    if done.kind is AskKind.CHECK_IN:
        return button("Edit", "checkin.answer", str(done.record_id), says=cut(f"Edit {done.subject}", 75))
    return button("Show", "ask.show", f"{done.kind}:{done.record_id}", says=cut(f"Show {done.subject}", 75))


def _told(back: WelcomeBack) -> str:
    who = listed([name(person) for person in _people(back)], MOST_NAMES)
    return f"While you were away {who} answered {count(len(back.done), 'ask')} for you"


def _people(back: WelcomeBack) -> list[PersonCard]:
    return list({each.by.id: each.by for each in back.done if each.by}.values())
