"""How well records are kept: the rules and the vector of domain 4.7."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from bot.domain.data_quality import WEIGHTS, Given, KnownThreat, Records, mean_score, quality
from bot.domain.numbers import half_up
from bot.domain.working_days import WorkingCalendar
from models.schemas.figures import Check
from models.schemas.plan import DependencyState
from models.schemas.risk import Band
from models.schemas.status import Freshness, Health

TODAY = date(2026, 3, 30)
WELL_KEPT = KnownThreat(Band.HIGH, has_owner=True, next_review_on=TODAY, has_strategy=True)
BARE = Records(
    TODAY,
    WorkingCalendar("America/New_York"),
    has_owner=True,
    freshness=Freshness.FRESH,
    reported=Health.GREEN,
    path_to_green=None,
)
FULL = replace(
    BARE,
    reported=Health.AMBER,
    path_to_green="Two more testers by Friday",
    threats=(WELL_KEPT,),
    unachieved_due=(TODAY,),
    gives=(Given(DependencyState.COMMITTED, TODAY),),
    has_budget=True,
    actuals_on=date(2026, 2, 23),
)


def test_the_published_vector():
    """P-104: of 80 that apply 45 pass. A review is past, a response and actuals are missing; nothing was said of a way
    to green, and nothing is given."""
    p104 = replace(
        FULL,
        reported=Health.GREEN,
        path_to_green=None,
        gives=(),
        threats=(WELL_KEPT, replace(WELL_KEPT, next_review_on=date(2026, 3, 27), has_strategy=False)),
        actuals_on=date(2026, 2, 20),
    )
    found = quality(p104)
    assert (found.applicable, found.passed) == (80, 45)
    assert found.score == Fraction("56.25")
    assert half_up(found.score) == 56


def test_everything_kept_well_is_100_of_100():
    found = quality(FULL)
    assert (found.passed, found.applicable, found.failed, found.not_applicable) == (100, 100, (), ())
    assert sum(WEIGHTS.values()) == 100 and list(WEIGHTS) == list(Check)


def test_what_has_nothing_to_test_leaves_the_denominator():
    found = quality(BARE)
    assert (found.passed, found.applicable) == (30, 30)
    assert found.not_applicable == tuple(Check)[2:]


@pytest.mark.parametrize(
    ("change", "failed"),
    [
        ({"has_owner": False}, "owner_set"),
        ({"freshness": Freshness.STALE}, "status_fresh"),
        ({"freshness": Freshness.NONE}, "status_fresh"),
        ({"path_to_green": " "}, "path_to_green"),
        ({"reported": Health.RED, "path_to_green": None}, "path_to_green"),
        ({"threats": (WELL_KEPT, replace(WELL_KEPT, has_owner=False))}, "risk_owner_and_review"),
        ({"threats": (replace(WELL_KEPT, next_review_on=None),)}, "risk_owner_and_review"),
        ({"threats": (replace(WELL_KEPT, next_review_on=date(2026, 3, 29)),)}, "risk_owner_and_review"),
        ({"threats": (replace(WELL_KEPT, has_strategy=False),)}, "risk_response"),
        ({"unachieved_due": (TODAY, date(2026, 3, 29))}, "milestones_current"),
        ({"gives": (Given(DependencyState.PROPOSED, date(2026, 4, 27)),)}, "dependencies_committed"),
        ({"gives": (Given(DependencyState.BLOCKED, date(2026, 3, 2)),)}, "dependencies_committed"),
        ({"actuals_on": date(2026, 2, 22)}, "actuals_recent"),
        ({"actuals_on": None}, "actuals_recent"),
    ],
)
def test_each_check_fails_by_itself(change, failed):
    assert quality(replace(FULL, **change)).failed == (Check(failed),)


@pytest.mark.parametrize(
    ("change", "unasked"),
    [
        ({"reported": None, "path_to_green": None}, "path_to_green"),
        ({"threats": (replace(WELL_KEPT, band=Band.MODERATE, has_strategy=False),)}, "risk_response"),
        ({"gives": (Given(DependencyState.PROPOSED, date(2026, 4, 28)),)}, "dependencies_committed"),
        ({"has_budget": False, "actuals_on": None}, "actuals_recent"),
    ],
)
def test_what_does_not_apply_is_not_held_against_anybody(change, unasked):
    found = quality(replace(FULL, **change))
    assert (found.failed, found.not_applicable) == ((), (Check(unasked),))


def test_a_program_is_the_mean_of_the_exact_scores():
    """50 and 56.25 and 62.5 rounded first would have been 57."""
    scores = [quality(replace(BARE, freshness=Freshness.DARK)), quality(FULL)]
    assert mean_score(scores) == (Fraction(100, 3) + 100) / 2
    assert mean_score([]) is None
