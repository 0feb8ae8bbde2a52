"""Options weighed by criteria, and what it would take for another one to lead (domain 5.7).

Scores may be on any scale, weights need no common sum: 40/20/20/20 is 4/2/2/2. Everything is exact; a tie is a tie.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bot.domain.numbers import Exact

Leaders = tuple[str, ...]
"""The options with the highest total, in the order of their ids: more than one is a tie, and the first is named."""


class Option(NamedTuple):
    id: str
    name: str
    scores: Mapping[str, int]
    """By criterion; what no criterion asks for is not looked at."""


class Criterion(NamedTuple):
    id: str
    weight: Exact


class Missing(NamedTuple):
    option: str
    criterion: str


@dataclass(frozen=True)
class Incomparable:
    """No matrix: scores are missing, or, with `missing` empty, there are no criteria or no options."""

    missing: tuple[Missing, ...] = ()


class Flip(NamedTuple):
    """The winner changes when `criterion` weighs over (`over`) or under `share` of all weights, now `now`.

    The other weights keep their proportions. `to` leads beyond the threshold; on it, old and new winner tie.
    """

    criterion: str
    over: bool
    share: Fraction
    now: Fraction
    to: Leaders


@dataclass(frozen=True)
class Comparison:
    """`shares` are the weights as shares of 1, by criterion in the order given."""

    options: tuple[Option, ...]
    shares: dict[str, Fraction]
    totals: dict[str, Fraction]

    @property
    def rank(self) -> list[str]:
        """Best first; equal totals in the order of their ids."""
        return sorted(self.totals, key=lambda option: (-self.totals[option], option))

    @property
    def leaders(self) -> Leaders:
        return _leaders(self.totals)

    @property
    def winner(self) -> str:
        return self.leaders[0]

    @property
    def tie_for_first(self) -> bool:
        return len(self.leaders) > 1

    @property
    def margin(self) -> Fraction | None:
        """How far the first is ahead of the second, 0 in a tie; None with a single option."""
        best = [self.totals[option] for option in self.rank[:2]]
        return best[0] - best[1] if len(best) > 1 else None

    @property
    def leaders_if_dropped(self) -> dict[str, Leaders]:
        """Who leads without each criterion. Nobody is compared by nothing: empty with a single criterion."""
        return {criterion: _leaders(self._at(criterion, Fraction(0))) for criterion in self.droppable}

    @property
    def winner_if_criterion_dropped(self) -> dict[str, str]:
        """A tie goes to the smaller id; `leaders_if_dropped` knows that it is one."""
        return {criterion: leaders[0] for criterion, leaders in self.leaders_if_dropped.items()}

    @property
    def overturned_by_dropping(self) -> dict[str, Leaders]:
        """The criteria without which the winner of today no longer leads, not even in a tie."""
        return {left_out: to for left_out, to in self.leaders_if_dropped.items() if self.winner not in to}

    @property
    def heaviest(self) -> tuple[str, ...]:
        """The criteria with the largest weight."""
        return tuple(criterion for criterion, share in self.shares.items() if share == max(self.shares.values()))

    def chosen_is_top(self, chosen: str | None) -> bool:
        """Whether the option that was chosen is the first, or one of those tied for it."""
        return chosen in self.leaders

    @property
    def droppable(self) -> list[str]:
        """The criteria beside which there is another one."""
        return list(self.shares) if len(self.shares) > 1 else []

    def _at(self, criterion: str, share: Fraction) -> dict[str, Fraction]:
        """The totals if `criterion` had this share and the others divided the rest in their proportions."""
        return {option.id: share * score + (1 - share) * rest for option, score, rest in self.split(criterion)}

    def split(self, criterion: str) -> list[tuple[Option, Fraction, Fraction]]:
        """Each option with its score for the criterion, and its total by all the others."""
        share = self.shares[criterion]
        scores = [(option, Fraction(option.scores[criterion])) for option in self.options]
        return [(option, score, (self.totals[option.id] - share * score) / (1 - share)) for option, score in scores]


def weigh(options: Sequence[Option], criteria: Sequence[Criterion]) -> Comparison | Incomparable:
    """Weighted averages of the scores. ValueError for a weight that is not above 0, and for an id that occurs twice."""
    _check(options, criteria)
    missing = tuple(
        Missing(option.id, criterion.id)
        for option in options
        for criterion in criteria
        if option.scores.get(criterion.id) is None
    )
    if missing or not options or not criteria:
        return Incomparable(missing)
    whole = sum((Fraction(criterion.weight) for criterion in criteria), Fraction(0))
    shares = {criterion.id: Fraction(criterion.weight) / whole for criterion in criteria}
    totals = {
        option.id: sum((share * option.scores[criterion] for criterion, share in shares.items()), Fraction(0))
        for option in options
    }
    return Comparison(tuple(options), shares, totals)


def flips(comparison: Comparison) -> list[Flip]:
    """For each criterion the nearest change of the winner upwards and downwards, where there is one.

    A change that would take all the weight, or none, is none: leaving a criterion out is `leaders_if_dropped`.
    """
    found = [_flip(comparison, criterion, over) for criterion in comparison.droppable for over in (True, False)]
    return [flip for flip in found if flip]


def _flip(comparison: Comparison, criterion: str, over: bool) -> Flip | None:
    now = comparison.shares[criterion]
    gains = {option.id: score - rest for option, score, rest in comparison.split(criterion)}
    thresholds = {
        option: now + (comparison.totals[comparison.winner] - total) / (gains[option] - gains[comparison.winner])
        for option, total in comparison.totals.items()
        if (gains[option] > gains[comparison.winner] if over else gains[option] < gains[comparison.winner])
    }
    inside = [share for share in thresholds.values() if 0 < share < 1]
    if not inside:
        return None
    nearest = min(inside) if over else max(inside)
    steepness = {
        option: gains[option] if over else -gains[option] for option, share in thresholds.items() if share == nearest
    }
    return Flip(criterion, over, nearest, now, _leaders(steepness))


def _leaders(totals: Mapping[str, Fraction]) -> Leaders:
    best = max(totals.values())
    return tuple(sorted(option for option, total in totals.items() if total == best))


def _check(options: Sequence[Option], criteria: Sequence[Criterion]) -> None:
    if any(criterion.weight <= 0 for criterion in criteria):
        raise ValueError("a weight is above 0")
    for ids in ([option.id for option in options], [criterion.id for criterion in criteria]):
        if len(set(ids)) < len(ids):
            raise ValueError("an option or a criterion occurs twice")
