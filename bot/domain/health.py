"""Health that is added up, overridden, and computed from the figures of a project (domain 4.5)."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from bot.domain.numbers import Exact
from bot.domain.status import AS_ACTIVE, SEVERITY, worst_of
from models.schemas.figures import Signal
from models.schemas.plan import RollupMethod
from models.schemas.project import State
from models.schemas.status import Health

MIN_OVERRIDE_REASON = 20
COUNTED = (Health.GREEN, Health.AMBER, Health.RED, Health.UNKNOWN)
"""What an active project can count as."""


@dataclass(frozen=True)
class Child:
    """An active project of a program, by its effective health."""

    health: Health
    weight: int = 1
    critical: bool = False

    @property
    def severity(self) -> int:
        return SEVERITY[self.health]


@dataclass(frozen=True)
class WeightedAt:
    """From which weighted score on a program is amber, and red."""

    amber: Exact = Fraction("0.5")
    red: Exact = Fraction("1.25")


@dataclass(frozen=True)
class Limits:
    """Below which index, and above which slip in working days, a project is amber, and red."""

    spi_amber: Exact = Fraction("0.9")
    spi_red: Exact = Fraction("0.8")
    cpi_amber: Exact = Fraction("0.9")
    cpi_red: Exact = Fraction("0.8")
    slip_amber: int = 0
    slip_red: int = 10


@dataclass(frozen=True)
class Override:
    """What the manager or the sponsor of a program said that it counts as, for a while."""

    health: Health
    reason: str
    by_manager: bool
    by_sponsor: bool
    set_at: datetime
    expires_at: datetime


def program_health(
    method: RollupMethod, children: Sequence[Child], weighted_at: WeightedAt = WeightedAt()
) -> Health | None:
    """None without an active project."""
    if not children:
        return None
    if method is RollupMethod.COUNTED:
        return counted(children)
    if method is RollupMethod.WEIGHTED:
        return weighted(children, weighted_at)
    return worst_of(child.health for child in children)


def weighted_score(children: Sequence[Child]) -> Fraction | None:
    weights = sum(child.weight for child in children)
    return Fraction(sum(child.weight * child.severity for child in children), weights) if weights else None


def weighted(children: Sequence[Child], at: WeightedAt = WeightedAt()) -> Health:
    """By the mean, but a critical project that is red makes the program red, and any red one amber at least."""
    score = weighted_score(children) or Fraction(0)
    red = [child for child in children if child.health is Health.RED]
    if score >= at.red or any(child.critical for child in red):
        return Health.RED
    return Health.AMBER if red or score >= at.amber else Health.GREEN


def counted(children: Iterable[Child]) -> Health:
    """Any red one is red, two amber ones are amber."""
    severities = [child.severity for child in children]
    if 2 in severities:
        return Health.RED
    return Health.AMBER if severities.count(1) >= 2 else Health.GREEN


def counts(children: Iterable[Child]) -> dict[Health, int]:
    healths = [child.health for child in children]
    return {health: healths.count(health) for health in COUNTED}


def override_counts(override: Override, computed: Health | None, now: datetime, most_days: int = 14) -> bool:
    """One that has run out, that lasts too long, says too little or flatters without the sponsor is ignored."""
    lasts = override.expires_at - override.set_at
    return (
        override.health in (Health.GREEN, Health.AMBER, Health.RED)
        and len(override.reason.strip()) >= MIN_OVERRIDE_REASON
        and timedelta(0) < lasts <= timedelta(days=most_days)
        and override.set_at <= now < override.expires_at
        and (override.by_sponsor or (override.by_manager and not _is_better(override.health, computed)))
    )


def signals(spi: Exact | None, cpi: Exact | None, max_slip: int, limits: Limits = Limits()) -> list[Signal]:
    """What speaks against a project; an index that is undefined says nothing."""
    found = (
        ("spi", _below(spi, limits.spi_amber, limits.spi_red)),
        ("cpi", _below(cpi, limits.cpi_amber, limits.cpi_red)),
        ("milestone_slip", _below(-max_slip, -limits.slip_amber, -limits.slip_red)),
    )
    return [Signal(name, health) for name, health in found if health is not Health.GREEN]


def computed_health(found: Iterable[Signal]) -> Health:
    """Of an active project."""
    return worst_of([Health.GREEN, *(signal.level for signal in found)]) or Health.GREEN


def is_watermelon(state: State, reported: Health | None, computed: Health) -> bool:
    """Green outside and red inside: the figures are worse than what was reported last."""
    if state is not State.ACTIVE or reported is None:
        return False
    return SEVERITY[computed] > SEVERITY[AS_ACTIVE.get(reported, reported)]


def portfolio_health(programs: Collection[tuple[Health | None, Health | None]]) -> Health | None:
    """The worst (computed, final) of programs with an active project; None where there is none."""
    return worst_of(final for computed, final in programs if computed is not None and final is not None)


def _is_better(health: Health, than: Health | None) -> bool:
    return than is not None and SEVERITY[health] < SEVERITY[than]


def _below(value: Exact | None, amber: Exact, red: Exact) -> Health:
    """Strictly: exactly at the limit is the better colour."""
    if value is None or not value < amber:
        return Health.GREEN
    return Health.RED if value < red else Health.AMBER
