"""Token buckets: what leaves stays below Slack's limits however it comes, and nothing waits longer than it must."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.pace import IN_A_CHANNEL, MESSAGES, METHODS, Rate, Rates, per_minute
from bot.sandbox.rate_limits import CALLS_PER_MINUTE
from tests.town import MONDAY

MINUTE = timedelta(minutes=1)


def leave(rate: Rate, arrivals: list[float]) -> list[datetime]:
    """When calls leave that come after these pauses, in seconds."""
    free_at, now, left = None, MONDAY, []
    for pause in arrivals:
        now += timedelta(seconds=pause)
        if not rate.room(free_at, now):
            now = free_at
        assert rate.room(free_at, now) >= 1, "when it is free there is room"
        free_at = rate.after(free_at, now)
        left.append(now)
    return left


@given(st.lists(st.floats(0, 20), min_size=1, max_size=400), st.sampled_from([*METHODS, MESSAGES]))
def test_no_minute_holds_more_than_slack_allows(pauses, method):
    left = leave(Rates().of(method), pauses)
    for first, call in enumerate(left):
        within = [later for later in left[first:] if later < call + MINUTE]
        assert len(within) <= CALLS_PER_MINUTE[method]


def test_after_a_pause_a_burst_leaves_at_once_and_the_rest_at_its_rate():
    left = leave(per_minute(60, burst=3), [0] * 6)
    assert [(moment - MONDAY).total_seconds() for moment in left] == [0, 0, 0, 1, 2, 3]


def test_who_comes_late_loses_nothing():
    """A tenth of a second late each time: the next one still has its turn on time."""
    rate, free_at = per_minute(60, burst=2), None
    for number in range(100):
        now = MONDAY + timedelta(seconds=number + (0.1 if number % 2 else 0))
        assert rate.room(free_at, now) >= 1
        free_at = rate.after(free_at, now)


@pytest.mark.parametrize(("after", "room"), [(0, 0), (0.99, 0), (1, 1), (100, 1)])
def test_a_channel_takes_one_message_a_second(after, room):
    free_at = IN_A_CHANNEL.after(None, MONDAY)
    assert IN_A_CHANNEL.room(free_at, MONDAY + timedelta(seconds=after)) == room


def test_several_are_taken_at_once():
    rate = Rates().of(MESSAGES)
    free_at = rate.after(None, MONDAY, rate.burst)
    assert rate.room(free_at, MONDAY) == 0
    assert rate.room(free_at, MONDAY + timedelta(seconds=1)) == 4
