"""Names that stand where a line ends, on no line and on no other name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.pictures.svg import MARGIN, USUAL, WIDTH, text
from bot.pictures.widths import width

Point = tuple[float, float]

LETTER_HIGH = 12
AIR = 4
TRIED = tuple(distance for away in range(0, 78, 6) for distance in (-12 - away, 20 + away))
"""Distances from a line's end to the name's baseline, the nearest first: above and below in turn."""
HIGHEST, LOWEST = 94.0, 337.0
"""Baselines between the words over a chart and the words below it."""


@dataclass(frozen=True)
class Label:
    words: str
    left: float
    y: float
    """Of the baseline."""
    wide: float

    @classmethod
    def at(cls, words: str, left: float, y: float) -> "Label":
        return cls(words, left, y, width(words, USUAL, bold=True))

    def drawn(self, ink: str) -> str:
        return text(self.left, self.y, self.words, size=USUAL, bold=True, ink=ink, halo=True)

    def meets(self, other: "Label") -> bool:
        apart = self.left + self.wide + AIR < other.left or other.left + other.wide + AIR < self.left
        return not apart and abs(self.y - other.y) < LETTER_HIGH + AIR

    def is_crossed_by(self, line: Sequence[Point]) -> bool:
        steps = range(int(self.left) - AIR, int(self.left + self.wide) + AIR, 3)
        heights = (height_at(line, x) for x in steps)
        return any(height is not None and self._covers(height) for height in heights)

    def _covers(self, height: float) -> bool:
        return self.y - LETTER_HIGH - AIR < height < self.y + AIR + 2


def placed(
    words: str, end: Point, lines: Iterable[Sequence[Point]], taken: Sequence[Label], *, gap: float = 8
) -> Label:
    """`gap` to the left of the end, or to its right where the sheet is too narrow; where every place is taken, the
    nearest one: its halo keeps it readable."""
    wide = width(words, USUAL, bold=True)
    left = end[0] - gap - wide
    if left < MARGIN * 3:
        left = min(end[0] + gap, WIDTH - MARGIN - wide)
    tried = [Label.at(words, left, end[1] + distance) for distance in TRIED]
    tried = [label for label in tried if HIGHEST <= label.y <= LOWEST]
    free = (
        label
        for label in tried
        if not any(label.is_crossed_by(line) for line in lines) and not any(label.meets(other) for other in taken)
    )
    return next(free, tried[0])


def height_at(line: Sequence[Point], x: float) -> float | None:
    for (x1, y1), (x2, y2) in pairwise(line):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return None
