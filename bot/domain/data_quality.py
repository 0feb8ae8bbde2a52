"""How well the records of a project are kept: what can be checked, and what passes (domain 4.7)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from bot.domain.working_days import WorkingCalendar
from models.schemas.figures import Check
from models.schemas.plan import DependencyState
from models.schemas.risk import Band
from models.schemas.status import Freshness, Health

RECENT_DAYS = 35
SOON_WORKING_DAYS = 20
SURE = (DependencyState.COMMITTED, DependencyState.IN_PROGRESS)


WEIGHTS = {
    Check.OWNER_SET: 10,
    Check.STATUS_FRESH: 20,
    Check.PATH_TO_GREEN: 10,
    Check.RISK_OWNER_AND_REVIEW: 15,
    Check.RISK_RESPONSE: 10,
    Check.MILESTONES_CURRENT: 15,
    Check.DEPENDENCIES_COMMITTED: 10,
    Check.ACTUALS_RECENT: 10,
}


@dataclass(frozen=True)
class KnownThreat:
    """An active threat of the project."""

    band: Band
    has_owner: bool
    next_review_on: date | None
    has_strategy: bool


@dataclass(frozen=True)
class Given:
    """An open dependency that the project gives."""

    state: DependencyState
    needed_by: date


@dataclass(frozen=True)
class Records:
    """What is known of an active project on a date of its program."""

    today: date
    calendar: WorkingCalendar
    has_owner: bool
    freshness: Freshness
    reported: Health | None
    path_to_green: str | None
    threats: Sequence[KnownThreat] = ()
    unachieved_due: Sequence[date] = ()
    """Dates of the milestones that are not achieved."""
    gives: Sequence[Given] = ()
    has_budget: bool = False
    actuals_on: date | None = None


@dataclass(frozen=True)
class Quality:
    passed: int
    applicable: int
    failed: tuple[Check, ...]
    not_applicable: tuple[Check, ...]

    @property
    def score(self) -> Fraction:
        """Of 100, exact."""
        return Fraction(100 * self.passed, self.applicable)


def quality(records: Records) -> Quality:
    results = dict(_results(records))
    return Quality(
        passed=sum(WEIGHTS[check] for check, passed in results.items() if passed),
        applicable=sum(WEIGHTS[check] for check, passed in results.items() if passed is not None),
        failed=tuple(check for check, passed in results.items() if passed is False),
        not_applicable=tuple(check for check, passed in results.items() if passed is None),
    )


def mean_score(projects: Iterable[Quality]) -> Fraction | None:
    """Of a program: the mean of the exact scores of its active projects, None without one."""
    scores = [project.score for project in projects]
    return sum(scores, Fraction(0)) / len(scores) if scores else None


def _results(of: Records) -> Iterator[tuple[Check, bool | None]]:
    """None where there is nothing to test."""
    serious = [threat for threat in of.threats if threat.band in (Band.HIGH, Band.EXTREME)]
    soon = [given for given in of.gives if of.calendar.between(of.today, given.needed_by) <= SOON_WORKING_DAYS]
    yield Check.OWNER_SET, of.has_owner
    yield Check.STATUS_FRESH, of.freshness is Freshness.FRESH
    has_path = bool(of.path_to_green and of.path_to_green.strip())
    yield Check.PATH_TO_GREEN, has_path if of.reported in (Health.AMBER, Health.RED) else None
    yield Check.RISK_OWNER_AND_REVIEW, _all(_is_kept(threat, of.today) for threat in of.threats)
    yield Check.RISK_RESPONSE, _all(threat.has_strategy for threat in serious)
    yield Check.MILESTONES_CURRENT, _all(due >= of.today for due in of.unachieved_due)
    yield Check.DEPENDENCIES_COMMITTED, _all(given.state in SURE for given in soon)
    recent = of.actuals_on is not None and (of.today - of.actuals_on).days <= RECENT_DAYS
    yield Check.ACTUALS_RECENT, recent if of.has_budget else None


def _is_kept(threat: KnownThreat, today: date) -> bool:
    return threat.has_owner and threat.next_review_on is not None and threat.next_review_on >= today


def _all(tests: Iterable[bool]) -> bool | None:
    known = list(tests)
    return all(known) if known else None
