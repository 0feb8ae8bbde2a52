"""Ids as buttons and forms carry them: they come from outside, whatever we once put in."""

MOST_DIGITS = 9
"""More would not fit a database's integer."""


def row_id(text: str) -> int | None:
    """The id of a row, None for anything else (`'²'.isdigit()` is true)."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS else None
