"""A title out of a message: its first sentence, and nothing that was said is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.message_title import headed


@pytest.mark.parametrize(
    ("said", "title", "rest"),
    [
        ("Vendor slips the API", "Vendor slips the API", ""),
        ("Vendor slips the API. They told us today.", "Vendor slips the API.", "They told us today."),
        ("Vendor slips the API\nThey told us today.\nAgain.", "Vendor slips the API", "They told us today.\nAgain."),
        ("> Will it hold? I doubt it", "Will it hold?", "I doubt it"),
        ("- v1.2 breaks the import", "v1.2 breaks the import", ""),
        ("1. First. Then second", "First. Then second", ""),
        ("Hm. The vendor slips the API", "Hm. The vendor slips the API", ""),
        ("", "", ""),
        ("  \n\n ", "", ""),
    ],
)
def test_the_first_sentence_is_the_title(said, title, rest):
    found = headed(said, most_title=150, most_rest=1000)
    assert (found.title, found.rest, found.is_shortened) == (title, rest, False)


def test_a_first_sentence_that_is_too_long_stands_whole_in_the_rest():
    said = "the vendor slips the API " * 10
    found = headed(said, most_title=150, most_rest=1000)
    assert len(found.title) <= 150
    assert said.startswith(found.title)
    assert found.rest == said.strip()


def test_what_does_not_fit_is_said_to_be_cut():
    found = headed("Vendor slips. " + "x" * 2000, most_title=150, most_rest=1000)
    assert len(found.rest) == 1000
    assert found.rest.endswith("…")
    assert found.is_shortened


@given(st.text(max_size=400))
def test_any_text_gives_a_title_and_a_rest_that_fit_and_hold_all_its_words(said):
    found = headed(said, most_title=40, most_rest=400)
    assert len(found.title) <= 40
    assert len(found.rest) <= 400
    assert "\n" not in found.title
    held = "".join((found.title + found.rest).split())
    if not found.is_shortened:
        assert all(word in "".join(said.split()) for word in found.title.split())
        assert len(held) >= len("".join(said.split())) - sum(said.count(mark) for mark in ">*•·–—-.)0123456789")
