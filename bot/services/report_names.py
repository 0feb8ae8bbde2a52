"""What a report calls its records: by their source's id, else as people name them here."""

import re
from collections.abc import Sequence
from typing import Any, Protocol, TypeVar

HERE = " (logged here)"
"""Behind the name of a record whose number an imported one of the same kind brought along as its id."""


class Named(Protocol):
    external_id: Any
    number: Any


Row = TypeVar("Row", bound=Named)


def id_order(name: str) -> list[str | int]:
    """The sort key of ids: R-2 before R-10, R-014 before R-15."""
    return [int(part) if place % 2 else part for place, part in enumerate(re.split(r"([0-9]+)", name))]


def names(rows: Sequence[Row], letter: str) -> dict[str, Row]:
    """By name, in the order of the names."""
    imported = {row.external_id: row for row in rows if row.external_id is not None}
    own = {f"{letter}-{row.number}": row for row in rows if row.external_id is None}
    found = imported | {f"{ref}{HERE}" if ref in imported else ref: row for ref, row in own.items()}
    return {name: found[name] for name in sorted(found, key=id_order)}
