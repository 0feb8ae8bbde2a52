"""Earned value: the published vectors of domain 5.1."""

from dataclasses import fields
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.earned_value import (
    NOTHING,
    EarnedValue,
    Package,
    WeekEnd,
    baseline_execution_index,
    critical_path_length_index,
    earned,
    to_date,
    total,
)
from bot.domain.numbers import half_up
from models.schemas.plan import EvMethod, MilestoneStatus


def value(bac: int, pv: int, ev: int, ac: int) -> EarnedValue:
    return EarnedValue(Fraction(bac), Fraction(pv), Fraction(ev), Fraction(ac))


PLACES = {"cpi": 4, "spi": 4, "tcpi_bac": 4, "cv_share": 4, "sv_share": 4}
EV_1 = value(4000, 3000, 2500, 2800)
EV_2 = value(200_000, 50_000, 45_000, 60_000)
EV_9 = value(1_000_000, 500_000, 420_000, 510_000)


@pytest.mark.parametrize(
    ("vector", "expected"),
    [
        (
            EV_1,
            "cv -300, cpi 0.8929, sv -500, spi 0.8333, eac_typical 4480.00, etc 1680, vac -480, eac_atypical 4300, "
            "eac_composite 4816, tcpi_bac 1.25",
        ),
        (
            EV_2,
            "cpi 0.75, spi 0.90, cv -15000, sv -5000, eac_typical 266666.67, vac -66666.67, etc 206666.67, "
            "eac_atypical 215000, eac_composite 289629.63, tcpi_bac 1.1071, cv_share -0.3333, sv_share -0.10",
        ),
        (
            value(5_000_000, 0, 1_500_000, 1_800_000),
            "cpi 0.8333, eac_typical 6000000, etc 4200000, vac -1000000, tcpi_bac 1.0938",
        ),
        (value(10_000_000, 0, 3_000_000, 3_500_000), "cpi 0.8571, eac_typical 11666666.67, tcpi_bac 1.0769"),
        (value(500_000, 0, 150_000, 162_000), "cpi 0.9259, eac_typical 540000.00"),
        (
            value(200_000, 120_000, 100_000, 90_000),
            "cpi 1.1111, spi 0.8333, eac_typical 180000, cv 10000, sv -20000, tcpi_bac 0.9091",
        ),
        (
            value(200_000, 120_000, 60_000, 90_000),
            "cpi 0.6667, spi 0.5, eac_typical 300000, eac_composite 510000, tcpi_bac 1.2727",
        ),
        (
            value(200_000, 120_000, 140_000, 130_000),
            "spi 1.1667, cpi 1.0769, eac_typical 185714.29, etc 55714.29, vac 14285.71",
        ),
        (
            EV_9,
            "cv -90000, sv -80000, cpi 0.8235, spi 0.84, eac_typical 1214285.71, eac_composite 1348435.37, "
            "tcpi_bac 1.1837",
        ),
    ],
    ids=[f"EV-{n}" for n in range(1, 10)],
)
def test_published_vectors(vector, expected):
    wanted = dict(pair.split() for pair in expected.split(", "))
    found = {name: half_up(getattr(vector, name), PLACES.get(name, 2)) for name in wanted}
    assert found == {name: Decimal(number) for name, number in wanted.items()}


def test_a_rounded_index_would_have_given_the_printed_mistakes():
    assert half_up(Fraction(4000) / Fraction("0.893")) == 4479 != EV_1.eac_typical
    assert half_up(Fraction(500_000) / Fraction("0.93"), 2) != Decimal("540000.00")


def test_what_is_left_to_spend_counts_from_what_was_spent_not_from_what_was_earned():
    assert EV_1.etc == EV_1.eac_typical - EV_1.ac
    assert EV_1.etc != EV_1.eac_typical - EV_1.ev


def test_what_cannot_be_divided_is_undefined():
    assert value(100, 50, 40, 0).cpi is None
    assert value(100, 0, 40, 50).spi is None
    assert value(100, 50, 0, 50).eac_typical is None
    assert value(100, 50, 40, 100).tcpi_bac is None
    nothing = {name: getattr(NOTHING, name) for name in ("cpi", "spi", "eac_typical", "eac_composite", "etc", "vac")}
    assert set(nothing.values()) == {None}
    assert NOTHING.complete is None and NOTHING.spent is None and NOTHING.tcpi_eac is None


def test_a_budget_that_is_used_up_asks_for_the_efficiency_of_the_estimate():
    over = value(100, 90, 80, 120)
    assert over.budget_exhausted and over.tcpi_bac is None
    assert over.tcpi_eac == over.cpi
    assert not value(100, 90, 80, 100).budget_exhausted


AMOUNT = st.integers(1, 10**9)


@given(AMOUNT, AMOUNT, AMOUNT, AMOUNT)
def test_the_typical_estimate_asks_for_the_efficiency_of_today(bac, pv, ev, ac):
    assume(ev < bac)
    one = value(bac, pv, ev, ac)
    assert one.tcpi_eac == one.cpi
    assert one.eac_typical == one.ac + (one.bac - one.ev) / one.cpi


@given(st.lists(st.tuples(AMOUNT, AMOUNT, AMOUNT, AMOUNT), max_size=5))
def test_projects_are_summed_first_and_divided_then(rows):
    parts = [value(*row) for row in rows]
    summed = total(parts)
    for field in fields(EarnedValue):
        assert getattr(summed, field.name) == sum(getattr(part, field.name) for part in parts)


def test_indices_are_not_averaged():
    assert total([value(100, 100, 100, 100), value(900, 900, 450, 900)]).spi == Fraction(550, 1000)


def test_a_path_of_80_days_with_8_too_few_and_36_of_45_tasks():
    assert critical_path_length_index(80, -8) == Fraction("0.90")
    assert baseline_execution_index(36, 45) == Fraction("0.80")
    assert critical_path_length_index(0, 0) is None and baseline_execution_index(0, 0) is None


DONE, BEGUN, AHEAD, OFF = (
    MilestoneStatus.ACHIEVED,
    MilestoneStatus.IN_PROGRESS,
    MilestoneStatus.PLANNED,
    MilestoneStatus.CANCELLED,
)


@pytest.mark.parametrize(
    ("method", "packages", "share"),
    [
        (EvMethod.WEIGHTED_MILESTONES, [(DONE, 40), (BEGUN, 25), (AHEAD, 35)], "0.4"),
        (EvMethod.ALL_OR_NOTHING, [(DONE, 40), (BEGUN, 25), (AHEAD, 35)], "0.4"),
        (EvMethod.HALF_AND_HALF, [(DONE, 40), (BEGUN, 30), (AHEAD, 30)], "0.55"),
        (EvMethod.WEIGHTED_MILESTONES, [(DONE, None), (DONE, None), (AHEAD, None), (BEGUN, None)], "0.5"),
        (EvMethod.WEIGHTED_MILESTONES, [(DONE, 3), (AHEAD, 1)], "0.75"),
        (EvMethod.WEIGHTED_MILESTONES, [(DONE, 50), (OFF, 50)], "1"),
        (EvMethod.WEIGHTED_MILESTONES, [], "0"),
    ],
)
def test_milestones_earn_by_their_weights(method, packages, share):
    found = earned(1000, 700, method, packages=[Package(status, weight) for status, weight in packages])
    assert found == 1000 * Fraction(share)


def test_percent_and_level_of_effort():
    assert earned(1200, 720, EvMethod.PERCENT_COMPLETE, percent_complete=48) == 576
    assert earned(1200, 720, EvMethod.PERCENT_COMPLETE) == 0
    assert earned(1200, 720, EvMethod.LEVEL_OF_EFFORT) == 720


def test_plan_and_cost_are_those_of_the_last_week_that_has_ended():
    weeks = [WeekEnd(date(2026, 3, 27), 30, 33), WeekEnd(date(2026, 3, 20), 20, 22), WeekEnd(date(2026, 4, 3), 40, 44)]
    assert to_date(weeks, date(2026, 3, 27)) == (30, 33)
    assert to_date(weeks, date(2026, 4, 2)) == (30, 33)
    assert to_date(weeks, date(2026, 3, 19)) == (0, 0)
