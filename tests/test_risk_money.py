"""What risks cost, what reserve is enough, and the burn-down: the published vectors of domain 5.5."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.risk_burn_down import (
    Assessed,
    Planned,
    ScoreHistory,
    WeekEnd,
    burn_down,
    fridays_before,
    planned_line,
)
from bot.domain.risk_money import Exposure, Totals, emv, exposure, top_order, total_cost, totals
from models.schemas.risk import Kind

P50, P80, P90 = Decimal("0.5"), Decimal("0.8"), Decimal("0.9")


def risk(chance: str, major: int) -> Exposure:
    """Published vectors are in major units, we count minor ones."""
    return Exposure(Fraction(chance), major * 100)


R_1 = [risk(".8", 10000), risk(".3", 30000), risk(".5", 8000), risk(".1", 40000), risk(".3", 20000), risk(".25", 10000)]
R_2 = [risk(".75", 5000), risk(".75", 2500), risk(".75", 2000), risk(".25", 300)]

CHANCES = st.integers(0, 20).map(lambda n: Fraction(n, 20))
EXPOSURES = st.builds(Exposure, CHANCES, st.integers(-(10**9), 10**9))
CONFIDENCES = st.integers(1, 100).map(lambda n: Fraction(n, 100))


def test_r_1_the_expected_cost_is_33_500():
    assert totals((Kind.THREAT, one) for one in R_1).threats == total_cost(R_1).mean == 33_500_00
    assert sum(one.cost for one in R_1) == 118_000_00


def test_r_1_a_reserve_of_the_expected_cost_is_a_coin_toss():
    """The paper prints 0.5449 for exactly 0.54495: binary fractions fall short of the half, which is rounded up."""
    total = total_cost(R_1)
    assert total.chance_of_at_most(33_500_00) == Fraction("0.54495")
    assert [total.quantile(q) for q in (P50, P80, P90)] == [30_000_00, 50_000_00, 60_000_00]
    assert total.sd() == 21_627_53
    assert total.within == 0


def test_r_1_the_expected_cost_is_neither_the_median_nor_enough_for_eight_in_ten():
    total = total_cost(R_1)
    assert total.quantile(P50) < total.mean < total.quantile(P80)
    assert total.chance_of_at_most(total.mean) < Fraction(8, 10)


def test_r_2_the_expected_cost_is_7_200():
    assert total_cost(R_2).mean == 7_200_00


def test_a_step_of_probability_is_its_midpoint():
    assert [emv(step, 1000) for step in range(1, 6)] == [100, 300, 500, 700, 900]
    assert emv(1, 5) == Fraction(1, 2)


@pytest.mark.parametrize("step", [0, 6, -1])
def test_a_probability_off_the_scale_has_no_cost(step):
    with pytest.raises(ValueError, match="from 1 to 5"):
        emv(step, 1000)


@pytest.mark.parametrize("chance", [Fraction(-1, 10), Fraction(11, 10)])
def test_a_chance_beyond_certainty_is_refused(chance):
    with pytest.raises(ValueError, match="between 0 and 1"):
        Exposure(chance, 1)


def test_opportunities_are_taken_off():
    sums = totals([(Kind.THREAT, exposure(3, 1000)), (Kind.OPPORTUNITY, exposure(5, -400)), (Kind.THREAT, R_1[0])])
    assert (sums.threats, sums.opportunities, sums.net) == (500 + 8_000_00, -360, 500 + 8_000_00 - 360)


def test_coverage_is_the_reserve_by_what_threats_are_expected_to_cost():
    assert totals((Kind.THREAT, one) for one in R_2).coverage(3_600_00) == Fraction(1, 2)
    assert totals((Kind.THREAT, one) for one in R_2).coverage(0) == 0


@pytest.mark.parametrize("risks", [[], [(Kind.OPPORTUNITY, exposure(5, -400))], [(Kind.THREAT, exposure(5, 0))]])
def test_without_threats_nothing_is_covered_and_nothing_divides_by_zero(risks):
    assert totals(risks).coverage(150_000) is None


def test_no_risk_costs_nothing_for_sure():
    total = total_cost([])
    assert (total.quantile(P80), total.chance_of_at_most(0), total.chance_of_at_most(-1), total.sd()) == (0, 1, 0, 0)


@pytest.mark.parametrize("confidence", [0, Fraction(11, 10), -1])
def test_no_reserve_is_enough_with_a_confidence_that_does_not_exist(confidence):
    with pytest.raises(ValueError, match="confidence"):
        total_cost(R_1).quantile(confidence)


@given(st.lists(EXPOSURES, max_size=7), st.integers(-(10**9), 10**9))
def test_the_distribution_is_that_of_all_combinations(risks, reserve):
    expected = Fraction(0)
    for happened in product([True, False], repeat=len(risks)):
        likelihood, cost = Fraction(1), 0
        for one, came in zip(risks, happened, strict=True):
            likelihood *= one.chance if came else 1 - one.chance
            cost += one.cost if came else 0
        expected += likelihood if cost <= reserve else 0
    assert total_cost(risks).chance_of_at_most(reserve) == expected


@settings(max_examples=50)
@given(st.lists(EXPOSURES, max_size=25), st.sampled_from([10, 200, 5000]))
def test_chances_add_up_to_one_whatever_is_rounded(risks, most_sums):
    total = total_cost(risks, most_sums)
    assert total.chance_of_at_most(max(total.sums)) == 1
    assert total.chance_of_at_most(min(total.sums) - 1) == 0


@settings(max_examples=50)
@given(st.lists(EXPOSURES, max_size=15), st.lists(CONFIDENCES, min_size=2, max_size=5))
def test_more_confidence_never_takes_a_smaller_reserve(risks, confidences):
    total = total_cost(risks)
    reserves = [total.quantile(confidence) for confidence in sorted(confidences)]
    assert reserves == sorted(reserves)
    for confidence in confidences:
        assert total.chance_of_at_most(total.quantile(confidence)) >= confidence
        assert total.chance_of_at_most(total.quantile(confidence) - 1) < confidence


@settings(max_examples=50)
@given(st.lists(EXPOSURES, max_size=9), CONFIDENCES)
def test_rounded_amounts_shift_a_quantile_by_no_more_than_is_said(risks, confidence):
    exact, rounded = total_cost(risks), total_cost(risks, most_sums=20)
    assert exact.within == 0
    assert abs(exact.quantile(confidence) - rounded.quantile(confidence)) <= rounded.within
    assert (rounded.mean, rounded.variance) == (exact.mean, exact.variance)


def test_a_hundred_round_amounts_are_exact_and_a_hundred_odd_ones_are_rounded_a_little():
    round_ones = total_cost(exposure(1 + n % 5, (1 + n % 17) * 5_000_00) for n in range(100))
    odd_ones = total_cost(exposure(1 + n % 5, 1_000_003 + n * n * 7_919) for n in range(100))
    assert round_ones.within == 0
    assert 0 < odd_ones.within < odd_ones.mean / 50


def test_top_risks_stand_by_score_impact_date_and_id():
    soon, late = date(2026, 4, 1), date(2026, 5, 1)
    rows = {
        "R-005": (20, 5, None),
        "R-004": (20, 4, soon),
        "R-003": (20, 5, late),
        "R-002": (25, 5, None),
        "R-001": (20, 5, None),
        "R-006": (20, 5, soon),
    }
    ordered = sorted(rows, key=lambda ref: top_order(*rows[ref], ref))
    assert ordered == ["R-002", "R-006", "R-003", "R-001", "R-005", "R-004"]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def history(raised: str, closed: str | None, *assessed: tuple[str, int]) -> ScoreHistory:
    ratings = [Assessed(utc(at), score, Fraction(score * 100)) for at, score in assessed]
    return ScoreHistory(utc(raised), utc(closed) if closed else None, ratings)


def test_a_friday_counts_once_its_last_second_has_passed():
    assert fridays_before(utc("2026-03-30 13:00"), 2) == [date(2026, 3, 20), date(2026, 3, 27)]
    assert fridays_before(utc("2026-03-27 23:59:58"), 1) == [date(2026, 3, 20)]
    assert fridays_before(utc("2026-03-27 23:59:59"), 1) == [date(2026, 3, 20)]
    assert fridays_before(utc("2026-03-28 00:00"), 1) == [date(2026, 3, 27)]


def test_fridays_are_utcs_wherever_the_clock_stands():
    evening = datetime.fromisoformat("2026-03-27T22:00:00-04:00")
    morning = datetime.fromisoformat("2026-03-28T09:00:00+10:00")
    assert fridays_before(evening, 1) == [date(2026, 3, 27)]
    assert fridays_before(morning, 1) == [date(2026, 3, 20)]


@given(st.datetimes(datetime.fromisoformat("2020-01-01"), datetime.fromisoformat("2030-01-01"), timezones=st.just(UTC)))
def test_twelve_weeks_are_shown_the_last_one_at_most_a_week_old(now):
    fridays = fridays_before(now)
    assert len(fridays) == 12
    assert {day.isoweekday() for day in fridays} == {5}
    assert {later - earlier for earlier, later in pairwise(fridays)} == {timedelta(weeks=1)}
    assert timedelta(0) < now - datetime.combine(fridays[-1], utc("2026-01-01 23:59:59").time(), UTC) <= timedelta(7)


def test_the_burn_down_adds_what_was_open_and_as_it_was_rated_then():
    risks = [
        history("2026-03-02 09:00", None, ("2026-03-02 09:00", 15), ("2026-03-12 09:00", 20)),
        history("2026-03-03 09:00", "2026-03-18 09:00", ("2026-03-03 09:00", 9)),
    ]
    fridays = [date(2026, 2, 27), date(2026, 3, 6), date(2026, 3, 13), date(2026, 3, 20)]
    assert burn_down(risks, fridays) == [
        WeekEnd(fridays[0], 0, 0),
        WeekEnd(fridays[1], 2, 24, Fraction(2400)),
        WeekEnd(fridays[2], 2, 29, Fraction(2900)),
        WeekEnd(fridays[3], 1, 20, Fraction(2000)),
    ]


def test_raised_at_the_last_second_is_open_and_closed_at_it_is_not():
    edge = "2026-03-06 23:59:59"
    raised = history(edge, None, (edge, 4))
    closed = history("2026-03-02 09:00", edge, ("2026-03-02 09:00", 9))
    after = history("2026-03-07 00:00", None, ("2026-03-07 00:00", 25))
    assert burn_down([raised, closed, after], [date(2026, 3, 6)]) == [WeekEnd(date(2026, 3, 6), 1, 4, Fraction(400))]


def test_a_risk_that_was_first_rated_after_it_was_raised_counts_with_that_rating():
    late = history("2026-03-02 09:00", None, ("2026-03-12 09:00", 12), ("2026-03-09 09:00", 8))
    measured = burn_down([late], [date(2026, 3, 6), date(2026, 3, 13)])
    assert [week.total_score for week in measured] == [8, 12]


def test_a_risk_without_any_rating_is_refused_not_counted_as_nothing():
    with pytest.raises(ValueError, match="at least the assessment"):
        history("2026-03-02 09:00", None)


def test_the_planned_line_goes_down_at_each_planned_date():
    risks = [
        Planned(20, 8, date(2026, 4, 24)),
        Planned(12, 6, date(2026, 6, 5)),
        Planned(9, None, date(2026, 4, 1)),
        Planned(10, 5, None),
    ]
    days = [date(2026, 4, 23), date(2026, 4, 24), date(2026, 6, 5)]
    assert planned_line(risks, days) == list(zip(days, [51, 39, 33], strict=True))


def test_an_empty_register_has_an_empty_burn_down():
    assert burn_down([], [date(2026, 3, 6)]) == [WeekEnd(date(2026, 3, 6), 0, 0)]
    assert planned_line([], [date(2026, 3, 6)]) == [(date(2026, 3, 6), 0)]
    assert totals([]) == Totals(Fraction(0), Fraction(0))
