"""Rules of status and risk: the published vectors of domain 2.8, 4.1, 4.2, 4.3 and 4.5."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain import risk, status
from bot.domain.wall_time import WorkingHours
from models.schemas.project import State
from models.schemas.risk import Band
from models.schemas.status import Freshness, Health, Trend

NOW = datetime(2026, 3, 30, 13, tzinfo=UTC)
GREEN, AMBER, RED, UNKNOWN = Health.GREEN, Health.AMBER, Health.RED, Health.UNKNOWN
FRESH, STALE, DARK, NONE = Freshness.FRESH, Freshness.STALE, Freshness.DARK, Freshness.NONE


@pytest.mark.parametrize(("band", "hours"), [(Band.EXTREME, 4), (Band.HIGH, 9), (Band.MODERATE, 27), (Band.LOW, 45)])
def test_the_time_to_acknowledge_follows_the_band(band, hours):
    """Domain 4.3, E1: nine working hours are a day, from Monday 09:00."""
    days, rest = divmod(hours, 9)
    morning = datetime(2026, 3, 30, 9, tzinfo=UTC)
    ends = morning + timedelta(days=days, hours=rest)
    if rest == 0:
        ends -= timedelta(hours=15)  # not the next morning but the end of the day before
    assert risk.acknowledge_by(morning, band, WorkingHours("UTC")) == ends


def test_a_risk_is_reviewed_the_sooner_the_worse_it_is():
    reviews = [
        risk.first_review(date(2026, 3, 30), band) for band in (Band.EXTREME, Band.HIGH, Band.MODERATE, Band.LOW)
    ]
    assert reviews == sorted(reviews)
    assert reviews[0] == date(2026, 4, 6)


@pytest.mark.parametrize(
    ("cadence", "age", "found"),
    [
        (7, timedelta(0), FRESH),
        (7, timedelta(days=10), FRESH),
        (7, timedelta(days=10, seconds=1), STALE),
        (7, timedelta(days=17), STALE),
        (7, timedelta(days=17, seconds=1), DARK),
        (14, timedelta(days=17), FRESH),
        (14, timedelta(days=31), STALE),
        (14, timedelta(days=32), DARK),
    ],
)
def test_freshness(cadence, age, found):
    """Domain 4.1."""
    assert status.freshness(NOW - age, NOW, cadence) is found


def test_a_project_without_any_update_has_no_freshness():
    assert status.freshness(None, NOW) is NONE


@pytest.mark.parametrize(
    ("state", "reported", "freshness", "found"),
    [
        (State.ACTIVE, GREEN, FRESH, GREEN),
        (State.ACTIVE, GREEN, STALE, AMBER),
        (State.ACTIVE, AMBER, STALE, AMBER),
        (State.ACTIVE, RED, STALE, RED),
        (State.ACTIVE, GREEN, DARK, UNKNOWN),
        (State.ACTIVE, RED, DARK, UNKNOWN),
        (State.ACTIVE, None, NONE, UNKNOWN),
        (State.ACTIVE, Health.COMPLETE, FRESH, GREEN),
        (State.ACTIVE, Health.COMPLETE, STALE, AMBER),
        (State.ACTIVE, Health.ON_HOLD, FRESH, AMBER),
        (State.ON_HOLD, RED, FRESH, Health.ON_HOLD),
        (State.PROPOSED, None, NONE, Health.ON_HOLD),
        (State.COMPLETED, RED, DARK, Health.COMPLETE),
        (State.CANCELLED, GREEN, FRESH, Health.COMPLETE),
    ],
)
def test_silence_turns_green_to_amber_and_then_to_unknown(state, reported, freshness, found):
    """Domain 4.2."""
    assert status.effective_health(state, reported, freshness) is found


@pytest.mark.parametrize(
    ("healths", "found"),
    [
        ([GREEN, AMBER, RED], RED),
        ([GREEN, UNKNOWN], AMBER),
        ([GREEN, AMBER], AMBER),
        ([GREEN, GREEN], GREEN),
        ([GREEN, Health.ON_HOLD, Health.COMPLETE], GREEN),
        ([Health.ON_HOLD, Health.COMPLETE], None),
        ([], None),
    ],
)
def test_a_program_is_as_healthy_as_its_worst_active_project(healths, found):
    """Domain 4.5."""
    assert status.worst_of(healths) is found


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        (GREEN, GREEN, Trend.STEADY),
        (GREEN, AMBER, Trend.WORSENING),
        (AMBER, RED, Trend.WORSENING),
        (RED, GREEN, Trend.IMPROVING),
        (None, GREEN, None),
        (Health.ON_HOLD, GREEN, None),
        (GREEN, Health.COMPLETE, None),
    ],
)
def test_a_trend_compares_two_reported_colours(before, after, found):
    """Domain 4.1."""
    assert status.trend(before, after) is found
