"""Dates as people write them. What is not certain is refused with what to write instead, never guessed."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.domain.date_shapes import HINT, MONTHS, SHAPES, WEEKDAYS, Refused, in_range, range_hint
from bot.domain.slack_text import folded, shortened

MOST_WORDS = 8
"""Of a date: 'Friday the 3rd of April 2026', 'the end of next month'."""


class UnknownDate(ValueError):
    """`hint` is a sentence that says what to write instead. `words` are typed: escape them where they are rendered."""

    def __init__(self, words: str, hint: str) -> None:
        super().__init__(f"I do not know the date “{shortened(words)}”. {hint}")
        self.words = words
        self.hint = hint


@dataclass(frozen=True)
class Leading:
    """What the first `count` words of a text say: a date, or why it is none."""

    count: int
    said: date | UnknownDate


def read_date(words: str, today: date) -> date:
    """The date that all of `words` say, seen from `today`; UnknownDate for everything that is not certain."""
    said = _understood(words, today)
    if isinstance(said, date):
        return said
    raise UnknownDate(" ".join(words.split()), said or HINT)


def leading_date(words: Sequence[str], today: date) -> Leading | None:
    """The longest date that `words` begin with; None when they do not look like a date at all."""
    if not words or not _BEGINS_LIKE_ONE.match(_normal(words[0])):
        return None
    for count in range(min(len(words), MOST_WORDS), 0, -1):
        phrase = " ".join(words[:count])
        said = _understood(phrase, today) if _normal(words[count - 1]) else None
        if said is None:
            continue
        if isinstance(said, date) and _GOES_ON.match(_normal(" ".join(words[count : count + 2]))):
            return Leading(count + 1, UnknownDate(" ".join(words[: count + 1]), HINT))
        return Leading(count, said if isinstance(said, date) else UnknownDate(phrase, said))
    return Leading(1, UnknownDate(words[0], HINT)) if _LOOKS_LIKE_ONE.match(_normal(words[0])) else None


_GOES_ON = re.compile(r"(?:next|week|or|after next)\b")
"""Words after a date that make another date of it: 'Friday week', 'Monday or Tuesday'."""
_LOOKS_LIKE_ONE = re.compile(rf"[0-9]|(?:{'|'.join([*WEEKDAYS, *MONTHS])})\b")
"""Refused when it is none: a digit, a weekday or a month is hardly meant as anything else."""
_BEGINS_LIKE_ONE = re.compile(
    rf"{_LOOKS_LIKE_ONE.pattern}|(?:today|tomorrow|this|next|the|end|in|eow|eom|eoq|eoy|q[1-4])\b"
)


def _normal(words: str) -> str:
    said = " ".join(folded(words).split()).lstrip("\"'([ ").rstrip("\"')].,; ")
    said = re.sub(r",(?= )", "", said)
    return re.sub(r"(?<=[a-z])\.(?= )", "", said)


def _understood(words: str, today: date) -> date | str | None:
    """A date, the hint of a known shape that is refused, None for no known shape."""
    said = _normal(words)
    for shape, read in SHAPES:
        if found := shape.fullmatch(said):
            try:
                return in_range(read(found, today), today)
            except Refused as refused:
                return str(refused)
            except (OverflowError, ValueError):
                return range_hint(today)
    return None
