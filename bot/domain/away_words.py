"""
One line that says when somebody is away: `24 Dec to 2 Jan @backup covers`, `tomorrow`, `until Fri`, `next week`.

A name that somebody `covers`, or that stands behind `covered by`, is the delegate; a name at the very start is the one
who is away; any other is the delegate. What is neither a date nor a name stays as the note: nothing typed is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from bot.domain.capture_words import Word, split_words, without_loose_separators
from bot.domain.date_words import MOST_WORDS, Leading, UnknownDate, leading_date
from bot.domain.slack_text import User, shortened

_HANDLE = re.compile(r"@(\w[\w.-]*)")
_COVERS = frozenset({"cover", "covers", "covering", "delegate", "delegates", "deputises", "deputizes"})
_COVERED = frozenset({"covered", "cover", "delegate", "backup"})
_UNTIL = frozenset({"until", "till", "til", "to", "through", "thru", "-", "--"})
_FROM = frozenset({"from", "on", "starting"})
_DAY_ALONE = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?")
_TWO_DAYS = re.compile(r"([0-9]{1,2})(?:st|nd|rd|th|\.)?-([0-9]{1,2}(?:st|nd|rd|th|\.)?)")
_COUNT = re.compile(r"[1-9][0-9]?")
_NUMBERS = {"a": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
_SPANS = {"day": 1, "days": 1, "week": 7, "weeks": 7}
_ACROSS_THE_YEAR = timedelta(days=183)
_FROM_TODAY = frozenset({"in", "today", "tomorrow", "the", "end", "eow", "eom", "this", "next"})
"""Dates that begin so are counted from today also where they end something."""

ONE_STRETCH = "One stretch of days at a time: give its first and its last day."


@dataclass(frozen=True)
class AwayLine:
    """What a line says. Texts are as typed, unescaped."""

    start: date | None = None
    end: date | None = None
    delegate: str | None = None
    """Slack id."""
    delegate_words: str | None = None
    """A name after an @ that Slack did not resolve, without the @."""
    person: str | None = None
    """Slack id of who is away; None is who types."""
    person_words: str | None = None
    note: str = ""
    problems: list[str] = field(default_factory=list)
    """Sentences; they quote what was typed."""

    @property
    def is_complete(self) -> bool:
        return self.start is not None and self.end is not None and not self.problems


@dataclass(frozen=True)
class _Span:
    """Days that words say, and how many words."""

    count: int
    start: date | None = None
    end: date | None = None
    problem: str | None = None


def read_away(text: str, today: date, names: Mapping[str, str] | None = None) -> AwayLine:
    """A line as Slack sends it, or as typed; never raises. `today` is that of who is away."""
    words = _apart(split_words(text, names or {}))
    line, rest = _named(words)
    at, span = _first_span(rest, today)
    if span is None:
        return replace(line, note=_note(rest))
    kept = rest if span.problem else [*rest[:at], *rest[at + span.count :]]
    problems = [span.problem] if span.problem else []
    return replace(line, start=span.start, end=span.end, note=_note(kept), problems=problems)


def _apart(words: list[Word]) -> list[Word]:
    """`24-28` are two days."""
    found: list[Word] = []
    for word in words:
        two = None if word.holds_code else _TWO_DAYS.fullmatch(word.key)
        found += [Word(two[1]), Word("to"), Word(two[2])] if two else [word]
    return found


def _named(words: list[Word]) -> tuple[AwayLine, list[Word]]:
    """Who is named as what, and the words that are left."""
    line, taken = AwayLine(), set[int]()
    for n, word in enumerate(words):
        slack_id, handle = _name(word)
        if slack_id is None and handle is None:
            continue
        around = _role_words(words, n)
        if around or n > 0:
            if line.delegate or line.delegate_words:
                continue
            line = replace(line, delegate=slack_id, delegate_words=handle)
        else:
            line = replace(line, person=slack_id, person_words=handle)
        taken |= {n, *around}
    return line, [word for n, word in enumerate(words) if n not in taken]


def _role_words(words: list[Word], n: int) -> set[int]:
    """The words around a name that make it the delegate's: `@x covers`, `covered by @x`."""
    if n + 1 < len(words) and words[n + 1].key in _COVERS:
        for_me = [word.key for word in words[n + 2 : n + 4]] == ["for", "me"]
        return {n + 1, n + 2, n + 3} if for_me else {n + 1}
    if n >= 2 and words[n - 1].key == "by" and words[n - 2].key in _COVERED:
        return {n - 1, n - 2}
    if n >= 1 and words[n - 1].key in _COVERED | {"delegate:", "cover:"}:
        return {n - 1}
    return set()


def _name(word: Word) -> tuple[str | None, str | None]:
    if isinstance(word.code, User):
        return word.code.id, None
    found = None if word.holds_code else _HANDLE.fullmatch(word.bare)
    return None, found[1] if found else None


def _first_span(words: list[Word], today: date) -> tuple[int, _Span | None]:
    for n in range(len(words)):
        if (span := _span(words, n, today)) is not None:
            return n, span
    return 0, None


def _span(words: list[Word], n: int, today: date) -> _Span | None:
    """The days that begin at word `n`, with the little words before them."""
    key = words[n].key
    if key in _UNTIL and key != "to":
        return _until(words, n, 1, today, today)
    skipped = 1 if key in _FROM else 0
    if n + skipped >= len(words):
        return None
    if week := _week(words, n + skipped, today):
        return replace(week, count=week.count + skipped)
    if days := _for_days(words, n + skipped, today):
        return replace(days, count=days.count + skipped)
    if pair := _day_to_date(words, n + skipped, today):
        return replace(pair, count=pair.count + skipped)
    return _from_date(words, n, skipped, today)


def _from_date(words: list[Word], n: int, skipped: int, today: date) -> _Span | None:
    said = leading_date(_texts(words, n + skipped), today)
    if said is None:
        return None
    count = skipped + said.count
    if isinstance(said.said, UnknownDate):
        return _Span(count, problem=str(said.said))
    after = n + count
    if after < len(words) and words[after].key in _UNTIL | {"and"}:
        return _to_end(words, after, count, said.said, today)
    if days := _for_days(words, after, said.said):
        return replace(days, count=count + days.count)
    return _Span(count, start=said.said, end=None if skipped and words[n].key != "on" else said.said)


def _to_end(words: list[Word], n: int, count: int, start: date, today: date) -> _Span:
    """What follows `24 Dec to`; without a date behind it the end is open. `and` joins two days beside each other."""
    end = _until(words, n, 1, start, today)
    if words[n].key == "and" and (end is None or end.end != start + timedelta(days=1)):
        is_date = end is not None and end.end is not None
        return _Span(count, start, None if is_date else start, ONE_STRETCH if is_date else None)
    return _Span(count, start) if end is None else replace(end, count=count + end.count, start=start)


def _until(words: list[Word], n: int, skipped: int, start: date, today: date) -> _Span | None:
    """The end of a span that began on `start`: a weekday means the one after it."""
    if n + skipped >= len(words):
        return None
    if week := _week(words, n + skipped, today):
        return replace(week, count=week.count + skipped, start=start)
    said = _last_day(words, n + skipped, start, today)
    if said is None:
        return None
    if isinstance(said.said, UnknownDate):
        return _Span(skipped + said.count, start=start, problem=str(said.said))
    return _Span(skipped + said.count, start=start, end=said.said)


def _last_day(words: list[Word], n: int, start: date, today: date) -> Leading | None:
    """`2 Jan` after `24 Dec` is next year's; `6 Apr` after `10 Apr` is a slip, not nearly a year."""
    texts = _texts(words, n)
    by_start = leading_date(texts, start)
    is_near = by_start and isinstance(by_start.said, date) and by_start.said - start <= _ACROSS_THE_YEAR
    if is_near and words[n].key not in _FROM_TODAY:
        return by_start
    return leading_date(texts, today)


def _week(words: list[Word], n: int, today: date) -> _Span | None:
    """`this week` is what is left of it."""
    said = [word.key for word in words[n : n + 2]]
    monday = today - timedelta(days=today.isoweekday() - 1)
    if said == ["this", "week"]:
        return _Span(2, today, monday + timedelta(days=6))
    if said == ["next", "week"]:
        return _Span(2, monday + timedelta(days=7), monday + timedelta(days=13))
    return None


def _for_days(words: list[Word], n: int, start: date) -> _Span | None:
    said = [word.key for word in words[n : n + 3]]
    if len(said) < 3 or said[0] != "for" or said[2] not in _SPANS:
        return None
    number = int(said[1]) if _COUNT.fullmatch(said[1]) else _NUMBERS.get(said[1])
    if number is None:
        return None
    return _Span(3, start, start + timedelta(days=number * _SPANS[said[2]] - 1))


def _day_to_date(words: list[Word], n: int, today: date) -> _Span | None:
    """`24 to 28 Dec`: the first day has the month of the second."""
    day = _DAY_ALONE.fullmatch(words[n].key)
    if day is None or n + 2 >= len(words) or words[n + 1].key not in _UNTIL:
        return None
    said = leading_date(_texts(words, n + 2), today)
    if said is None or isinstance(said.said, UnknownDate):
        return None
    end = said.said
    month_before = end.replace(day=1) - timedelta(days=1)
    of = end if int(day[1]) <= end.day else month_before
    try:
        return _Span(2 + said.count, of.replace(day=int(day[1])), end)
    except ValueError:
        return None


def _texts(words: list[Word], n: int) -> list[str]:
    """The words from `n` up to the next word that ends a date, as many as can matter to one."""
    found: list[str] = []
    for word in words[n : n + MOST_WORDS + 2]:
        if word.holds_code or word.key in _UNTIL | {"for", "and"}:
            break
        found.append(word.text)
    return found


def _note(words: list[Word]) -> str:
    kept = without_loose_separators(words)
    while kept and kept[-1].key in ("and", "with", ""):
        kept = kept[:-1]
    while kept and kept[0].key in ("and", "with", ""):
        kept = kept[1:]
    return " ".join(word.text for word in kept).strip(" ,;.")


def not_known(words: str) -> str:
    return f"I do not know @{shortened(words)}. Choose the person."
