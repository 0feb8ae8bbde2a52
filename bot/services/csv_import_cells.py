"""What a cell says: a rating, an amount, a date, a word of ours. What is not certain is refused, never guessed."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from bot.domain.categories import guess, named
from bot.domain.date_words import UnknownDate, read_date
from bot.domain.risk_matrix import RiskMatrix
from bot.domain.slack_text import folded, shortened
from models.schemas.portfolio_fields import MOST_MONEY, OLDER_WORDS
from models.schemas.project import State
from models.schemas.risk import STATE_WORDS, Category, Kind, RiskStatus, Strategy

FIRST_YEAR, LAST_YEAR = 1970, 2100
APOSTROPHE = re.compile(r"^'(?=[\s\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠﹢﹣﹦﹫\u2212\t\r\n])")
"""In front of what a spreadsheet would calculate: an export put it there."""

Word = TypeVar("Word", bound=StrEnum)


class Unread(ValueError):
    """Why a cell is not taken, as the end of a sentence that begins with the column: "'often' is not 1 to 5"."""


def quoted(text: str) -> str:
    """Typed words in a line of the terminal: short, on one line, and without what would control it."""
    return f"'{shortened(''.join(c if c.isprintable() else ' ' for c in text), 60)}'"


def text(cell: str) -> str:
    return APOSTROPHE.sub("", cell).replace("\r\n", "\n").replace("\r", "\n")


PROBABILITIES = (
    ("rare", "remote", "very low", "very unlikely", "not likely"),
    ("unlikely", "low"),
    ("possible", "moderate", "medium"),
    ("likely", "high", "probable"),
    ("almost certain", "very high", "very likely", "near certainty", "certain"),
)
IMPACTS = (
    ("negligible", "insignificant", "very low", "minimal"),
    ("minor", "low"),
    ("moderate", "medium"),
    ("major", "high", "significant"),
    ("severe", "very high", "catastrophic", "extreme", "critical"),
)
"""Words of the steps 1 to 5 where the program's own matrix has no such word."""
RATING = re.compile(r"[pi]?\s*([1-5])(?:[.,]0+)?(?:\s*(?:/|of|out of)\s*5)?(?:\s*[-–—:(].*)?", re.DOTALL)
"""'4', '4.0', 'P4', '4/5', '4 - Likely'."""


def probability(cell: str, matrix: RiskMatrix) -> int:
    return _rating(cell, [matrix.probability_words(step) for step in range(1, 6)], PROBABILITIES)


def impact(cell: str, matrix: RiskMatrix) -> int:
    return _rating(cell, [matrix.impact_words(step) for step in range(1, 6)], IMPACTS)


def _rating(cell: str, own: Sequence[str], common: Sequence[Sequence[str]]) -> int:
    said = _plain(cell)
    if found := RATING.fullmatch(said):
        return int(found[1])
    words = {_first_words(name): step for step, name in enumerate(own, 1)}
    for step, names in enumerate(common, 1):
        for name in names:
            words.setdefault(name, step)
    if said not in words:
        shown = ", ".join(_first_words(name) for name in own)
        raise Unread(f"{quoted(cell)} is not 1 to 5 or one of {shown}")
    return words[said]


def _first_words(name: str) -> str:
    """'Minor: up to 5% more time' is called 'minor', 'Likely (60-80%)' 'likely'."""
    return _plain(re.split(r"[:(]", name)[0])


def amount(cell: str, *, decimal_commas: bool) -> Decimal:
    """In major units. '1.234' where commas are decimals may be a thousand or one and a bit: refused."""
    said = re.sub(r"[\s\u00a0\u202f'’_]", "", cell)
    said = re.sub(r"^(-?)(?:[A-Z]{3}|[$€£¥])|(?:[A-Z]{3}|[$€£¥])$", r"\1", said)
    if said.startswith("(") and said.endswith(")"):
        said = f"-{said[1:-1]}"
    decimal, group = (",", ".") if decimal_commas else (".", ",")
    if found := re.fullmatch(
        rf"([-−]?)([0-9]+|[0-9]{{1,3}}(?:\{group}[0-9]{{3}})+)(?:\{decimal}([0-9]{{1,2}}))?", said
    ):
        if group in found[2] and decimal_commas and found[3] is None and found[2].count(group) == 1:
            raise Unread(f"{quoted(cell)} could be two amounts; write {found[2].replace(group, '')}")
        return _money(f"{'-' if found[1] else ''}{found[2].replace(group, '')}.{found[3] or 0}", cell)
    raise Unread(f"{quoted(cell)} is not an amount such as 12{decimal}50")


def _money(digits: str, cell: str) -> Decimal:
    try:
        value = Decimal(digits)
    except InvalidOperation:
        raise Unread(f"{quoted(cell)} is not an amount") from None
    if abs(value) > MOST_MONEY:
        raise Unread(f"{quoted(cell)} is more than fits")
    return value


def day(cell: str, today: date) -> date:
    """ISO, with or without a time, of any year of ours; else as people say it near `today`."""
    try:
        return _in_range(datetime.fromisoformat(cell).date(), cell)
    except ValueError as problem:
        if isinstance(problem, Unread):
            raise
    try:
        return read_date(shortened(cell, 80), today)
    except UnknownDate as problem:
        raise Unread(f"{quoted(cell)} is no date: {problem.hint.rstrip('.')}") from None


def moment(cell: str, now: datetime) -> datetime:
    """An instant in the past; a date alone is its beginning in UTC."""
    try:
        said = datetime.fromisoformat(cell)
        said = said.replace(tzinfo=UTC) if said.tzinfo is None else said.astimezone(UTC)
        _in_range(said.date(), cell)
    except (ValueError, OverflowError) as problem:
        if isinstance(problem, Unread):
            raise
        said = datetime.combine(day(cell, now.date()), time(), tzinfo=UTC)
    if said > now:
        raise Unread(f"{quoted(cell)} is in the future")
    return said


def _in_range(said: date, cell: str) -> date:
    if not FIRST_YEAR <= said.year <= LAST_YEAR:
        raise Unread(f"{quoted(cell)} is not in the years {FIRST_YEAR} to {LAST_YEAR}")
    return said


RISK_STATES = {words: state for state, words in STATE_WORDS.items()} | {
    "open": RiskStatus.IDENTIFIED,
    "in progress": RiskStatus.TREATING,
    "mitigating": RiskStatus.TREATING,
    "occurred": RiskStatus.MATERIALISED,
    "materialized": RiskStatus.MATERIALISED,
}
PROJECT_STATES = {
    "planned": State.PROPOSED,
    "in progress": State.ACTIVE,
    "paused": State.ON_HOLD,
    "on hold": State.ON_HOLD,
}
PROJECT_STATES |= {"done": State.COMPLETED, "complete": State.COMPLETED, "canceled": State.CANCELLED}
KINDS = {"risk": Kind.THREAT, "negative": Kind.THREAT, "positive": Kind.OPPORTUNITY}
YES, NO = frozenset({"yes", "y", "true", "1", "x"}), frozenset({"no", "n", "false", "0", "-"})


def risk_state(cell: str) -> RiskStatus:
    return _word(cell, RiskStatus, RISK_STATES)


def project_state(cell: str) -> State:
    return _word(cell, State, PROJECT_STATES)


def kind(cell: str) -> Kind:
    return _word(cell, Kind, KINDS)


def strategy(cell: str) -> Strategy:
    """PMI's words, and the Orange Book's."""
    return _word(cell, Strategy, {older: Strategy(newer) for older, newer in OLDER_WORDS.items()})


def category(cell: str, title: str) -> Category:
    """Where the row says none, the one that its title names."""
    if cell:
        found = named(cell.lstrip("#"))
        if found is None:
            raise Unread(f"{quoted(cell)} is not one of {', '.join(Category)}")
        return found
    guessed = guess(title)
    if guessed is None:
        raise Unread(f"is missing, and the title does not say which: one of {', '.join(Category)}")
    return guessed


def yes_or_no(cell: str) -> bool:
    said = _plain(cell)
    if said not in YES | NO:
        raise Unread(f"{quoted(cell)} is not yes or no")
    return said in YES


def whole(cell: str, *, most: int) -> int:
    if not re.fullmatch(r"[0-9]{1,6}(?:[.,]0+)?", cell) or not 1 <= (number := int(re.split("[.,]", cell)[0])) <= most:
        raise Unread(f"{quoted(cell)} is not a whole number from 1 to {most}")
    return number


def _word(cell: str, words: type[Word], more: Mapping[str, Word]) -> Word:
    known = {_plain(word.value.replace("_", " ")): word for word in words} | {_plain(k): v for k, v in more.items()}
    found = known.get(_plain(cell.replace("_", " ")))
    if found is None:
        raise Unread(f"{quoted(cell)} is not one of {', '.join(words)}")
    return found


def _plain(cell: str) -> str:
    return " ".join(folded(cell).split())
