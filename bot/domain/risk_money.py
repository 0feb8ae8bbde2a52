"""What risks may cost: expected values, and how the total of all of them is distributed (domain 5.5).

Costs are whole minor units of one currency. A threat's cost is positive, an opportunity's negative.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

from bot.domain.numbers import Exact, root_half_up
from models.schemas.risk import Kind

MINOR_UNITS = 100
"""Of one major unit, as in cents of a dollar: amounts are stored in them."""

CHANCE = {step: Fraction(2 * step - 1, 10) for step in range(1, 6)}
"""Steps 1 to 5 of probability as PMI's midpoints .1 .3 .5 .7 .9."""

MOST_SUMS = 5_000
"""Distinct totals that are told apart: with more, costs are rounded to a step first (`total_cost`)."""

Id = TypeVar("Id", int, str)


@dataclass(frozen=True)
class Exposure:
    """One risk in money: with `chance` it costs `cost`, otherwise nothing."""

    chance: Fraction
    cost: int

    def __post_init__(self) -> None:
        if not 0 <= self.chance <= 1:
            raise ValueError("a chance is between 0 and 1")

    @property
    def emv(self) -> Fraction:
        return self.chance * self.cost

    @property
    def variance(self) -> Fraction:
        return self.chance * (1 - self.chance) * self.cost**2


@dataclass(frozen=True)
class Totals:
    """Expected values by kind; opportunities are negative."""

    threats: Fraction
    opportunities: Fraction

    @property
    def net(self) -> Fraction:
        return self.threats + self.opportunities

    def coverage(self, contingency: Exact) -> Fraction | None:
        """How many times the reserve covers what threats are expected to cost; None when that is nothing."""
        return Fraction(contingency) / self.threats if self.threats else None


@dataclass(frozen=True)
class TotalCost:
    """The distribution of the total of independent risks.

    `sums` ascend; `parts[n]` of `parts[-1]` is the chance that the total is at most `sums[n]`. `mean` and `variance`
    are always exact. A quantile is exact when `within` is 0, else off by `within` at most.
    """

    sums: tuple[int, ...]
    parts: tuple[int, ...]
    mean: Fraction
    variance: Fraction
    within: int

    def chance_of_at_most(self, reserve: Exact) -> Fraction:
        """P(total <= reserve)."""
        covered = bisect_right(self.sums, Fraction(reserve))
        return Fraction(self.parts[covered - 1], self.parts[-1]) if covered else Fraction(0)

    def quantile(self, confidence: Exact) -> int:
        """The smallest reserve that is enough with this chance, such as Decimal('0.8')."""
        wanted = Fraction(confidence)
        if not 0 < wanted <= 1:
            raise ValueError("a confidence is above 0 and at most 1")
        return next(total for total, part in zip(self.sums, self.parts, strict=True) if part >= wanted * self.parts[-1])

    def sd(self, places: int = 0) -> Decimal:
        """The standard deviation in minor units, half up."""
        return root_half_up(self.variance, places)


def exposure(probability: int, cost: int) -> Exposure:
    """A risk of the register in money; ValueError for a step that is not on the scale."""
    if probability not in CHANCE:
        raise ValueError("probability is a whole number from 1 to 5")
    return Exposure(CHANCE[probability], cost)


def emv(probability: int, cost: int) -> Fraction:
    """Expected monetary value, in minor units."""
    return exposure(probability, cost).emv


def totals(risks: Iterable[tuple[Kind, Exposure]]) -> Totals:
    worth = {Kind.THREAT: Fraction(0), Kind.OPPORTUNITY: Fraction(0)}
    for kind, risk in risks:
        worth[kind] += risk.emv
    return Totals(worth[Kind.THREAT], worth[Kind.OPPORTUNITY])


def total_cost(risks: Iterable[Exposure], most_sums: int = MOST_SUMS) -> TotalCost:
    """All combinations of independent risks, by convolution.

    Exact up to `most_sums` distinct totals: always for 12 risks, and for any number whose amounts are round. Beyond
    that each cost is first rounded to a multiple of the step that leaves so many; `within` says what that can shift.
    """
    exposures = tuple(risks)
    mean = sum((risk.emv for risk in exposures), Fraction(0))
    variance = sum((risk.variance for risk in exposures), Fraction(0))
    chances = _convolve(exposures, most_sums)
    within = 0
    if chances is None:
        rounded = _on_a_grid(exposures, most_sums)
        within = sum(abs(risk.cost - near.cost) for risk, near in zip(exposures, rounded, strict=True))
        chances = _convolve(rounded, None) or {}
    sums = tuple(sorted(chances))
    return TotalCost(sums, tuple(accumulate(chances[total] for total in sums)), mean, variance, within)


def top_order(score: int, impact: int, proximity_on: date | None, id: Id) -> tuple[int, int, bool, date, Id]:
    """The sort key of top lists: score and impact falling, soonest first and undated last, then the id."""
    return -score, -impact, proximity_on is None, proximity_on or date.max, id


def _convolve(risks: Sequence[Exposure], most_sums: int | None) -> dict[int, int] | None:
    """Total -> parts of the whole. Whole numbers: the whole is the product of the chances' denominators.

    None when there are more totals than `most_sums`.
    """
    parts = {0: 1}
    for risk in risks:
        happens, whole = risk.chance.numerator, risk.chance.denominator
        following: dict[int, int] = {}
        for total, part in parts.items():
            for reached, share in ((total, whole - happens), (total + risk.cost, happens)):
                if share:
                    following[reached] = following.get(reached, 0) + part * share
        if most_sums is not None and len(following) > most_sums:
            return None
        parts = following
    return parts


def _on_a_grid(risks: Sequence[Exposure], most_sums: int) -> tuple[Exposure, ...]:
    """The risks with costs at the nearest multiple of one step."""
    step = -(-sum(abs(risk.cost) for risk in risks) // most_sums)
    return tuple(Exposure(risk.chance, (2 * risk.cost + step) // (2 * step) * step) for risk in risks)
