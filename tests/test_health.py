"""Health that is added up, overridden and computed: the vectors and rules of domain 4.2 and 4.5."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from bot.domain.health import (
    Child,
    Limits,
    Override,
    WeightedAt,
    computed_health,
    counted,
    counts,
    is_watermelon,
    override_counts,
    portfolio_health,
    program_health,
    signals,
    weighted,
    weighted_score,
)
from bot.domain.status import freshness
from models.schemas.figures import Signal
from models.schemas.plan import RollupMethod
from models.schemas.project import State
from models.schemas.status import Freshness, Health

GREEN, AMBER, RED, UNKNOWN = Health.GREEN, Health.AMBER, Health.RED, Health.UNKNOWN
NOW = datetime(2026, 3, 30, 13, tzinfo=UTC)


def children(*healths: Health) -> list[Child]:
    return [Child(health) for health in healths]


def test_the_published_vector_of_the_weighted_mean():
    three = [Child(GREEN, 2), Child(RED, 3), Child(AMBER, 3)]
    assert weighted_score(three) == Fraction("1.125")
    assert weighted(three) is AMBER
    assert weighted([three[0], replace(three[1], critical=True), three[2]]) is RED
    boundary = children(GREEN, AMBER)
    assert weighted_score(boundary) == Fraction("0.5")
    assert weighted(boundary) is AMBER


def test_one_red_project_makes_a_program_amber_at_least_however_light_it_is():
    assert weighted([Child(GREEN, 10), Child(RED, 1)]) is AMBER
    assert weighted([Child(GREEN, 10), Child(AMBER, 1)]) is GREEN
    assert weighted(children(RED, RED, GREEN)) is RED
    assert weighted([Child(RED, 5), Child(AMBER, 15)]) is RED  # 1.25, inclusive
    assert weighted([Child(RED, 5), Child(AMBER, 15)], WeightedAt(red=Fraction("1.26"))) is AMBER
    assert weighted(children(GREEN, AMBER), WeightedAt(amber=Fraction("0.51"))) is GREEN


@pytest.mark.parametrize(
    ("healths", "worst", "by_count"),
    [
        ((GREEN, GREEN), GREEN, GREEN),
        ((GREEN, AMBER), AMBER, GREEN),
        ((AMBER, AMBER), AMBER, AMBER),
        ((UNKNOWN, AMBER), AMBER, AMBER),
        ((UNKNOWN, GREEN), AMBER, GREEN),
        ((GREEN, RED), RED, RED),
    ],
)
def test_worst_of_and_counted(healths, worst, by_count):
    assert program_health(RollupMethod.WORST_OF, children(*healths)) is worst
    assert program_health(RollupMethod.COUNTED, children(*healths)) is counted(children(*healths)) is by_count


@pytest.mark.parametrize("method", RollupMethod)
def test_a_program_without_an_active_project_has_no_health(method):
    assert program_health(method, []) is None
    assert weighted_score([]) is None


def test_every_colour_is_counted_and_the_dark_ones_apart():
    assert counts(children(GREEN, UNKNOWN, UNKNOWN)) == {GREEN: 1, AMBER: 0, RED: 0, UNKNOWN: 2}


LIVE = Override(
    RED,
    "The regulator moved the meeting",
    by_manager=True,
    by_sponsor=False,
    set_at=NOW - timedelta(days=6),
    expires_at=NOW + timedelta(days=8),
)


@pytest.mark.parametrize(
    ("change", "computed", "active"),
    [
        ({}, AMBER, True),
        ({}, None, True),
        ({"health": AMBER}, AMBER, True),
        ({"health": GREEN}, AMBER, False),
        ({"health": GREEN, "by_sponsor": True}, AMBER, True),
        ({"by_manager": False}, AMBER, False),
        ({"by_manager": False, "by_sponsor": True}, AMBER, True),
        ({"health": UNKNOWN}, AMBER, False),
        ({"reason": "x" * 19}, AMBER, False),
        ({"reason": "x" * 20}, AMBER, True),
        ({"reason": " " * 10 + "x" * 19}, AMBER, False),
        ({"expires_at": LIVE.set_at + timedelta(days=14)}, AMBER, True),
        ({"expires_at": LIVE.set_at + timedelta(days=14, seconds=1)}, AMBER, False),
        ({"set_at": NOW}, AMBER, True),
        ({"set_at": NOW + timedelta(seconds=1)}, AMBER, False),
        ({"expires_at": NOW}, AMBER, False),
        ({"expires_at": NOW + timedelta(seconds=1)}, AMBER, True),
        ({"expires_at": LIVE.set_at - timedelta(days=1)}, AMBER, False),
    ],
)
def test_an_override_counts_only_by_its_rules(change, computed, active):
    assert override_counts(replace(LIVE, **change), computed, NOW) is active


def test_the_longest_override_is_a_parameter():
    assert not override_counts(LIVE, AMBER, NOW, most_days=13)


@pytest.mark.parametrize(
    ("spi", "cpi", "slip", "found", "health"),
    [
        ("0.90", "0.90", 0, [], GREEN),
        ("0.80", "1", 0, [("spi", AMBER)], AMBER),
        ("0.8999", "0.7999", 0, [("spi", AMBER), ("cpi", RED)], RED),
        ("1", "1", 1, [("milestone_slip", AMBER)], AMBER),
        ("1", "1", 10, [("milestone_slip", AMBER)], AMBER),
        ("1", "1", 11, [("milestone_slip", RED)], RED),
        ("1", "1", -3, [], GREEN),
        (None, None, 0, [], GREEN),
        (None, "0.85", 12, [("cpi", AMBER), ("milestone_slip", RED)], RED),
    ],
)
def test_what_the_figures_say_of_a_project(spi, cpi, slip, found, health):
    index = {"spi": spi and Fraction(spi), "cpi": cpi and Fraction(cpi)}
    told = signals(**index, max_slip=slip)
    assert told == [Signal(*pair) for pair in found]
    assert computed_health(told) is health


def test_the_limits_are_parameters():
    strict = Limits(spi_amber=1, spi_red=Fraction("0.95"), slip_amber=-5, slip_red=0)
    told = signals(Fraction("0.9"), None, 0, strict)
    assert told == [Signal("spi", RED), Signal("milestone_slip", AMBER)]


@pytest.mark.parametrize(
    ("state", "reported", "computed", "is_one"),
    [
        (State.ACTIVE, GREEN, AMBER, True),
        (State.ACTIVE, GREEN, GREEN, False),
        (State.ACTIVE, AMBER, RED, True),
        (State.ACTIVE, RED, AMBER, False),
        (State.ACTIVE, Health.COMPLETE, AMBER, True),
        (State.ACTIVE, Health.ON_HOLD, AMBER, False),
        (State.ACTIVE, None, RED, False),
        (State.ON_HOLD, GREEN, RED, False),
    ],
)
def test_a_watermelon_is_worse_inside_than_was_reported(state, reported, computed, is_one):
    assert is_watermelon(state, reported, computed) is is_one


def test_the_portfolio_is_its_worst_program_with_an_active_project():
    assert portfolio_health([(GREEN, RED), (AMBER, AMBER)]) is RED
    assert portfolio_health([(GREEN, GREEN), (None, RED), (None, None)]) is GREEN
    assert portfolio_health([(None, None)]) is None


@pytest.mark.parametrize(
    ("cadence", "days", "expected"),
    [
        (7, 10, "fresh"),
        (7, 11, "stale"),
        (7, 17, "stale"),
        (7, 18, "dark"),
        (14, 17, "fresh"),
        (14, 18, "stale"),
        (14, 31, "stale"),
        (14, 32, "dark"),
    ],
)
def test_freshness_by_cadence(cadence, days, expected):
    assert freshness(NOW - timedelta(days=days), NOW, cadence) is Freshness(expected)


def test_grace_and_staleness_are_parameters():
    posted = NOW - timedelta(days=12)
    assert freshness(posted, NOW) is Freshness.STALE
    assert freshness(posted, NOW, grace_days=5) is Freshness.FRESH
    assert freshness(posted, NOW, grace_days=0, stale_cadences=1) is Freshness.DARK
