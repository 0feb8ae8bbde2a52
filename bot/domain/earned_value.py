"""Earned value: what was planned, what was done, what it cost, and where that leads (domain 5.1).

Exact: an index is never rounded before it is used. Amounts are in one unit, whichever it is; what is undefined is None.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.domain.numbers import Exact
from models.schemas.plan import EvMethod, MilestoneStatus

WHOLE = 100


@dataclass(frozen=True)
class EarnedValue:
    """A project, or any sum of projects. Positive variances and indices above 1 are favourable."""

    bac: Fraction
    """Budget at completion."""
    pv: Fraction
    """Planned value: what should be done by now."""
    ev: Fraction
    """Earned value: what is done."""
    ac: Fraction
    """Actual cost of what is done."""

    @property
    def cv(self) -> Fraction:
        return self.ev - self.ac

    @property
    def sv(self) -> Fraction:
        return self.ev - self.pv

    @property
    def cv_share(self) -> Fraction | None:
        return _ratio(self.cv, self.ev)

    @property
    def sv_share(self) -> Fraction | None:
        return _ratio(self.sv, self.pv)

    @property
    def cpi(self) -> Fraction | None:
        return _ratio(self.ev, self.ac)

    @property
    def spi(self) -> Fraction | None:
        return _ratio(self.ev, self.pv)

    @property
    def eac_atypical(self) -> Fraction:
        """The rest costs what was planned."""
        return self.ac + self.bac - self.ev

    @property
    def eac_typical(self) -> Fraction | None:
        """The rest costs as much more, or less, as what is done."""
        return _over(self.bac, self.cpi)

    @property
    def eac_composite(self) -> Fraction | None:
        """The rest costs more for being late too."""
        if self.cpi is None or self.spi is None:
            return None
        rest = _over(self.bac - self.ev, self.cpi * self.spi)
        return None if rest is None else self.ac + rest

    @property
    def etc(self) -> Fraction | None:
        return None if self.eac_typical is None else self.eac_typical - self.ac

    @property
    def vac(self) -> Fraction | None:
        return None if self.eac_typical is None else self.bac - self.eac_typical

    @property
    def budget_exhausted(self) -> bool:
        """More was spent than there was: what remains cannot be done within it, whatever the efficiency."""
        return self.ac > self.bac

    @property
    def tcpi_bac(self) -> Fraction | None:
        """The efficiency that the budget still asks for; None where there is nothing left of it."""
        return None if self.budget_exhausted else _ratio(self.bac - self.ev, self.bac - self.ac)

    @property
    def tcpi_eac(self) -> Fraction | None:
        return None if self.etc is None else _ratio(self.bac - self.ev, self.etc)

    @property
    def complete(self) -> Fraction | None:
        return _ratio(self.ev, self.bac)

    @property
    def spent(self) -> Fraction | None:
        return _ratio(self.ac, self.bac)


@dataclass(frozen=True)
class Package:
    """A milestone as a piece of work. Without weights all are worth the same."""

    status: MilestoneStatus
    weight: int | None = None


@dataclass(frozen=True)
class WeekEnd:
    """What was planned and spent since the start."""

    week_end: date
    pv: Exact
    ac: Exact


def earned(
    bac: Exact, pv: Exact, method: EvMethod, *, percent_complete: Exact | None = None, packages: Sequence[Package] = ()
) -> Fraction:
    """Without a percentage, or without packages, nothing was earned yet."""
    match method:
        case EvMethod.LEVEL_OF_EFFORT:
            return Fraction(pv)
        case EvMethod.PERCENT_COMPLETE:
            return Fraction(bac) * Fraction(percent_complete or 0) / WHOLE
        case EvMethod.HALF_AND_HALF:
            started = Fraction(1, 2)
        case EvMethod.WEIGHTED_MILESTONES | EvMethod.ALL_OR_NOTHING:
            started = Fraction(0)
    return Fraction(bac) * _done(packages, started)


def to_date(weeks: Iterable[WeekEnd], day: date) -> tuple[Fraction, Fraction]:
    """Planned value and actual cost by the last week that had ended by `day`; nothing before the first."""
    ended = [week for week in weeks if week.week_end <= day]
    if not ended:
        return Fraction(0), Fraction(0)
    last = max(ended, key=lambda week: week.week_end)
    return Fraction(last.pv), Fraction(last.ac)


def total(parts: Iterable[EarnedValue]) -> EarnedValue:
    """Summed first, divided then: indices are never averaged."""
    values = [(part.bac, part.pv, part.ev, part.ac) for part in parts]
    return EarnedValue(*(sum(column, Fraction(0)) for column in zip(*values, strict=True))) if values else NOTHING


def critical_path_length_index(length: Exact, total_float: Exact) -> Fraction | None:
    """CPLI: below 1, the path is longer than the time that is left."""
    return _ratio(Fraction(length) + Fraction(total_float), Fraction(length))


def baseline_execution_index(finished: int, due: int) -> Fraction | None:
    """BEI: tasks finished by tasks that the baseline wanted finished."""
    return _ratio(Fraction(finished), Fraction(due))


NOTHING = EarnedValue(Fraction(0), Fraction(0), Fraction(0), Fraction(0))


def _done(packages: Sequence[Package], started: Fraction) -> Fraction:
    """The share of the weights: whole where achieved, `started` where in progress."""
    wanted = [package for package in packages if package.status is not MilestoneStatus.CANCELLED]
    weighted = any(package.weight for package in wanted)
    credit = {MilestoneStatus.ACHIEVED: Fraction(1), MilestoneStatus.IN_PROGRESS: started}
    weights = [(package.weight or 0) if weighted else 1 for package in wanted]
    done = (weight * credit.get(package.status, Fraction(0)) for weight, package in zip(weights, wanted, strict=True))
    return _ratio(sum(done, Fraction(0)), Fraction(sum(weights))) or Fraction(0)


def _ratio(part: Fraction, whole: Fraction) -> Fraction | None:
    return part / whole if whole else None


def _over(amount: Fraction, index: Fraction | None) -> Fraction | None:
    return amount / index if index else None
