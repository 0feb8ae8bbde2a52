"""What is told of the portfolio's rollup to one person."""

from datetime import date, datetime

from bot.views.blocks import actions, button, context, message, section
from bot.views.portfolio import portfolio_message
from bot.views.rollup_table import line_sections
from bot.views.rollup_words import ask_line, city, clock_words
from bot.views.text import count, sentence, week
from models.schemas.message import Block, Message
from models.schemas.rollup import PortfolioRollup

MOST_ASKS = 30


def preview(rollup: PortfolioRollup, rule_id: int) -> Message:
    shown = portfolio_message(rollup, with_buttons=False)
    when = (
        f"It goes out {clock_words(rollup.next_at, rollup.tz, rollup.today)}." if rollup.next_at else "It is stopped."
    )
    value = str(rule_id)
    last: list[Block] = [
        context(f"Only you see this. {when}"),
        actions(
            button("Send now", "portfolio.send", value, primary=True),
            button("Change hour", "portfolio.hour", value),
            *([button("Stop it", "portfolio.stop", value)] if rollup.next_at else []),
        ),
    ]
    fallback = [*shown.fallback, *last] if shown.fallback is not None else None
    return message(sentence(f"Preview: {shown.text}"), *shown.blocks, *last, fallback=fallback)


def text_twin(rollup: PortfolioRollup) -> Message:
    shown = portfolio_message(rollup, with_buttons=False)
    return message(shown.text, *(shown.fallback or shown.blocks))


def all_asks(rollup: PortfolioRollup) -> Message:
    """Told to one person: it calls nobody."""
    lines = [
        f"{number}. {ask_line(ask, rollup.today, summons=False)}"
        for number, ask in enumerate(rollup.asks[:MOST_ASKS], start=1)
    ]
    rest = len(rollup.asks) - len(lines)
    told = f"{count(len(rollup.asks), 'ask')} of the portfolio, {week(rollup.period)}"
    return message(sentence(f"{told}."), *line_sections([f"*{told}*", *lines, *([f"and {rest} more"] if rest else [])]))


def said(words: str, rest: str) -> Message:
    return message(sentence(f"{words}."), section(f":white_check_mark: *{words}.*"), context(rest))


def set_up_done(next_at: datetime, zone: str, today: date) -> Message:
    when = clock_words(next_at, zone, today)
    return said(
        f"The rollup of all programs comes here {when}",
        f"Every week, in {city(zone)} time. /pm rollup portfolio shows it.",
    )
