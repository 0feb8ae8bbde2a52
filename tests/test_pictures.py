"""The pictures of the risk register, as those see them who look, who cannot see them, and who read only text.

`UPDATE_GOLDEN=1 ./run test tests/test_pictures.py` writes the messages again.
"""

import json
import os
import zlib
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.pictures import burn_down_svg, heat_map_svg, to_png
from bot.pictures.svg import FAMILY, SMALL, WIDTH, sheet, text
from bot.pictures.widths import fit, width
from bot.slack_rules import check_message, text_size
from bot.views import burn_down, heat_map
from bot.views.blocks import button
from models.schemas.charts import BurnDown, HeatMap, HeatRisk, PlannedScore, Week
from models.schemas.message import Message
from models.schemas.risk import Band

GOLDEN = Path(__file__).parent / "golden"
HOSTILE = "<!channel> <b> & co"
LAST_FRIDAY = date(2026, 3, 27)
TODAY = date(2026, 3, 30)
LINK = "https://example-workspace.slack.com/archives/C1/p17746000000000{number:02}"

PRODUCT = tuple(
    tuple(
        Band.EXTREME if p * i >= 15 else Band.HIGH if p * i >= 8 else Band.MODERATE if p * i >= 4 else Band.LOW
        for i in range(1, 6)
    )
    for p in range(1, 6)
)
SCORES = {Band.EXTREME: "15-25", Band.HIGH: "8-12", Band.MODERATE: "4-6", Band.LOW: "1-3"}
LIST = button("Show list", "risk.list", "open")


def heat(*cells: tuple[int, int], **changes: Any) -> HeatMap:
    risks = tuple(
        HeatRisk(ref=f"R-{number}", probability=p, impact=i, link=LINK.format(number=number % 100))
        for number, (p, i) in enumerate(cells, start=1)
    )
    values = {"place": HOSTILE, "as_of": TODAY, "bands": PRODUCT, "scores": SCORES, "risks": risks}
    return HeatMap.model_validate(values | changes)


def spread(many: int) -> HeatMap:
    """Over all cells, worst first."""
    cells = [(1 + number % 5, 1 + number // 5 % 5) for number in range(many)]
    return heat(*sorted(cells, key=lambda cell: -cell[0] * cell[1]))


def falling(*scores: int, planned: tuple[int, ...] = (), place: str = HOSTILE, **changes: Any) -> BurnDown:
    """The last week is that of `LAST_FRIDAY`; ten points of score are one open risk, begun ones count."""
    weeks = [
        Week(week_end=LAST_FRIDAY - timedelta(weeks=len(scores) - 1 - number), open=-(-score // 10), score=score)
        for number, score in enumerate(scores)
    ]
    points = [PlannedScore(on=LAST_FRIDAY + timedelta(weeks=n), score=score) for n, score in enumerate(planned, 1)]
    values = {"place": place, "today": TODAY, "weeks": weeks, "planned": points}
    return BurnDown.model_validate(values | changes)


HEAT = heat((5, 5), (5, 3), *[(4, 5)] * 13, (3, 4), (2, 2), (1, 1))
BURN = falling(0, 65, 134, 176, 211, 247, 255, 273, 306, 317, 347, 402, planned=(398, 352, 316, 279, 237, 193))

PICTURES = {
    "heat map": heat_map_svg(HEAT),
    "heat map of one risk": heat_map_svg(heat((2, 5))),
    "heat map of 500 risks": heat_map_svg(spread(500)),
    "heat map of 5000 risks": heat_map_svg(spread(5000)),
    "burn-down": burn_down_svg(BURN),
    "burn-down of one week": burn_down_svg(falling(12)),
    "burn-down of one week with a plan": burn_down_svg(falling(20, planned=(4,))),
    "burn-down to nothing": burn_down_svg(falling(402, 317, 211, 134, 65, 0)),
    "burn-down of 500 risks": burn_down_svg(falling(*range(5000, 3800, -100), planned=(3000, 2000, 0))),
}

SHOWN: dict[str, Message] = {
    "heat-map-text": heat_map.text_message(HEAT, LIST),
    "heat-map-picture": heat_map.picture_message(HEAT, "F0HEATMAP", "program:3", LIST),
    "heat-map-none": heat_map.text_message(heat(), LIST),
    "burn-down-text": burn_down.text_message(BURN),
    "burn-down-picture": burn_down.picture_message(BURN, "F0BURNDOWN", "program:3"),
    "burn-down-none": burn_down.picture_message(falling(0, 0, 0), "F0BURNDOWN", "program:3"),
}


def as_sent(shown: Message) -> dict[str, Any]:
    return shown.payload() | ({"fallback": shown.fallback} if shown.fallback is not None else {})


@pytest.mark.parametrize("name", SHOWN)
def test_the_messages_look_as_they_did(name):
    golden = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_GOLDEN"):
        golden.write_text(json.dumps(as_sent(SHOWN[name]), indent=1, ensure_ascii=False) + "\n")
    assert json.loads(golden.read_text()) == as_sent(SHOWN[name])


@pytest.mark.parametrize("name", SHOWN)
def test_slack_takes_the_messages(name):
    assert check_message(SHOWN[name].payload()) == []
    assert check_message(SHOWN[name].payload() | {"blocks": SHOWN[name].fallback or SHOWN[name].blocks}) == []


@pytest.mark.parametrize("name", SHOWN)
def test_a_hostile_name_pings_nobody(name):
    assert "<!channel>" not in json.dumps(as_sent(SHOWN[name]))


@pytest.mark.parametrize("name", SHOWN)
def test_the_messages_keep_to_the_house_rules(name):
    sent = SHOWN[name].payload()
    assert len(sent["text"]) <= 150 and text_size(sent) <= 10_000 and len(sent["blocks"]) <= 12
    buttons = [part for block in sent["blocks"] if block["type"] == "actions" for part in block["elements"]]
    assert all(len(part["text"]["text"].split()) <= 3 for part in buttons)


def test_the_twin_of_500_risks_fits_a_message():
    assert text_size(heat_map.text_message(spread(500), LIST).payload()) <= 10_000


# What a person sees


@pytest.mark.parametrize("name", PICTURES)
def test_every_letter_is_dark_enough_on_what_it_stands_on(name):
    for letters in texts(PICTURES[name]):
        assert contrast(letters["fill"], letters["ground"]) >= 4.5, letters


@pytest.mark.parametrize("name", PICTURES)
def test_no_letter_is_smaller_than_13_pixels(name):
    assert min(letters["size"] for letters in texts(PICTURES[name])) >= SMALL == 13


@pytest.mark.parametrize("name", PICTURES)
def test_words_stay_on_the_sheet_and_off_one_another(name):
    assert overlapping(PICTURES[name]) == []


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture_brings_its_own_white_ground_and_border(name):
    ground = ElementTree.fromstring(PICTURES[name])[1]
    assert (ground.get("fill"), ground.get("stroke"), float(ground.get("width"))) == ("#FFFFFF", "#C9C9CE", WIDTH - 1)


@pytest.mark.parametrize("name", ["heat map", "heat map of 5000 risks", "burn-down"])
def test_each_word_of_the_picture_is_really_drawn(name):
    svg = PICTURES[name]
    pixels, empty = Png(to_png(svg, scale=1)), Png(to_png(without_text(svg), scale=1))
    assert (pixels.wide, pixels.high) == (empty.wide, empty.high)
    for letters in texts(svg):
        assert any(pixels.at(x, y) != empty.at(x, y) for x, y in inside(letters)), letters["words"]


def test_the_picture_is_sharp_on_a_good_screen():
    image = to_png(PICTURES["burn-down"])
    assert image.startswith(b"\x89PNG") and int.from_bytes(image[16:20], "big") == 2 * WIDTH


@pytest.mark.parametrize("bold", [False, True])
@pytest.mark.parametrize("words", ["measured 402", "Wünsche & <Träume>", "Проект", "一 🚂"])
def test_words_are_never_wider_than_they_were_measured(words, bold):
    drawn = Png(to_png(sheet(60, "", [text(100, 40, words, size=20, bold=bold)]), scale=1))
    dark = [x for x in range(50, 600) for y in range(20, 50) if drawn.at(x, y)[0] < 128]
    drawn_wide, measured = max(dark) - 100, width(words, 20, bold=bold)
    assert 0.95 * measured - 2 <= drawn_wide <= measured, "kerning draws some pairs closer, none wider"


def test_a_long_name_is_cut_in_the_picture_and_what_follows_it_stays():
    words = [letters["words"] for letters in texts(heat_map_svg(heat((1, 1), place="W" * 300)))]
    line = next(line for line in words if line.startswith("W"))
    assert line.endswith("W…, Mon 30 Mar. Big number = risks in the cell.")


def test_a_hostile_name_is_shown_as_it_was_typed():
    for svg in (PICTURES["heat map"], PICTURES["burn-down"]):
        assert any(letters["words"].startswith(f"{HOSTILE}, ") for letters in texts(svg))


@given(place=st.text(min_size=1, max_size=200))
@settings(max_examples=60, deadline=None)
def test_any_name_makes_a_picture(place):
    """Lone surrogates and control characters too: the picture is well-formed, and PNG can be made of it."""
    for svg in (heat_map_svg(heat((1, 1), place=place)), burn_down_svg(falling(12, place=place))):
        assert overlapping(svg) == []
        ElementTree.fromstring(svg.encode())


def test_every_cell_says_its_band_and_its_number():
    words = [letters["words"] for letters in texts(heat_map_svg(HEAT))]
    assert sorted(word for word in words if word in {"E", "H", "M", "L"}) == sorted(
        heat_map.letter(band) for row in PRODUCT for band in row
    )
    assert sorted(int(word) for word in words if word.isdigit()) == [0] * 19 + [1] * 5 + [13]
    assert "R-3, R-4 +11" in words and "R-1" in words


def test_the_extreme_cells_are_known_in_grey_by_their_border():
    cells = [box for box in ElementTree.fromstring(heat_map_svg(HEAT)) if box.get("width") == "94"]
    borders = {(box.get("fill"), box.get("stroke"), box.get("stroke-width")) for box in cells}
    assert ("#A3142E", "#1D1C1D", "2.5") in borders
    assert {thick for fill, _, thick in borders if fill != "#A3142E"} == {"1"}


def test_a_workspaces_own_matrix_is_drawn_in_its_own_words():
    bands = ((Band.LOW,) * 5, *[(Band.MODERATE,) * 5] * 3, (Band.HIGH,) * 5)
    steps = ("Very low (10%)", "Low (30%)", "Moderate (50%)", "High (70%)", "Very high (90%)")
    own = heat((5, 1), (1, 5), bands=bands, scores={Band.HIGH: "0.18-0.72"}, probabilities=steps)
    words = [letters["words"] for letters in texts(heat_map_svg(own))]
    assert "Very low" in words and "H High 0.18-0.72" in words and "L Low" in words
    assert not any("Extreme" in word for word in words)
    assert heat_map.headline(own) == "2 open risks, 1 High"
    assert heat_map.grid(own).splitlines()[0] == "P5 |  1H   ·   ·   ·   ·"


@given(
    scores=st.lists(st.integers(0, 99_999), min_size=1, max_size=12).filter(any),
    planned=st.dictionaries(st.integers(1, 182), st.integers(0, 99_999), max_size=26),
    late=st.integers(1, 300),
)
@settings(max_examples=200, deadline=None)
def test_whatever_the_scores_no_words_of_the_burn_down_collide(scores, planned, late):
    """`planned`: days after the last Friday; `late`: how many after it today is, another year perhaps."""
    chart = falling(*scores).model_copy(
        update={
            "planned": tuple(
                PlannedScore(on=LAST_FRIDAY + timedelta(days=on), score=score) for on, score in sorted(planned.items())
            ),
            "today": LAST_FRIDAY + timedelta(days=late),
        }
    )
    assert overlapping(burn_down_svg(chart)) == []


# What the message says


def test_the_title_is_the_finding():
    assert heat_map.headline(HEAT) == "18 open risks, 15 Extreme"
    assert heat_map.headline(heat((2, 5))) == "1 open risk, High"
    assert heat_map.headline(heat((1, 1), (1, 2))) == "2 open risks, all Low"
    assert burn_down.headline(BURN) == "Total risk score 402, up 129 in four weeks"
    assert burn_down.headline(falling(212, 190, 168)) == "Total risk score 168, down 44 in two weeks"
    assert burn_down.headline(falling(20, 20)) == "Total risk score 20, unchanged in one week"
    assert burn_down.headline(falling(20)) == "Total risk score 20"


def test_scores_are_shown_as_the_matrix_shows_them():
    pmi = falling(1205, 720, planned=(45,), rank_places=3, shown_places=2)
    assert burn_down.headline(pmi) == "Total risk score 0.72, down 0.49 in one week"
    assert [row[3]["text"] for row in table(burn_down.text_message(pmi))] == ["Change", "-", "-0.49"]
    words = [letters["words"] for letters in texts(burn_down_svg(pmi))]
    assert {"0.00", "0.50", "1.00", "1.50", "measured 0.72", "planned 0.05"} <= set(words)


@pytest.mark.parametrize("shown", [heat_map.picture_message, burn_down.picture_message])
def test_where_nothing_is_open_a_sentence_stands_in_place_of_an_empty_chart(shown):
    chart = heat() if shown is heat_map.picture_message else falling(0, 0)
    said = shown(chart, "F1", "here", LIST)
    assert chart.is_empty
    assert [block["type"] for block in said.blocks] == ["section", "actions"]
    assert said.blocks[0]["text"]["text"].startswith("*No open risk")
    assert "&lt;!channel&gt;" in said.blocks[0]["text"]["text"]


@given(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), min_size=1, max_size=500))
@settings(max_examples=40, deadline=None)
def test_those_who_cannot_see_the_heat_map_hear_every_number(cells):
    chart = heat(*cells)
    heard = heat_map.alt_text(chart)
    assert len(heard) <= 1000 and "…" not in heard
    for p, i in set(cells):
        assert f"P{p} × I{i} {cells.count((p, i))}" in heard
    counts = [heat_map.grid(chart).count(letter) for letter in "EHML"]
    assert sum(counts) == len(set(cells))
    assert check_message(heat_map.text_message(chart).payload()) == []


@given(
    scores=st.lists(st.integers(0, 99_999), min_size=1, max_size=12).filter(any),
    planned=st.lists(st.integers(0, 99_999), max_size=26),
)
@settings(max_examples=40, deadline=None)
def test_those_who_cannot_see_the_burn_down_hear_every_number_or_how_many_are_left_out(scores, planned):
    chart = falling(*scores, planned=tuple(planned))
    heard = burn_down.alt_text(chart)
    assert len(heard) <= 1000 and "…" not in heard
    assert f"27 Mar {scores[-1]}" in heard
    assert all(f" {score}" in heard for score in scores) or "left out" in heard
    assert all(f" {score}" in heard for score in planned) or " more, " in heard
    for message in (burn_down.text_message(chart), burn_down.picture_message(chart, "F1", "here")):
        assert check_message(message.payload()) == []


def test_many_ids_end_in_how_many_more_there_are():
    assert "R-12 and 3 more. High 1, Moderate 1, Low 1." in heat_map.alt_text(HEAT)
    said = "\n".join(block["text"]["text"] for block in heat_map.text_message(spread(500)).blocks[3:])
    assert said.count(" more") == 4 and said.index("Extreme") < said.index("High") < said.index("Low")


def test_the_grid_fits_a_phone():
    assert {len(line) for line in heat_map.grid(spread(500)).splitlines()} == {24}
    assert max(len(line) for line in heat_map.grid(spread(5000)).splitlines()) == 29


def test_a_risk_whose_card_nobody_may_open_is_named_without_a_link():
    hidden = heat((5, 5)).model_copy(update={"risks": (HeatRisk(ref="R-9", probability=5, impact=5),)})
    assert heat_map.text_message(hidden).blocks[-1]["text"]["text"] == ":large_red_square: *1 Extreme:* R-9"


def test_the_burn_downs_twin_lists_every_week_and_lines_up_without_a_table():
    said = burn_down.text_message(BURN)
    rows = [[cell["text"] for cell in row] for row in table(said)]
    assert rows[:3] == [["Friday", "Open", "Score", "Change"], ["9 Jan", "0", "0", "-"], ["16 Jan", "7", "65", "+65"]]
    assert len(rows) == 13
    lines = said.fallback[1]["elements"][0]["elements"][0]["text"].splitlines()
    assert lines[0] == "Friday  Open  Score  Change" and lines[-1] == "27 Mar    41    402     +55"
    assert {len(line) for line in lines} == {27}


def test_the_plan_is_said_four_weeks_on_and_at_its_end():
    assert burn_down.text_message(BURN).blocks[-1]["elements"][0]["text"] == (
        "If every response works by its date: 279 on Fri 24 Apr, 193 on Fri 8 May."
    )
    assert burn_down.picture_message(BURN, "F1", "here").text == (
        "Risk burn-down: total score 402, up 129 in four weeks. Planned 193 by 8 May."
    )


@pytest.mark.parametrize(
    ("weeks", "planned"),
    [
        ([date(2026, 3, 26)], []),
        ([date(2026, 3, 13), date(2026, 3, 27)], []),
        ([date(2026, 3, 27), date(2026, 3, 20)], []),
        ([date(2026, 3, 27)], [date(2026, 3, 27)]),
        ([date(2026, 3, 27)], [date(2026, 4, 10), date(2026, 4, 3)]),
        ([date(2026, 3, 27)], [date(2026, 9, 26)]),
    ],
)
def test_weeks_out_of_order_and_plans_out_of_sight_are_refused(weeks, planned):
    with pytest.raises(ValidationError):
        BurnDown(
            place="Nova",
            today=TODAY,
            weeks=tuple(Week(week_end=day, open=1, score=1) for day in weeks),
            planned=tuple(PlannedScore(on=day, score=1) for day in planned),
        )


def test_a_name_that_fits_is_not_cut():
    assert fit("Nova", 200, 14) == "Nova"
    assert fit("", 0, 14) == ""


# How it is looked at


def table(said: Message) -> list[list[dict[str, Any]]]:
    return next(block["rows"] for block in said.blocks if block["type"] == "table")


def texts(svg: str) -> list[dict[str, Any]]:
    """Each text with its box and the fill of what was drawn below it."""
    found: list[dict[str, Any]] = []
    boxes: list[ElementTree.Element] = []
    for part in ElementTree.fromstring(svg):
        if part.tag.endswith("rect"):
            boxes.append(part)
        if part.tag.endswith("}text"):
            found.append(_text(part, boxes))
    return found


def _text(part: ElementTree.Element, boxes: list[ElementTree.Element]) -> dict[str, Any]:
    words, size, bold = part.text or "", float(part.get("font-size")), part.get("font-weight") == "700"
    assert part.get("font-family") == FAMILY
    wide = width(" ".join(words.split()), size, bold=bold)
    x, y = float(part.get("x")), float(part.get("y"))
    left = x - {"start": 0, "middle": wide / 2, "end": wide}[part.get("text-anchor")]
    ground = next(box for box in reversed(boxes) if _holds(box, left + wide / 2, y - size / 3))
    return {
        "words": words,
        "size": size,
        "fill": part.get("fill"),
        "ground": ground.get("fill"),
        "box": (left, y - size * 0.75, left + wide, y + 1),
    }


def _holds(box: ElementTree.Element, x: float, y: float) -> bool:
    left, top, wide, high = (float(box.get(name)) for name in ("x", "y", "width", "height"))
    return left <= x <= left + wide and top <= y <= top + high


def overlapping(svg: str) -> list[tuple[str, str]]:
    """Pairs of words that touch, and words that leave the sheet."""
    found = texts(svg)
    high = float(ElementTree.fromstring(svg).get("height"))
    bad = [
        (letters["words"], "the edge")
        for letters in found
        if letters["box"][0] < 4 or letters["box"][2] > WIDTH - 4 or letters["box"][3] > high - 4
    ]
    for number, one in enumerate(found):
        bad += [(one["words"], other["words"]) for other in found[:number] if _touch(one["box"], other["box"])]
    return bad


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def inside(letters: dict[str, Any]) -> Iterator[tuple[int, int]]:
    left, top, right, bottom = (int(edge) for edge in letters["box"])
    return ((x, y) for y in range(top, bottom) for x in range(left, right + 1))


def without_text(svg: str) -> str:
    return "\n".join(line for line in svg.splitlines() if not line.startswith("<text"))


def contrast(one: str, other: str) -> float:
    """As WCAG 2.1 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


class Png:
    """The pixels of a PNG of 8 bits a channel with colour and opacity, which is what is made here."""

    def __init__(self, data: bytes) -> None:
        chunks = dict[bytes, bytes]()
        at = 8
        while at < len(data):
            size = int.from_bytes(data[at : at + 4], "big")
            kind = data[at + 4 : at + 8]
            chunks[kind] = chunks.get(kind, b"") + data[at + 8 : at + 8 + size]
            at += 12 + size
        head = chunks[b"IHDR"]
        self.wide, self.high = int.from_bytes(head[:4], "big"), int.from_bytes(head[4:8], "big")
        assert tuple(head[8:10]) == (8, 6)
        self.rows = self._rows(zlib.decompress(chunks[b"IDAT"]))

    def at(self, x: int, y: int) -> bytes:
        return self.rows[y][4 * x : 4 * x + 4]

    def _rows(self, data: bytes) -> list[bytes]:
        rows, above = [], bytes(4 * self.wide)
        for start in range(0, len(data), 4 * self.wide + 1):
            above = _unfiltered(data[start], data[start + 1 : start + 1 + 4 * self.wide], above)
            rows.append(above)
        return rows


def _unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    if kind == 0:
        return row
    out = bytearray(len(row))
    for at, byte in enumerate(row):
        left, corner = (out[at - 4], above[at - 4]) if at >= 4 else (0, 0)
        up = above[at]
        guess = (left, up, (left + up) // 2, _paeth(left, up, corner))[kind - 1]
        out[at] = (byte + guess) & 0xFF
    return bytes(out)


def _paeth(left: int, up: int, corner: int) -> int:
    estimate = left + up - corner
    return min((left, up, corner), key=lambda known: abs(estimate - known))
