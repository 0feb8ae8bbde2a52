"""The published 5x5 risk matrices as data: the rank of each of 25 cells, and where each band begins (domain 2.8)."""

from dataclasses import dataclass
from enum import StrEnum

from models.schemas.risk import Band


class Preset(StrEnum):
    """The matrix that a program rates its risks with."""

    NPSA = "npsa"
    NZTA = "nzta"
    PMI = "pmi"
    AUSTRALIA = "australia"
    DEFENCE = "defence"

    @property
    def label(self) -> str:
        """Its name in a form."""
        return LABELS[self]


LABELS = {
    Preset.NPSA: "Product, UK NHS (NPSA 2008)",
    Preset.NZTA: "Product, New Zealand Transport Agency",
    Preset.PMI: "Probability × impact, PMI PMBOK",
    Preset.AUSTRALIA: "Unique ranks, Australia",
    Preset.DEFENCE: "Consequence first, US defence style",
}


@dataclass(frozen=True)
class PrintedBand:
    """A band under its publisher's name, the lowest rank that is in it, and which of our four it counts as."""

    name: str
    lowest: int
    band: Band


@dataclass(frozen=True)
class Published:
    """A matrix as its publisher prints it.

    `ranks` are rows of probability 1 to 5, each with impact 1 to 5. They are whole numbers so that they sort and
    compare exactly: what is printed is the rank divided by ten to the `rank_places`, rounded half up to `shown_places`.
    `bands` stand highest first. `probabilities` and `impacts` are the words of steps 1 to 5.
    """

    ranks: tuple[tuple[int, ...], ...]
    bands: tuple[PrintedBand, ...]
    probabilities: tuple[str, ...]
    impacts: tuple[str, ...]
    rank_places: int = 0
    shown_places: int = 0


PRODUCTS = (
    (1, 2, 3, 4, 5),
    (2, 4, 6, 8, 10),
    (3, 6, 9, 12, 15),
    (4, 8, 12, 16, 20),
    (5, 10, 15, 20, 25),
)

LIKELIHOOD = ("Rare", "Unlikely", "Possible", "Likely", "Almost certain")

NPSA = Published(
    ranks=PRODUCTS,
    bands=(
        PrintedBand("Extreme", 15, Band.EXTREME),
        PrintedBand("High", 8, Band.HIGH),
        PrintedBand("Moderate", 4, Band.MODERATE),
        PrintedBand("Low", 1, Band.LOW),
    ),
    probabilities=(
        "Rare (under 20%)",
        "Unlikely (20-40%)",
        "Possible (40-60%)",
        "Likely (60-80%)",
        "Almost certain (over 80%)",
    ),
    impacts=(
        "Negligible",
        "Minor: up to 5% more time or 10% more cost",
        "Moderate: up to 10% more time or 20% more cost",
        "Major: up to 20% more time or 40% more cost",
        "Severe: over 20% more time or 40% more cost",
    ),
)

NZTA = Published(
    ranks=PRODUCTS,
    bands=(
        PrintedBand("Extreme", 20, Band.EXTREME),
        # Ours has no fifth band. Very high counts as High: Extreme stays what its publisher calls extreme.
        PrintedBand("Very high", 15, Band.HIGH),
        PrintedBand("High", 10, Band.HIGH),
        # The source prints 4 both as low (1-4) and as moderate (4-9). The worse of the two is meant here.
        PrintedBand("Moderate", 4, Band.MODERATE),
        PrintedBand("Low", 1, Band.LOW),
    ),
    probabilities=LIKELIHOOD,
    impacts=("Insignificant", "Minor", "Moderate", "Major", "Extreme"),
)

PMI = Published(
    # Thousandths: the exact products, which the guide prints in hundredths.
    ranks=(
        (5, 10, 20, 40, 80),
        (15, 30, 60, 120, 240),
        (25, 50, 100, 200, 400),
        (35, 70, 140, 280, 560),
        (45, 90, 180, 360, 720),
    ),
    # The guide leaves the boundaries to the organisation: high from .18 and low up to .05 are ours. It has three bands,
    # so that nothing is Extreme.
    bands=(
        PrintedBand("High", 180, Band.HIGH),
        PrintedBand("Moderate", 51, Band.MODERATE),
        PrintedBand("Low", 5, Band.LOW),
    ),
    probabilities=("Very low (10%)", "Low (30%)", "Moderate (50%)", "High (70%)", "Very high (90%)"),
    impacts=(
        "Very low (0.05): hardly any more time or cost",
        "Low (0.10): under 5% more time or 10% more cost",
        "Moderate (0.20): 5-10% more time or 10-20% more cost",
        "High (0.40): 10-20% more time or 20-40% more cost",
        "Very high (0.80): over 20% more time or 40% more cost",
    ),
    rank_places=3,
    shown_places=2,
)

AUSTRALIA = Published(
    ranks=(
        (1, 3, 6, 9, 14),
        (2, 4, 11, 13, 19),
        (5, 10, 15, 18, 22),
        (7, 12, 17, 21, 24),
        (8, 16, 20, 23, 25),
    ),
    bands=(
        PrintedBand("Extreme", 23, Band.EXTREME),
        PrintedBand("High", 14, Band.HIGH),
        # The source's action table prints "Medium 6-21"; its own cells show 6-13.
        PrintedBand("Medium", 6, Band.MODERATE),
        PrintedBand("Low", 1, Band.LOW),
    ),
    probabilities=LIKELIHOOD,
    impacts=("Insignificant", "Minor", "Moderate", "Major", "Catastrophic"),
)

DEFENCE = Published(
    ranks=(
        (1, 3, 5, 9, 12),
        (2, 4, 11, 15, 17),
        (6, 10, 14, 19, 21),
        (7, 13, 18, 22, 24),
        (8, 16, 20, 23, 25),
    ),
    # Three bands in the source: nothing is Extreme.
    bands=(
        PrintedBand("High", 16, Band.HIGH),
        PrintedBand("Moderate", 7, Band.MODERATE),
        PrintedBand("Low", 1, Band.LOW),
    ),
    probabilities=("Not likely", "Low likelihood", "Likely", "Highly likely", "Near certainty"),
    impacts=("Minimal", "Minor", "Moderate", "Significant", "Severe"),
)

PUBLISHED = {
    Preset.NPSA: NPSA,
    Preset.NZTA: NZTA,
    Preset.PMI: PMI,
    Preset.AUSTRALIA: AUSTRALIA,
    Preset.DEFENCE: DEFENCE,
}
