"""Figures that are worse than an owner's word, as the owner is shown them first."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.rollup import AFTER_SHOWN
from bot.views.blocks import context, section
from bot.views.rollup_words import signal_words
from bot.views.text import HEALTH_SIGN, HEALTH_WORD, local_instant
from models.schemas.disagreement import Difference
from models.schemas.message import Block, View

BLOCK = "figures:"
"""What the ids of its blocks begin with; the project's follows."""


def with_figures(view: View, found: Difference | None, *, now: datetime, tz: str) -> View:
    """On top of the status form, instead of those of another project."""
    kept = [block for block in view["blocks"] if not str(block.get("block_id", "")).startswith(BLOCK)]
    return {**view, "blocks": [*(_blocks(found, now, tz) if found else []), *kept]}


def project_in(view: View | None) -> int | None:
    """Whose figures a form shows."""
    for block in (view or {}).get("blocks", ()):
        start, _, number = str(block.get("block_id", "")).partition(":")
        if f"{start}:" == BLOCK and number.isdecimal():
            return int(number)
    return None


def _blocks(found: Difference, now: datetime, tz: str) -> Sequence[Block]:
    figures = found.figures
    said = f"The figures say {HEALTH_WORD[figures.computed]}. You last said {HEALTH_WORD[found.said]}."
    until = found.told_from or now + AFTER_SHOWN
    who = f"Only you see this until {local_instant(until, tz)}." if until > now else "The rollup says it as well."
    return (
        section(f"{HEALTH_SIGN[figures.computed]} *{said}*\n{_why(found, ' · ')}")
        | {"block_id": f"{BLOCK}{found.project_id}"},
        context(f"{who} You may disagree: say why below.", block_id=f"{BLOCK}{found.project_id}:until"),
    )


def _why(found: Difference, between: str) -> str:
    return between.join(signal_words(signal.name, found.figures) for signal in found.figures.signals)
