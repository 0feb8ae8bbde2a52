"""Weighted decisions, what would flip them, and how long they take: the published vectors of domain 5.7."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.decision_latency import Decided, latency, overdue, summarise
from bot.domain.decision_matrix import (
    Comparison,
    Criterion,
    Flip,
    Incomparable,
    Missing,
    Option,
    flips,
    weigh,
)
from bot.domain.numbers import half_up
from bot.domain.working_days import WorkingCalendar
from models.schemas.decision import Reversibility

IDS = "ABCDEF"


def compared(weights, *rows) -> Comparison:
    """Options A, B, ... with a row of scores each, by criteria c0, c1, ... or those named."""
    named = weights if isinstance(weights, dict) else {f"c{n}": weight for n, weight in enumerate(weights)}
    options = [
        Option(id, f"Option {id}", dict(zip(named, row, strict=True))) for id, row in zip(IDS, rows, strict=False)
    ]
    result = weigh(options, [Criterion(id, weight) for id, weight in named.items()])
    assert isinstance(result, Comparison)
    return result


def totals(comparison: Comparison) -> list[Decimal]:
    return [half_up(total, 2) for total in comparison.totals.values()]


def cutover(risk=40, cost=20, speed=20, operability=20) -> Comparison:
    """The decision of the message about a cutover: big bang, dual write, tenant by tenant."""
    weights = {"risk": risk, "cost": cost, "speed": speed, "operability": operability}
    return compared(weights, (2, 5, 5, 2), (4, 3, 3, 4), (5, 2, 1, 4))


def test_w_1_the_published_totals_are_right():
    comparison = compared(
        (10, 25, 25, 15, 10, 15),
        (90, 70, 90, 90, 90, 50),
        (90, 80, 70, 70, 80, 90),
        (90, 20, 50, 60, 60, 90),
        (90, 10, 20, 50, 50, 50),
    )
    assert totals(comparison) == [79, Decimal("78.5"), 55, Decimal("36.5")]
    assert (comparison.rank, comparison.margin) == (["A", "B", "C", "D"], Fraction(1, 2))


W_2 = ((35, 22, 18, 25), (90, 65, 85, 50), (80, 70, 60, 60), (80, 15, 40, 55), (85, 5, 15, 40))


def test_w_2_the_totals_are_these():
    assert totals(compared(*W_2)) == [Decimal("73.6"), Decimal("69.2"), Decimal("52.25"), Decimal("43.55")]


def test_w_2_the_source_misprints_the_first_total_and_so_names_the_wrong_winner():
    comparison = compared(*W_2)
    misprinted = Fraction("66.1")
    assert comparison.totals["A"] != misprinted
    assert comparison.winner == "A"
    assert misprinted < comparison.totals["B"]


def test_w_3_decimal_weights_are_exact():
    comparison = compared([Decimal(".4"), Decimal(".3"), Decimal(".3")], (4, 3, 5))
    assert comparison.totals == {"A": 4}
    assert comparison.margin is None


def test_the_same_weights_in_percent_or_in_parts_give_the_same():
    percent, parts = cutover(40, 20, 20, 20), cutover(4, 2, 2, 2)
    assert percent == parts
    assert flips(percent) == flips(parts)


def test_the_cutovers_totals_are_those_of_the_message():
    """Messages, 05: B leads narrowly, 3.6 to 3.4."""
    comparison = cutover()
    assert comparison.totals == {"A": Fraction("3.2"), "B": Fraction("3.6"), "C": Fraction("3.4")}
    assert (comparison.rank, comparison.tie_for_first) == (["B", "C", "A"], False)
    assert comparison.margin == Fraction("0.2")
    assert comparison.heaviest == ("risk",)


def test_the_cutover_flips_where_the_message_says():
    """To C if risk weighs over 50% (now 40%) or speed is left out, to A if risk weighs under 25%."""
    comparison = cutover()
    now = Fraction("0.4")
    assert [flip for flip in flips(comparison) if flip.criterion == "risk"] == [
        Flip("risk", True, Fraction("0.5"), now, ("C",)),
        Flip("risk", False, Fraction("0.25"), now, ("A",)),
    ]
    assert comparison.overturned_by_dropping == {"risk": ("A",), "speed": ("C",)}


def test_without_a_criterion_a_tie_is_named_by_the_smaller_id_and_known_as_a_tie():
    comparison = cutover()
    assert comparison.winner_if_criterion_dropped == {"risk": "A", "cost": "B", "speed": "C", "operability": "A"}
    assert comparison.leaders_if_dropped["operability"] == ("A", "B")
    assert comparison.leaders_if_dropped["cost"] == ("B", "C")


def test_a_tie_for_first_is_a_tie_and_either_choice_is_the_top():
    comparison = compared((1, 1), (3, 4), (4, 3), (1, 1))
    assert (comparison.leaders, comparison.winner, comparison.tie_for_first) == (("A", "B"), "A", True)
    assert comparison.margin == 0
    assert [comparison.chosen_is_top(chosen) for chosen in ("A", "B", "C", None)] == [True, True, False, False]


def test_a_tie_flips_as_soon_as_a_criterion_weighs_more():
    half = Fraction(1, 2)
    assert flips(compared((1, 1), (3, 4), (4, 3))) == [
        Flip("c0", True, half, half, ("B",)),
        Flip("c1", False, half, half, ("B",)),
    ]


def test_a_tie_beyond_a_threshold_names_all_who_lead_then():
    comparison = compared((3, 1), (4, 1), (2, 5), (2, 5))
    assert comparison.winner == "A"
    assert [flip.to for flip in flips(comparison)] == [("B", "C"), ("B", "C")]


def test_where_two_pass_at_one_threshold_the_steeper_one_leads_beyond():
    comparison = compared((1, 3), (1, 4), (3, 2), (5, 0))
    assert flips(comparison)[0] == Flip("c0", True, Fraction(1, 2), Fraction(1, 4), ("C",))


def test_what_leads_everywhere_never_flips():
    assert flips(compared((1, 2, 3), (5, 5, 5), (4, 5, 1))) == []


def test_a_single_criterion_can_neither_be_dropped_nor_weighed_against_another():
    comparison = compared((7,), (3,), (4,))
    assert (comparison.winner, flips(comparison), comparison.winner_if_criterion_dropped) == ("B", [], {})


def test_a_missing_score_blocks_the_matrix_and_is_never_zero():
    options = [Option("A", "Build", {"cost": 5, "time": 1}), Option("B", "Buy", {"time": 5}), Option("C", "Wait", {})]
    result = weigh(options, [Criterion("cost", 1), Criterion("time", 1)])
    assert result == Incomparable((Missing("B", "cost"), Missing("C", "cost"), Missing("C", "time")))


@pytest.mark.parametrize(
    ("options", "criteria"),
    [([Option("A", "Build", {"cost": 5})], []), ([], [Criterion("cost", 1)]), ([], [])],
)
def test_nothing_to_compare_or_to_compare_by_is_no_matrix(options, criteria):
    assert weigh(options, criteria) == Incomparable()


def test_scores_for_a_criterion_that_is_gone_are_not_looked_at():
    assert weigh([Option("A", "Build", {"cost": 4, "gone": 1})], [Criterion("cost", 1)]).totals == {"A": 4}


@pytest.mark.parametrize("weight", [0, -1, Decimal("-0.1")])
def test_a_weight_that_is_not_above_zero_is_refused(weight):
    with pytest.raises(ValueError, match="above 0"):
        weigh([Option("A", "Build", {"cost": 4})], [Criterion("cost", weight)])


def test_an_option_or_a_criterion_that_occurs_twice_is_refused():
    build, cost = Option("A", "Build", {"cost": 4}), Criterion("cost", 1)
    for options, criteria in (([build, build], [cost]), ([build], [cost, cost])):
        with pytest.raises(ValueError, match="occurs twice"):
            weigh(options, criteria)


@st.composite
def matrices(draw) -> tuple[list[Fraction], list[list[int]]]:
    width = draw(st.integers(1, 5))
    weights = draw(
        st.lists(st.integers(1, 400).map(lambda n: Fraction(n, 10)), min_size=width, max_size=width),
    )
    row = st.lists(st.integers(1, 5), min_size=width, max_size=width)
    return weights, draw(st.lists(row, min_size=1, max_size=6))


@given(matrices(), st.fractions(min_value="1/100", max_value=100))
def test_weights_on_any_scale_give_the_same(matrix, factor):
    weights, rows = matrix
    plain, scaled = compared(weights, *rows), compared([weight * factor for weight in weights], *rows)
    assert plain == scaled
    assert flips(plain) == flips(scaled)


@given(matrices())
def test_a_total_lies_between_the_lowest_and_the_highest_score(matrix):
    weights, rows = matrix
    comparison = compared(weights, *rows)
    for row, total in zip(rows, comparison.totals.values(), strict=True):
        assert min(row) <= total <= max(row)
    assert sum(comparison.shares.values()) == 1
    assert [comparison.totals[id] for id in comparison.rank] == sorted(comparison.totals.values(), reverse=True)


@given(matrices(), st.data())
def test_dropping_a_criterion_is_comparing_without_it(matrix, data):
    weights, rows = matrix
    comparison = compared(weights, *rows)
    if len(weights) == 1:
        assert comparison.leaders_if_dropped == {}
        return
    gone = data.draw(st.integers(0, len(weights) - 1))
    without = compared(
        {f"c{n}": weight for n, weight in enumerate(weights) if n != gone},
        *([score for n, score in enumerate(row) if n != gone] for row in rows),
    )
    assert comparison.leaders_if_dropped[f"c{gone}"] == without.leaders


def reweighed(weights, rows, criterion: int, share: Fraction) -> Comparison:
    """The same comparison with one criterion at `share` and the rest in proportion."""
    rest = sum(weights) - weights[criterion]
    shares = [weight / rest * (1 - share) for weight in weights]
    shares[criterion] = share
    return compared(shares, *rows)


@given(matrices(), st.data())
def test_a_flip_is_where_the_winner_changes_and_nowhere_nearer(matrix, data):
    weights, rows = matrix
    comparison = compared(weights, *rows)
    for n in range(len(weights) if len(weights) > 1 else 0):
        now = comparison.shares[f"c{n}"]
        over = data.draw(st.booleans())
        found = next((one for one in flips(comparison) if (one.criterion, one.over) == (f"c{n}", over)), None)
        end = found.share if found else Fraction(1 if over else 0)
        part = data.draw(st.fractions(min_value="1/50", max_value="49/50"))
        nearer = reweighed(weights, rows, n, now + (end - now) * part)
        assert comparison.winner in nearer.leaders
        if found:
            at = reweighed(weights, rows, n, found.share)
            beyond = reweighed(weights, rows, n, found.share + (Fraction(1 if over else 0) - found.share) / 10**9)
            assert {comparison.winner, *found.to} <= set(at.leaders)
            assert beyond.leaders == found.to


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NEW_YORK = WorkingCalendar("America/New_York", holidays=frozenset({date(2026, 1, 19), date(2026, 2, 1)}))


def decided(raised="2026-01-12 15:00", at="2026-02-02 21:00", due="2026-01-30", door=Reversibility.ONE_WAY, id="D-01"):
    return Decided(id, door, utc(raised), utc(at), date.fromisoformat(due) if due else None, NEW_YORK)


def test_days_are_exact_and_working_days_leave_out_weekends_holidays_and_the_first_day():
    """12 January to 2 February: 15 weekdays after the first, one of them a holiday; the other one is a Sunday."""
    row = latency(decided())
    assert (row.days, row.working_days) == (Fraction(85, 4), 14)
    assert (row.within_target, row.late_vs_due) == (True, True)


@pytest.mark.parametrize(
    ("door", "last", "beyond"),
    [(Reversibility.TWO_WAY, "2026-03-09", "2026-03-10"), (Reversibility.ONE_WAY, "2026-03-23", "2026-03-24")],
)
def test_a_two_way_door_takes_5_working_days_and_a_one_way_door_15(door, last, beyond):
    def within(on):
        return latency(decided(raised="2026-03-02 15:00", at=f"{on} 15:00", door=door)).within_target

    assert (within(last), within(beyond)) == (True, False)


def test_dates_are_the_programs_own():
    """01:00 UTC on Saturday is Friday evening in New York: not late, and no working day later."""
    row = latency(decided(raised="2026-01-29 15:00", at="2026-01-31 01:00", due="2026-01-30"))
    assert (row.working_days, row.late_vs_due) == (1, False)


def test_a_decision_without_a_due_date_is_never_late():
    assert latency(decided(due=None)).late_vs_due is False
    assert overdue(None, date(2026, 3, 1)) is False


def test_an_open_decision_is_overdue_the_day_after():
    assert [overdue(date(2026, 3, 1), date(2026, 3, day)) for day in (1, 2)] == [False, True]


def test_a_decision_made_on_its_day_took_no_working_day():
    row = latency(decided(raised="2026-01-12 15:00", at="2026-01-12 18:00", door=Reversibility.TWO_WAY))
    assert (row.days, row.working_days, row.within_target) == (Fraction(1, 8), 0, True)


def test_medians_are_by_the_kind_of_door():
    summary = summarise(
        [
            decided(id="D-1", raised="2026-03-02 15:00", at="2026-03-03 15:00", door=Reversibility.TWO_WAY),
            decided(id="D-2", raised="2026-03-02 15:00", at="2026-03-04 15:00", door=Reversibility.TWO_WAY),
            decided(id="D-3", raised="2026-03-02 15:00", at="2026-03-12 15:00"),
        ]
    )
    assert [row.id for row in summary.rows] == ["D-1", "D-2", "D-3"]
    assert (summary.count, summary.median_days, summary.mean_days) == (3, 2, Fraction(13, 3))
    assert summary.median_working_days == {Reversibility.TWO_WAY: Fraction(3, 2), Reversibility.ONE_WAY: 8}


def test_nothing_decided_has_no_median():
    summary = summarise([])
    assert (summary.count, summary.median_days, summary.mean_days) == (0, None, None)
    assert summary.median_working_days == {Reversibility.TWO_WAY: None, Reversibility.ONE_WAY: None}
