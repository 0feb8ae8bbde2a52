"""Inserts as text: made once for each table, set of columns and number of rows."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, bindparam

from models.tables.base import Owned
from models.tables.ready import Job, Ready

MOST_TOGETHER = 8
"""Rows of one statement."""


@dataclass(frozen=True)
class NewRow:
    """A row that is written with others, before its unit ends."""

    table: type[Owned]
    values: Mapping[str, Any]
    once: bool
    """Nothing happens where a unique key is taken."""

    @property
    def kind(self) -> tuple[Any, ...]:
        """Rows of one kind can go in one statement."""
        return self.table, self.once, tuple(self.values)


def gathered(waiting: Iterable[NewRow | Job], dialect: str) -> Iterator[Job]:
    """Rows of one kind that follow one another go together; the order stays."""
    for kind, group in groupby(waiting, key=lambda each: each.kind if isinstance(each, NewRow) else None):
        if kind is None:
            yield from (each for each in group if not isinstance(each, NewRow))
            continue
        table, once, columns = kind
        rows = [each.values for each in group if isinstance(each, NewRow)]
        for start in range(0, len(rows), MOST_TOGETHER):
            part = rows[start : start + MOST_TOGETHER]
            yield insert(table, columns, dialect, rows=len(part), once=once), values_of(part)


def tables_of(waiting: NewRow | Job) -> Collection[str]:
    return (waiting.table.__tablename__,) if isinstance(waiting, NewRow) else waiting[0].tables


def values_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    return {f"row_{number}_{name}": value for number, row in enumerate(rows) for name, value in row.items()}


@cache
def insert(table: type[Owned], columns: tuple[str, ...], dialect: str, *, rows: int = 1, once: bool = False) -> Ready:
    """Returns the id of a single row. Defaults of columns that are not given are in the text."""
    statement = insert_of(dialect)(table).values([placeholders(table, columns, number) for number in range(rows)])
    if once:
        statement = statement.on_conflict_do_nothing()
    return Ready(statement.returning(table.id) if rows == 1 else statement)


def placeholders(table: type[Owned], columns: Sequence[str], number: int = 0) -> dict[str, ColumnElement[Any]]:
    """A value for each of these columns and for each that has a default."""
    found: dict[str, ColumnElement[Any]] = {}
    for column in table.__table__.columns:
        name = f"row_{number}_{column.name}"
        if column.name in columns:
            found[column.name] = bindparam(name, type_=column.type)
        elif column.default is not None:
            default: Any = column.default
            value = default.arg(None) if default.is_callable else default.arg
            found[column.name] = bindparam(name, value, type_=column.type)
    return found


def insert_of(dialect: str) -> Any:
    """Each database's own insert; the one that is not used is not imported."""
    if dialect == "sqlite":
        from sqlalchemy.dialects.sqlite import insert as own
    else:
        from sqlalchemy.dialects.postgresql import insert as own  # type: ignore[assignment]
    return own
