"""One thing that the doctor found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

MOST_NAMED = 10


class Level(StrEnum):
    RIGHT = "ok"
    NOTE = "note"
    """Worth knowing; everything works."""
    PROBLEM = "mend"
    UNCHECKED = "--"


@dataclass(frozen=True)
class Finding:
    level: Level
    words: str
    remedy: str = ""
    """What to do about it."""


def right(words: str) -> Finding:
    return Finding(Level.RIGHT, words)


def note(words: str, remedy: str = "") -> Finding:
    return Finding(Level.NOTE, words, remedy)


def problem(words: str, remedy: str) -> Finding:
    return Finding(Level.PROBLEM, words, remedy)


def unchecked(what: str, why: str) -> Finding:
    return Finding(Level.UNCHECKED, f"not checked: {what}, because {why}")


def listed(names: Sequence[str]) -> str:
    """The first of them, and how many more there are."""
    more = f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else ""
    return ", ".join(names[:MOST_NAMED]) + more


def counted(number: int, thing: str) -> str:
    """'1 message', '2 messages'"""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"


def lasting(span: timedelta) -> str:
    """About how long, in the largest unit that fits twice."""
    seconds = max(0, int(span.total_seconds()))
    for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= 2 * length:
            return counted(seconds // length, unit)
    return counted(seconds, "second")
