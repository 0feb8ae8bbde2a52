"""Scores and bands by the matrix that a program has chosen.

Every matrix comes down to our four bands, on which rules and colours hang: a publisher's "medium" is Moderate, "very
high" is High, and a matrix of three bands has no Extreme. `printed` keeps the publisher's own word.
"""

from dataclasses import dataclass
from fractions import Fraction

from bot.domain.numbers import half_up
from bot.domain.risk_presets import PUBLISHED, Preset, PrintedBand, Published
from models.schemas.risk import Band

__all__ = ["Preset", "RiskMatrix", "matrix"]

STEPS = range(1, 6)


@dataclass(frozen=True)
class RiskMatrix:
    """A 5x5 matrix. Steps outside 1 to 5 raise ValueError."""

    preset: Preset
    data: Published

    def score(self, probability: int, impact: int) -> int:
        """The cell's rank: to sort and add up, within one matrix only. For people to read: `shown`."""
        return self.data.ranks[_index(probability)][_index(impact)]

    def shown(self, probability: int, impact: int) -> str:
        """The score as its publisher prints it: '20', or '0.36' with PMI."""
        return self.shown_score(self.score(probability, impact))

    def shown_score(self, score: int) -> str:
        """A score, or a sum of scores, as people read it."""
        return str(half_up(Fraction(score, 10**self.data.rank_places), self.data.shown_places))

    def band(self, probability: int, impact: int) -> Band:
        return self._printed_band(probability, impact).band

    def printed(self, probability: int, impact: int) -> str:
        """The publisher's word for the band, such as 'Very high' or 'Medium'."""
        return self._printed_band(probability, impact).name

    def probability_words(self, probability: int) -> str:
        """What a step of likelihood means, for a form."""
        return self.data.probabilities[_index(probability)]

    def impact_words(self, impact: int) -> str:
        """What a step of consequence means, for a form."""
        return self.data.impacts[_index(impact)]

    def _printed_band(self, probability: int, impact: int) -> PrintedBand:
        score = self.score(probability, impact)
        return next(printed for printed in self.data.bands if score >= printed.lowest)


def matrix(preset: Preset = Preset.NPSA) -> RiskMatrix:
    return MATRICES[preset]


def _index(step: int) -> int:
    if step not in STEPS:
        raise ValueError("probability and impact are whole numbers from 1 to 5")
    return int(step) - 1


MATRICES = {preset: RiskMatrix(preset, data) for preset, data in PUBLISHED.items()}
