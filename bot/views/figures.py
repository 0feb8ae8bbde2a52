"""Figures in words: beside a declared health, and to the owner who has not seen that they differ."""

from datetime import date, datetime

from bot.domain.rollup import AFTER_SHOWN
from bot.views.blocks import context, section
from bot.views.rollup_words import signal_words
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, local_instant, title
from models.schemas.disagreement import Difference
from models.schemas.message import Block

BLOCK = "figures"


def difference_blocks(found: Difference, *, now: datetime, tz: str) -> list[Block]:
    """On top of the status form."""
    figures = found.figures
    why = " · ".join(signal_words(signal.name, figures) for signal in figures.signals)
    said = f"The figures say {HEALTH_WORD[figures.computed]}. You last said {HEALTH_WORD[found.said]}."
    until = found.told_from or now + AFTER_SHOWN
    if until > now:
        who = f"Only you see this until {local_instant(until, tz)}."
    else:
        who = "The rollup says it beside your word."
    return [
        section(f"{HEALTH_SIGN[figures.computed]} *{said}*\n{why}") | {"block_id": BLOCK},
        context(f"{who} You may disagree: say why below.", block_id=f"{BLOCK}_until"),
    ]


def difference_line(found: Difference, today: date) -> str:
    """In the owner's daily message."""
    why = ", ".join(signal_words(signal.name, found.figures) for signal in found.figures.signals)
    word = HEALTH_WORD[found.figures.computed]
    return f"{title(found.name)}: the figures say {word} ({why}). You last said {HEALTH_WORD[found.said]}."
