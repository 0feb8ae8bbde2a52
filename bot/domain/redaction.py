"""Words that an admin takes out of what is kept: history keeps that there were some."""

import re
from collections.abc import Collection, Iterable
from html import escape
from typing import Any

REDACTED = "(redacted)"
LEAST = 4
"""Shorter words stand in other people's sentences too: they go from the record itself alone."""
HEAD = 40
"""A long text is often cut where it is shown: from these first letters on it is taken out."""


def patterns(words: Iterable[str]) -> list[re.Pattern[str]]:
    """How a text may stand in a message: escaped, on one line, and cut."""
    found = set()
    for text in words:
        for shown in {text, " ".join(text.split())}:
            for told in {shown, escape(shown, quote=False)}:
                if len(told) >= LEAST and told != REDACTED:
                    cut = len(told) > HEAD
                    found.add(re.escape(told[:HEAD]) + ("(?s:.*)" if cut else ""))
                    if cut:
                        found.add(re.escape(told))
    return [re.compile(pattern) for pattern in sorted(found, key=len, reverse=True)]


def without(value: Any, what: Collection[re.Pattern[str]]) -> Any:
    """The same JSON with these words taken out of every text in it."""
    if isinstance(value, dict):
        return {name: without(each, what) for name, each in value.items()}
    if isinstance(value, list):
        return [without(each, what) for each in value]
    if isinstance(value, str):
        for pattern in what:
            value = pattern.sub(REDACTED, value)
    return value
