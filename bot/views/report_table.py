"""Tables and numbers of a report's page of text."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal

UNKNOWN = "-"
SHOWN_AS = {True: "yes", False: "no"}
Line = Sequence[str]


def table(heading: str, rows: Iterable[Line]) -> Iterator[str]:
    """Names to the left, the rest to the right, a column as wide as what it holds."""
    lines = list(rows)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    yield from ("", heading)
    for name, *values in lines:
        cells = (value.rjust(width) for value, width in zip(values, widths[1:], strict=True))
        yield f"  {name.ljust(widths[0])}  {'  '.join(cells)}".rstrip()


def number(value: Decimal | None) -> str:
    return UNKNOWN if value is None else str(value)


def money(value: Decimal | None) -> str:
    """In whole major units: the JSON has the rest."""
    return UNKNOWN if value is None else f"{value:,.0f}"


def listed(names: Sequence[str]) -> str:
    return ", ".join(names) or "none"
