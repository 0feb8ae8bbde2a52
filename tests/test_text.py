"""Cutting and escaping what people typed: no entity is cut in two, nothing becomes a command of Slack's."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from bot.views.text import MOST_TITLE, cut, escape, title

TYPED = st.text(alphabet=st.sampled_from("&<>!@#|;ab \n`*_~🚂é"), max_size=400)


@given(TYPED)
def test_no_typed_text_becomes_a_command(text):
    shown = title(text)
    assert "<" not in shown
    assert ">" not in shown
    assert re.sub(r"&(amp|lt|gt);", "", shown).count("&") == 0


@given(TYPED, st.integers(min_value=1, max_value=200))
@example("&aaaa", 4)
@example("&" * 50, 40)
def test_a_cut_text_keeps_to_its_length_and_its_entities(text, most):
    shown = cut(escape(text), most)
    assert len(shown) <= most
    assert re.sub(r"&(amp|lt|gt);", "", shown).count("&") == 0


def test_a_cut_loses_no_more_than_it_must():
    assert cut("R&amp;D " + "x" * 200, 20) == "R&amp;D " + "x" * 11 + "…"
    assert cut("R&D " + "x" * 200, 20) == "R&D " + "x" * 15 + "…"
    assert title("a" * MOST_TITLE) == "a" * MOST_TITLE
