"""Which of several records says most likely the same as some words: by the words that they share."""

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

LEAST_SHARED = 2
"""Words that a record has to share; one is enough where the words are no more than one."""
LEAST_SHARE = 0.4
"""Of the shorter of the two texts."""
LEAST_STEM = 5
"""Letters from which on two words are the same where one begins like the other: 'migrate', 'migration'."""
MOST_WORDS = 8

_WORD = re.compile(r"[^\W_]+")
_SAYS_NOTHING = """
a about after again all also an and any are as at be because been before being but by can cannot could did do does for
from get had has have he her his how i if in into is it its me my need needs needed no not now of off on once one or our
out over she should so some still than that the their them then there these they this those to too until up us was wait
waiting waits we were what when where which while who why will with would you your blocked blocker blocking
stuck way yet
"""
_EMPTY = frozenset(_SAYS_NOTHING.split())


class Candidate(NamedTuple):
    key: tuple[str, int]
    """Its kind and id."""
    text: str


def significant_words(text: str) -> list[str]:
    """In their order, each once, without those that say nothing; the longest of a long text."""
    words = list(dict.fromkeys(word for word in _WORD.findall(text.casefold()) if len(word) > 1 and word not in _EMPTY))
    kept = set(sorted(words, key=len, reverse=True)[:MOST_WORDS])
    return [word for word in words if word in kept]


def search_terms(texts: Iterable[str], *, most: int) -> list[str]:
    """What to look for, of several texts at once, the longest words first: they tell most."""
    words = dict.fromkeys(word for text in texts for word in significant_words(text))
    return sorted(words, key=lambda word: (-len(word), word))[:most]


def likeliest(text: str, candidates: Sequence[Candidate]) -> Candidate | None:
    """None where none shares enough; of equal ones the first."""
    wanted = significant_words(text)
    rated = [(rating, candidate) for candidate in candidates if (rating := _rating(wanted, candidate.text)) is not None]
    return max(rated, key=lambda pair: pair[0])[1] if rated else None


def _rating(wanted: Sequence[str], text: str) -> tuple[float, int] | None:
    there = significant_words(text)
    shared = sum(any(_same(word, other) for other in there) for word in wanted)
    shorter = min(len(wanted), len(there))
    if shared < min(LEAST_SHARED, max(len(wanted), 1)) or shared / max(shorter, 1) < LEAST_SHARE:
        return None
    return shared / shorter, shared


def _same(one: str, other: str) -> bool:
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    return len(short) >= LEAST_STEM and long[:LEAST_STEM] == short[:LEAST_STEM] and len(long) - len(short) <= LEAST_STEM
