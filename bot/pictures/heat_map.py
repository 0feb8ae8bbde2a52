"""Open risks by probability and impact, as a picture. Understood in grey and without its ids: each cell says its band's
letter and its number, and Extreme has a thick dark border."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.pictures.svg import (
    EDGE,
    INK,
    MARGIN,
    PAPER,
    QUIET_INK,
    SMALL,
    USUAL,
    WIDTH,
    box,
    heading,
    of_place,
    sheet,
    text,
)
from bot.pictures.widths import fit, width
from bot.views.heat_map import SCALE, headline, letter
from bot.views.text import day
from models.schemas.charts import HeatMap
from models.schemas.risk import Band

HIGH = 470
LEFT, TOP = 133.5, 79.5
CELL_WIDE, CELL_HIGH, GAP = 94, 60, 3


@dataclass(frozen=True)
class Paint:
    fill: str
    ink: str = INK
    edge: str = EDGE
    thick: float = 1


PAINT = {
    Band.EXTREME: Paint("#A3142E", ink=PAPER, edge=INK, thick=2.5),
    Band.HIGH: Paint("#F0A742"),
    Band.MODERATE: Paint("#F9E3A0"),
    Band.LOW: Paint("#D6E9D2"),
}
"""At least 4.5:1 between ink and fill."""


def heat_map_svg(chart: HeatMap) -> str:
    return sheet(HIGH, "Risk heat map", _parts(chart))


def _parts(chart: HeatMap) -> Iterator[str]:
    yield heading(headline(chart))
    yield of_place(60, chart.place, f", {day(chart.as_of, chart.as_of)}. Big number = risks in the cell.")
    for probability in reversed(SCALE):
        yield from _row_label(probability, chart.probabilities[probability - 1])
        for impact in SCALE:
            yield from _cell(chart, probability, impact)
    for impact in SCALE:
        yield from _column_label(impact, chart.impacts[impact - 1])
    yield from _legend(chart)


def _corner(probability: int, impact: int) -> tuple[float, float]:
    return LEFT + (impact - 1) * (CELL_WIDE + GAP), TOP + (5 - probability) * (CELL_HIGH + GAP)


def _row_label(probability: int, words: str) -> Iterator[str]:
    x, y = LEFT - 9, _corner(probability, 1)[1]
    yield text(x, y + 27, f"P{probability}", size=USUAL, bold=True, anchor="end")
    yield text(x, y + 45, fit(_short(words), x - MARGIN + 4, SMALL), ink=QUIET_INK, anchor="end")


def _column_label(impact: int, words: str) -> Iterator[str]:
    x, y = _corner(1, impact)[0] + CELL_WIDE / 2, _corner(0, 1)[1]
    yield text(x, y + 17, f"I{impact}", size=USUAL, bold=True, anchor="middle")
    yield text(x, y + 34, fit(_short(words), CELL_WIDE, SMALL), ink=QUIET_INK, anchor="middle")


def _short(words: str) -> str:
    """'Minor' of 'Minor: up to 5% more time'."""
    return re.split("[:(]", words)[0].strip()


def _cell(chart: HeatMap, probability: int, impact: int) -> Iterator[str]:
    x, y = _corner(probability, impact)
    band = chart.band(probability, impact)
    paint = PAINT[band]
    refs = [risk.ref for risk in chart.cell(probability, impact)]
    yield box(x, y, CELL_WIDE, CELL_HIGH, fill=paint.fill, edge=paint.edge, thick=paint.thick)
    yield text(x + 8, y + 20, letter(band), size=16, bold=True, ink=paint.ink)
    yield _number(x, y, len(refs), paint.ink)
    ids = _ids_that_fit(refs)
    if ids:
        yield text(x + CELL_WIDE / 2, y + 51, ids, ink=paint.ink, anchor="middle")


def _number(x: float, y: float, number: int, ink: str) -> str:
    """In the middle; beside the letter where it is too wide for that."""
    words = str(number)
    if number == 0:
        return text(x + CELL_WIDE / 2, y + 32, words, size=18, ink=ink, anchor="middle")
    if len(words) < 3:
        return text(x + CELL_WIDE / 2, y + 32, words, size=28, bold=True, ink=ink, anchor="middle")
    size = min(24, int((CELL_WIDE - 34) / width(words, 1, bold=True)))
    return text(x + CELL_WIDE - 6, y + 32, words, size=max(SMALL, size), bold=True, ink=ink, anchor="end")


def _ids_that_fit(refs: list[str]) -> str:
    """'R-6, R-17 +2', as many as the cell is wide for; none when not even one fits, since the number says it."""
    for shown in range(min(2, len(refs)), 0, -1):
        rest = f" +{len(refs) - shown}" if len(refs) > shown else ""
        words = ", ".join(refs[:shown]) + rest
        if width(words, SMALL) <= CELL_WIDE - 6:
            return words
    return ""


def _legend(chart: HeatMap) -> Iterator[str]:
    y = HIGH - 18
    bands = [band for band in Band if any(band in row for row in chart.bands)]
    labels = [f"{letter(band)} {band.title()} {chart.scores.get(band, '')}".rstrip() for band in bands]
    free = WIDTH - 2 * MARGIN - sum(20 + width(label, SMALL) for label in labels)
    x = float(MARGIN)
    for band, label in zip(bands, labels, strict=True):
        paint = PAINT[band]
        yield box(x, y - 12, 14, 14, fill=paint.fill, edge=paint.edge, thick=min(paint.thick, 2))
        yield text(x + 20, y, label)
        x += 20 + width(label, SMALL) + free / max(1, len(bands) - 1)
