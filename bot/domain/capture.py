"""
One line that holds a risk: `Vendor slips the API p4 i5 @owner by Friday`.

Options stand anywhere, in any order: `p4` and `i5` (`p=4`, `p:4`), a mention, `#vendor`, `by` and a date, and
`opportunity:` or `threat:` at the start. Of mentions the first counts (it stays
in the title as well after a word like "from"), of everything else the last. Whatever is not
understood, or given twice, stays in the title: nothing that was typed is lost.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Generic, TypeVar

from bot.domain import categories
from bot.domain.capture_words import Word, split_words, without_loose_separators
from bot.domain.date_words import MOST_WORDS, UnknownDate, leading_date
from bot.domain.slack_text import Channel, User, shortened
from models.schemas.dates import day_words
from models.schemas.risk import Category, Kind

_RATING = re.compile(r"([pi])[=:]?([0-9]+)")
_GOOD_RATINGS = frozenset("12345")
_HASH = re.compile(r"#([a-z][\w-]*)")
_HANDLE = re.compile(r"@(\w[\w.-]*)")
_KIND = re.compile(r"(opportunity|threat):(.*)", re.IGNORECASE | re.DOTALL)
_EVERYONE = frozenset({"here", "channel", "everyone", "group"})
_LINKING = frozenset(
    {"and", "between", "by", "for", "from", "in", "of", "on", "or", "than", "to", "via", "with", "without"}
)
"""After one of these a name is part of the sentence as well."""
_NAMES = {"p": "Probability", "i": "Impact"}


@dataclass(frozen=True)
class CaptureLine:
    """What a line says. Texts are as typed, unescaped: escape them where they are rendered."""

    title: str
    probability: int | None = None
    impact: int | None = None
    owner: str | None = None
    """Slack id of the first person mentioned."""
    owner_words: str | None = None
    """A name after an @ that Slack did not resolve, without the @: see `with_owner`."""
    due: date | None = None
    due_words: str | None = None
    """The words that `due` was read from."""
    category: Category | None = None
    category_guessed: bool = False
    kind: Kind | None = None
    """None where nothing was typed: the caller's default."""
    unread: list[str] = field(default_factory=list)
    """Words of the title that look like options and were not taken as such."""
    problems: list[str] = field(default_factory=list)
    """Sentences; they quote what was typed."""

    @property
    def complete(self) -> bool:
        """All that a risk needs; without a mention it is its author's."""
        rated = self.probability is not None and self.impact is not None
        return bool(self.title) and rated and self.owner_words is None and not self.problems

    def with_owner(self, slack_id: str | None) -> "CaptureLine":
        """With the person whom `owner_words` mean, or with the problem that nobody is called so."""
        if slack_id is not None or self.owner_words is None:
            return replace(self, owner=slack_id or self.owner, owner_words=None)
        problem = f"I do not know @{shortened(self.owner_words)}. Choose the owner."
        return replace(self, owner_words=None, problems=[*self.problems, problem])


T = TypeVar("T")


@dataclass(frozen=True)
class _Found(Generic[T]):
    """An option, and where it stands."""

    at: range
    value: T


class _Sorting:
    """Which words were taken as options, and which only look like some."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = words
        self.taken: set[int] = set()
        self.problems: list[str] = []
        self._unread: list[range] = []

    def take_last(self, found: Sequence[_Found[T]]) -> T | None:
        if not found:
            return None
        self.leave(found[:-1])
        self.taken.update(found[-1].at)
        return found[-1].value

    def leave(self, found: Sequence[_Found[T]]) -> None:
        self._unread += [option.at for option in found]

    def text(self, at: range) -> str:
        return " ".join(self.words[n].text for n in at)

    @property
    def unread(self) -> list[str]:
        return [self.text(at).rstrip(",; ") for at in sorted(self._unread, key=lambda at: at.start)]

    def remaining(self) -> list[Word]:
        return [word for n, word in enumerate(self.words) if n not in self.taken]


def read_line(text: str, today: date, names: Mapping[str, str] | None = None) -> CaptureLine:
    """
    A line as Slack sends it, or as typed; never raises.

    `today` is the author's. `names` gives handles by Slack id, for people who stay in the title.
    """
    words = split_words(text, names or {})
    sorting = _Sorting(words)
    probability = _rating(sorting, "p")
    impact = _rating(sorting, "i")
    category = _category(sorting)
    owner, owner_words = _owner(sorting)
    due, due_words = _due(sorting, today)
    title, kind = _title(sorting.remaining())
    guessed = None if category else categories.guess(title)
    return CaptureLine(
        title=title,
        probability=probability,
        impact=impact,
        owner=owner,
        owner_words=owner_words,
        due=due,
        due_words=due_words,
        category=category or guessed,
        category_guessed=guessed is not None,
        kind=kind,
        unread=sorting.unread,
        problems=sorting.problems,
    )


def _rating(sorting: _Sorting, letter: str) -> int | None:
    """One digit out of range is a slip; more digits are one only where nothing else says the rating (`p99` latency)."""
    found = [
        _Found(range(n, n + 1), rating[2])
        for n, word in enumerate(sorting.words)
        if (rating := _RATING.fullmatch(word.key)) and rating[1] == letter
    ]
    good = [option for option in found if option.value in _GOOD_RATINGS]
    bad = [option for option in found if option.value not in _GOOD_RATINGS]
    taken = sorting.take_last(good)
    sorting.leave(bad)
    for option in bad:
        if taken is None or len(option.value) == 1:
            typed = shortened(sorting.words[option.at.start].key)
            sorting.problems.append(f"{_NAMES[letter]} is 1 to 5. You typed {typed}.")
    return int(taken) if taken else None


def _category(sorting: _Sorting) -> Category | None:
    hashes = [(n, name) for n, word in enumerate(sorting.words) if (name := _hash(word))]
    found = [_Found(range(n, n + 1), category) for n, name in hashes if (category := categories.named(name))]
    known = {option.at.start for option in found}
    sorting.leave([_Found(range(n, n + 1), name) for n, name in hashes if n not in known and not sorting.words[n].code])
    return sorting.take_last(found)


def _hash(word: Word) -> str | None:
    """`#vendor`, also where a channel has that name and Slack took the word for it."""
    if isinstance(word.code, Channel):
        return word.code.label
    found = _HASH.fullmatch(word.key)
    return found[1] if found else None


def _owner(sorting: _Sorting) -> tuple[str | None, str | None]:
    """A Slack id, else a name that is still to be looked up. Names after the first stay in the title."""
    for n, word in enumerate(sorting.words):
        if isinstance(word.code, User):
            _take_name(sorting, n)
            return word.code.id, None
    for n, word in enumerate(sorting.words):
        name = None if word.holds_code else _HANDLE.fullmatch(word.bare)
        if name and name[1].casefold() not in _EVERYONE:
            _take_name(sorting, n)
            return None, name[1]
    return None, None


def _take_name(sorting: _Sorting, n: int) -> None:
    """Taken out of the title, except where it is part of the sentence, as in "Handover from @luis fails"."""
    if n == 0 or sorting.words[n - 1].key not in _LINKING:
        sorting.taken.add(n)


def _due(sorting: _Sorting, today: date) -> tuple[date | None, str | None]:
    """The last `by` that a date follows counts, even if the date cannot be read."""
    found: list[_Found[date | UnknownDate]] = []
    for n, word in enumerate(sorting.words):
        if word.key == "by" and (said := leading_date(_run(sorting, n + 1), today)):
            found.append(_Found(range(n, n + 1 + said.count), said.said))
    if not found:
        return None, None
    last = found[-1].value
    if isinstance(last, UnknownDate):
        problem = str(last)
    elif last < today:
        problem = f"{day_words(last)} is past. Choose a later date."
    else:
        sorting.take_last(found)
        at = found[-1].at
        return last, sorting.text(range(at.start + 1, at.stop)).strip("\"'“”‘’.,; ")
    sorting.leave(found)
    sorting.problems.append(problem)
    return None, None


def _run(sorting: _Sorting, start: int) -> list[str]:
    """The words from `start` up to the next option or code, as many as can matter to a date."""
    run: list[str] = []
    for n in range(start, min(start + MOST_WORDS + 2, len(sorting.words))):
        if n in sorting.taken or sorting.words[n].holds_code or sorting.words[n].key == "by":
            break
        run.append(sorting.words[n].text)
    return run


def _title(words: list[Word]) -> tuple[str, Kind | None]:
    kind = None
    words = without_loose_separators(words)
    if words and not words[0].holds_code and (found := _KIND.fullmatch(words[0].text)):
        kind = Kind(found[1].lower())
        words = without_loose_separators([Word(found[2]), *words[1:]])
    return " ".join(word.text for word in words).rstrip(",; "), kind
