"""Little's law and cycle times: the published vectors of domain 5.6."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.flow import cycle_time, cycle_times, percentile, throughput, unbalanced, work_in_progress
from bot.domain.numbers import half_up
from bot.domain.working_days import WorkingCalendar

BERLIN = WorkingCalendar("Europe/Berlin", holidays=frozenset({date(2026, 4, 3), date(2026, 4, 6)}))
POSITIVE = st.fractions(min_value="1/100", max_value=1000)


def test_four_lanes_of_seven_minutes_pass_057_cars_a_minute():
    assert half_up(throughput(4, 7), 2) == Decimal("0.57")


def test_three_in_work_for_eight_days_are_0375_a_day_and_22_and_a_half_in_sixty_working_days():
    daily = throughput(3, 8)
    assert daily == Fraction("0.375")
    assert daily * 60 == Fraction("22.5")


def test_ten_customers_of_five_minutes_are_120_an_hour():
    assert throughput(10, 5) * 60 == 120


def test_ten_an_hour_for_a_fifth_of_an_hour_are_two_in_work():
    assert work_in_progress(10, Decimal("0.2")) == 2


@given(POSITIVE, POSITIVE)
def test_the_law_reads_the_same_in_all_three_directions(rate, time):
    wip = work_in_progress(rate, time)
    assert (throughput(wip, time), cycle_time(wip, rate)) == (rate, time)


@pytest.mark.parametrize("nothing", [0, -1])
def test_a_rate_or_a_time_of_nothing_is_refused(nothing):
    for ask in (throughput, cycle_time):
        with pytest.raises(ValueError, match="above 0"):
            ask(3, nothing)


@pytest.mark.parametrize(
    ("arrived", "departed", "warned"),
    [(12, 10, False), (13, 10, True), (8, 10, False), (7, 10, True), (10, 10, False), (0, 0, False), (1, 0, True)],
)
def test_people_are_warned_when_more_than_a_fifth_more_or_less_comes_than_goes(arrived, departed, warned):
    assert unbalanced(arrived, departed) is warned


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_cycle_times_are_working_days_without_holidays_and_the_day_of_the_start():
    """Domain 5.11: ten working days after 30 March 2026 in Berlin, Easter off, is 15 April."""
    items = [(utc("2026-03-30 08:00"), utc("2026-04-15 08:00")), (utc("2026-04-15 08:00"), utc("2026-04-15 15:00"))]
    times = cycle_times(items, BERLIN)
    assert times == (0, 10, 2)


def test_one_slow_item_in_ten_moves_neither_half_nor_85_percent():
    quick = [(utc("2026-03-02 08:00"), utc("2026-03-04 08:00"))] * 9
    slow = (utc("2026-01-05 08:00"), utc("2026-03-04 08:00"))
    assert cycle_times([*quick, slow], BERLIN) == (2, 2, 10)


def test_nothing_done_has_no_cycle_time():
    assert cycle_times([], BERLIN) is None


def test_a_sunday_to_thursday_week_works_on_sundays():
    """Domain 5.11: Thursday 26 March 2026 and three working days is Tuesday 31 March."""
    calendar = WorkingCalendar("Asia/Dubai", days=frozenset({7, 1, 2, 3, 4}))
    assert calendar.elapsed(utc("2026-03-26 08:00"), utc("2026-03-31 08:00")) == 3


def test_what_ends_before_it_starts_took_no_working_day():
    assert BERLIN.elapsed(utc("2026-04-15 08:00"), utc("2026-03-30 08:00")) == 0


@given(st.lists(st.integers(0, 99), min_size=1), st.integers(1, 100))
def test_a_percentile_is_a_value_that_was_seen_and_the_smallest_that_is_enough(values, hundredths):
    share = Fraction(hundredths, 100)
    found = percentile(values, share)
    assert found in values
    assert sum(value <= found for value in values) >= share * len(values)
    assert sum(value < found for value in values) < share * len(values)


@pytest.mark.parametrize(("values", "share"), [([], Fraction(1, 2)), ([1], 0), ([1], Fraction(3, 2))])
def test_there_is_no_percentile_of_nothing_or_beyond_all(values, share):
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, share)
