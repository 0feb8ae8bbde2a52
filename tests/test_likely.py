"""Which record says most likely the same."""

import pytest

from bot.domain.likely import Candidate, likeliest, search_terms, significant_words

RECORDS = [
    Candidate(("risk", 1), "Vendor slips the API"),
    Candidate(("dependency", 9), "Consent signal for safety review"),
    Candidate(("issue", 3), "Search index cannot be rebuilt"),
    Candidate(("risk", 4), "Nobody reviews the migration plan"),
]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Waiting for consent signal schema", ("dependency", 9)),
        ("Search index rebuild slot", ("issue", 3)),
        ("the vendor's API is late", ("risk", 1)),
        ("Migrating: plan has no review", ("risk", 4)),
        ("Laptop is broken", None),
        ("review", ("dependency", 9)),
        ("I am waiting for it", None),
        ("", None),
        ("signal from the vendor about lunch menus and parking", None),
    ],
)
def test_the_one_that_shares_most_of_its_words(text, found):
    match = likeliest(text, RECORDS)
    assert (match.key if match else None) == found


def test_words_that_say_nothing_are_left_out():
    assert significant_words("I am still waiting for the API, the API of <!channel>") == ["am", "api", "channel"]
    assert search_terms(["one API key", "the vendor's portal"], most=3) == ["portal", "vendor", "api"]
