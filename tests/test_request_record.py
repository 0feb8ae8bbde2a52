"""What became of status requests: domain 3.6 and the paragraphs of 4.1 on rates, runs, holds and trends."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest

from bot.domain.status_requests import Posted, Record, Request, record
from models.schemas.schedule import OccurrenceState
from models.schemas.status import Health, Trend

FIRST = datetime(2026, 3, 5, 15, tzinfo=UTC)
"""A Thursday, 10:00 in New York."""
WEEK = timedelta(days=7)
DUE = timedelta(days=1, hours=6)
WEEKS = [Request(f"2026-W{10 + n}", FIRST + n * WEEK, FIRST + n * WEEK + DUE, FIRST + (n + 1) * WEEK) for n in range(6)]
GREEN, AMBER, RED = Health.GREEN, Health.AMBER, Health.RED
ON_TIME, LATE, MISSED, OVERDUE, OPEN, WAIVED = (
    OccurrenceState.SUBMITTED,
    OccurrenceState.SUBMITTED_LATE,
    OccurrenceState.MISSED,
    OccurrenceState.OVERDUE,
    OccurrenceState.OPEN,
    OccurrenceState.WAIVED,
)


def at(week: int, hours: float = 1) -> datetime:
    return FIRST + week * WEEK + timedelta(hours=hours)


def said(week: int, health: Health = GREEN, hours: float = 1) -> Posted:
    return Posted(at(week, hours), health)


def states(found: Record) -> list[OccurrenceState | None]:
    return [answer.state for answer in found.answers]


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (at(1, -0.01), None),
        (at(1, 0), OPEN),
        (at(1) - timedelta(hours=1) + DUE, OPEN),
        (at(1) - timedelta(hours=1) + DUE + timedelta(seconds=1), OVERDUE),
        (at(2, -0.01), OVERDUE),
        (at(2, 0), MISSED),
    ],
)
def test_without_an_answer_a_request_opens_is_overdue_and_is_missed(now, expected):
    assert states(record(WEEKS[1:2], [], now)) == [expected]


@pytest.mark.parametrize(
    ("hours", "expected"),
    [(0, ON_TIME), (30, ON_TIME), (30.01, LATE), (7 * 24 - 0.01, LATE), (7 * 24, MISSED), (-0.01, MISSED)],
)
def test_the_first_update_inside_decides_however_it_is_dated(hours, expected):
    """What is posted after the close counts for the period that is open then."""
    assert states(record(WEEKS[:1], [said(0, hours=hours)], at(4)))[0] is expected


def test_what_was_posted_later_than_now_does_not_count():
    assert states(record(WEEKS[:1], [said(0, hours=20)], at(0, 10))) == [OPEN]


def test_a_correction_changes_what_is_shown_and_not_the_state():
    found = record(WEEKS[:1], [said(0, GREEN, 2), said(0, RED, 40)], at(1))
    assert states(found) == [ON_TIME]
    assert found.healths == [RED]


def test_the_rate_counts_what_was_required_and_leaves_out_what_is_open_or_waived():
    posted = [said(0), said(1, hours=40)]
    found = record(WEEKS, posted, at(4, 31), paused_from=None)
    assert states(found) == [ON_TIME, LATE, MISSED, MISSED, OVERDUE, None]
    assert len(found.required) == 5
    assert found.on_time_rate == Fraction(1, 5)
    assert len(found.missing_run) == 3
    assert found.second_missing_due == WEEKS[3].due_at


def test_a_run_needs_two_and_an_open_request_does_not_end_it():
    assert record(WEEKS[:1], [], at(2)).second_missing_due is None
    found = record(WEEKS[:3], [], at(2, 3))
    assert states(found) == [MISSED, MISSED, OPEN]
    assert found.second_missing_due == WEEKS[1].due_at
    answered = record(WEEKS[:3], [said(2, hours=2)], at(2, 3))
    assert answered.missing_run == [] and answered.second_missing_due is None


def test_nothing_was_required_yet():
    found = record([], [], at(0))
    assert (found.on_time_rate, found.trend, found.updates_in_current_health) == (None, None, 0)


def test_a_hold_waives_what_is_due_after_it_and_was_not_answered_before():
    """Week 2 was answered before the hold, week 3 during it, week 4 never."""
    hold = at(2, 3)
    found = record(WEEKS[:5], [said(2, hours=1), said(3)], at(6), paused_from=hold)
    assert states(found) == [MISSED, MISSED, ON_TIME, WAIVED, WAIVED]
    assert states(record(WEEKS[:3], [said(2, hours=4)], at(6), paused_from=hold))[2] is WAIVED
    assert states(record(WEEKS[:2], [], at(1, 3), paused_from=hold)) == [MISSED, OPEN]


@pytest.mark.parametrize(
    ("healths", "expected", "run"),
    [
        ([GREEN], None, 1),
        ([GREEN, GREEN], Trend.STEADY, 2),
        ([RED, AMBER, GREEN], Trend.IMPROVING, 1),
        ([GREEN, AMBER, AMBER, AMBER], Trend.STEADY, 3),
        ([GREEN, RED], Trend.WORSENING, 1),
        ([GREEN, Health.COMPLETE], None, 1),
        ([Health.ON_HOLD, GREEN], None, 1),
    ],
)
def test_trend_and_weeks_in_state_take_one_update_a_period(healths, expected, run):
    posted = [update for week, health in enumerate(healths) for update in (said(week, RED, 1), said(week, health, 2))]
    found = record(WEEKS, posted, at(6))
    assert (found.trend, found.updates_in_current_health) == (expected, run)


def test_what_was_posted_before_the_first_request_belongs_to_none():
    found = record(WEEKS[:1], [Posted(FIRST - timedelta(days=2), RED), said(0)], at(1))
    assert found.healths == [GREEN]
