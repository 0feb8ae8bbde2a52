"""The published risk matrices, cell by cell, and their misprints (domain 2.8)."""

from decimal import Decimal
from fractions import Fraction
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.numbers import half_up, percent, root_half_up
from bot.domain.risk_matrix import Preset, matrix
from bot.domain.risk_presets import PUBLISHED
from models.schemas.risk import Band

STEPS = range(1, 6)
CELLS = list(product(STEPS, STEPS))
PRESETS = st.sampled_from(list(Preset))
STEP = st.integers(1, 5)
SEVERITY = [Band.LOW, Band.MODERATE, Band.HIGH, Band.EXTREME]
LOW, MODERATE, HIGH, EXTREME = SEVERITY


def bands_by_score(preset: Preset) -> dict[str, set[int]]:
    """Which scores the matrix calls by each of its publisher's names."""
    chosen = matrix(preset)
    found: dict[str, set[int]] = {}
    for cell in CELLS:
        found.setdefault(chosen.printed(*cell), set()).add(chosen.score(*cell))
    return found


def printed_rows(preset: Preset) -> list[list[str]]:
    """As it stands on paper: the likeliest row first."""
    return [[matrix(preset).shown(p, i) for i in STEPS] for p in reversed(STEPS)]


@pytest.mark.parametrize(
    ("cell", "score", "band"),
    [
        ((1, 1), 1, LOW),
        ((3, 1), 3, LOW),
        ((2, 2), 4, MODERATE),
        ((2, 3), 6, MODERATE),
        ((2, 4), 8, HIGH),
        ((3, 4), 12, HIGH),
        ((3, 5), 15, EXTREME),
        ((5, 5), 25, EXTREME),
    ],
)
def test_the_default_matrix_follows_the_published_vectors(cell, score, band):
    assert matrix().preset is Preset.NPSA
    assert (matrix().score(*cell), matrix().band(*cell)) == (score, band)


def test_the_default_matrix_names_every_attainable_product_once():
    assert bands_by_score(Preset.NPSA) == {
        "Low": {1, 2, 3},
        "Moderate": {4, 5, 6},
        "High": {8, 9, 10, 12},
        "Extreme": {15, 16, 20, 25},
    }


@pytest.mark.parametrize("preset", Preset)
@pytest.mark.parametrize("cell", [(0, 3), (3, 6), (6, 3), (3, 0), (-1, 1), (2.5, 3)])
def test_a_step_that_is_not_on_the_scale_is_refused(preset, cell):
    chosen = matrix(preset)
    for ask in (chosen.score, chosen.shown, chosen.band, chosen.printed):
        with pytest.raises(ValueError, match="from 1 to 5"):
            ask(*cell)


@pytest.mark.parametrize("step", [0, 6, -1])
def test_words_of_a_step_that_is_not_on_the_scale_are_refused(step):
    for ask in (matrix().probability_words, matrix().impact_words):
        with pytest.raises(ValueError, match="from 1 to 5"):
            ask(step)


def test_new_zealand_has_five_bands_and_a_score_of_four_is_in_one_of_them():
    """The source prints low 1-4 and moderate 4-9: 4 is in both."""
    bands = bands_by_score(Preset.NZTA)
    assert bands == {
        "Low": {1, 2, 3},
        "Moderate": {4, 5, 6, 8, 9},
        "High": {10, 12},
        "Very high": {15, 16},
        "Extreme": {20, 25},
    }
    assert 4 not in bands["Low"]


def test_new_zealands_very_high_counts_as_high_and_keeps_its_name():
    chosen = matrix(Preset.NZTA)
    assert (chosen.printed(3, 5), chosen.band(3, 5)) == ("Very high", HIGH)
    assert (chosen.printed(4, 5), chosen.band(4, 5)) == ("Extreme", EXTREME)


def test_pmi_prints_the_guides_numbers():
    assert printed_rows(Preset.PMI) == [
        ["0.05", "0.09", "0.18", "0.36", "0.72"],
        ["0.04", "0.07", "0.14", "0.28", "0.56"],
        ["0.03", "0.05", "0.10", "0.20", "0.40"],
        ["0.02", "0.03", "0.06", "0.12", "0.24"],
        ["0.01", "0.01", "0.02", "0.04", "0.08"],
    ]


def test_pmi_ranks_are_the_exact_products_of_the_guides_scales():
    probabilities = [Fraction(n, 10) for n in (1, 3, 5, 7, 9)]
    impacts = [Fraction(n, 100) for n in (5, 10, 20, 40, 80)]
    for p, i in CELLS:
        assert Fraction(matrix(Preset.PMI).score(p, i), 1000) == probabilities[p - 1] * impacts[i - 1]


def test_pmi_tells_cells_apart_that_print_alike():
    chosen = matrix(Preset.PMI)
    assert chosen.shown(5, 1) == chosen.shown(3, 2) == "0.05"
    assert chosen.score(5, 1) < chosen.score(3, 2)


def test_pmi_is_high_from_018_and_low_up_to_005():
    chosen = matrix(Preset.PMI)
    for cell in CELLS:
        worth = Fraction(chosen.score(*cell), 1000)
        expected = HIGH if worth >= Fraction(18, 100) else LOW if worth <= Fraction(5, 100) else MODERATE
        assert chosen.band(*cell) is expected


def test_a_textbooks_008_is_low_there_and_moderate_with_the_guides_scales():
    """[S16] multiplies .2 by .40; the guide's scale has no probability of .2."""
    assert matrix(Preset.PMI).shown(1, 5) == "0.08"
    assert matrix(Preset.PMI).band(1, 5) is MODERATE


def test_australia_prints_its_cells_and_letters():
    chosen = matrix(Preset.AUSTRALIA)
    rows = [[f"{chosen.shown(p, i)} {chosen.printed(p, i)[0]}" for i in STEPS] for p in reversed(STEPS)]
    assert rows == [
        ["8 M", "16 H", "20 H", "23 E", "25 E"],
        ["7 M", "12 M", "17 H", "21 H", "24 E"],
        ["5 L", "10 M", "15 H", "18 H", "22 H"],
        ["2 L", "4 L", "11 M", "13 M", "19 H"],
        ["1 L", "3 L", "6 M", "9 M", "14 H"],
    ]


def test_australias_action_table_is_misprinted_medium_ends_at_13_and_not_at_21():
    bands = bands_by_score(Preset.AUSTRALIA)
    assert bands["Medium"] == set(range(6, 14))
    assert bands["Medium"] != set(range(6, 22))
    assert bands["High"] == set(range(14, 23))


def test_australias_worked_example_is_treated_from_high_to_medium():
    chosen = matrix(Preset.AUSTRALIA)
    assert (chosen.score(3, 4), chosen.band(3, 4)) == (18, HIGH)
    assert (chosen.score(2, 4), chosen.band(2, 4), chosen.printed(2, 4)) == (13, MODERATE, "Medium")
    assert (chosen.probability_words(3), chosen.impact_words(4)) == ("Possible", "Major")


@pytest.mark.parametrize("preset", [Preset.AUSTRALIA, Preset.DEFENCE])
def test_unique_ranks_are_one_to_25_each_once(preset):
    assert sorted(matrix(preset).score(*cell) for cell in CELLS) == list(range(1, 26))


def test_defence_levels_are_those_that_the_source_lists():
    chosen = matrix(Preset.DEFENCE)
    high_from = {5: 2, 4: 3, 3: 4, 2: 5, 1: 6}
    low_to = {1: 3, 2: 2, 3: 1, 4: 0, 5: 0}
    for p, i in CELLS:
        expected = HIGH if i >= high_from[p] else LOW if i <= low_to[p] else MODERATE
        assert chosen.band(p, i) is expected
    assert [chosen.score(1, i) for i in STEPS] == [1, 3, 5, 9, 12]
    assert [chosen.score(4, i) for i in STEPS] == [7, 13, 18, 22, 24]


def test_no_preset_claims_to_be_nasas():
    assert [label for preset in Preset if "nasa" in (label := preset.label).lower()] == []
    assert len({preset.label for preset in Preset}) == len(Preset)
    assert matrix().preset.label == "Product, UK NHS (NPSA 2008)"


@pytest.mark.parametrize("preset", Preset)
def test_every_matrix_is_complete_and_says_each_step_in_words_that_fit_a_form(preset):
    data = PUBLISHED[preset]
    assert [len(row) for row in data.ranks] == [5] * 5
    assert [band.lowest for band in data.bands] == sorted((band.lowest for band in data.bands), reverse=True)
    assert data.bands[-1].lowest == min(matrix(preset).score(*cell) for cell in CELLS)
    for words in (matrix(preset).probability_words, matrix(preset).impact_words):
        texts = [f"{step} {words(step)}" for step in STEPS]
        assert len(set(texts)) == 5
        assert max(map(len, texts)) <= 75


@given(PRESETS, STEP, STEP, STEP, STEP)
def test_likelier_or_harder_is_never_rated_lower(preset, p, more_p, i, more_i):
    chosen = matrix(preset)
    small, large = (min(p, more_p), min(i, more_i)), (max(p, more_p), max(i, more_i))
    assert chosen.score(*small) <= chosen.score(*large)
    assert SEVERITY.index(chosen.band(*small)) <= SEVERITY.index(chosen.band(*large))


@given(PRESETS, STEP, STEP, STEP, STEP)
def test_a_higher_score_is_never_in_a_lower_band(preset, p, i, other_p, other_i):
    chosen = matrix(preset)
    low, high = sorted([(p, i), (other_p, other_i)], key=lambda cell: chosen.score(*cell))
    assert SEVERITY.index(chosen.band(*low)) <= SEVERITY.index(chosen.band(*high)) or chosen.score(
        *low
    ) == chosen.score(*high)


def test_a_sum_of_scores_is_shown_like_a_score():
    assert matrix().shown_score(402) == "402"
    assert matrix(Preset.PMI).shown_score(1045) == "1.05"


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (Decimal("0.045"), 2, "0.05"),
        (Fraction(5, 2), 0, "3"),
        (Fraction(-5, 2), 0, "-3"),
        (Decimal("1.005"), 2, "1.01"),
        (Fraction(1, 3), 4, "0.3333"),
        (Fraction(-1, 1000), 2, "0.00"),
        (7, 2, "7.00"),
        (10**40, 2, "1" + "0" * 40 + ".00"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value, places, shown):
    assert str(half_up(value, places)) == shown


@given(st.fractions(max_denominator=10**6), st.integers(0, 6))
def test_rounding_is_never_off_by_more_than_half_a_unit(value, places):
    assert abs(Fraction(half_up(value, places)) - value) <= Fraction(1, 2 * 10**places)


@given(st.fractions(min_value=0, max_denominator=10**6), st.integers(0, 6))
def test_a_root_is_the_nearest_number_with_so_many_places(square, places):
    root, unit = Fraction(root_half_up(square, places)), Fraction(1, 10**places)
    assert max(root - unit / 2, Fraction(0)) ** 2 <= square < (root + unit / 2) ** 2


def test_there_is_no_root_of_a_negative_number():
    with pytest.raises(ValueError, match="negative"):
        root_half_up(-1)


def test_shares_are_read_as_percentages():
    assert [percent(Fraction(2, 5)), percent(Fraction(1, 3)), percent(Fraction(1, 3), 2)] == ["40%", "33%", "33.33%"]
