"""Where anything waits for its time: the one statement that an idle tick asks."""

from collections.abc import Collection
from datetime import datetime
from typing import Protocol

from sqlalchemy import BindParameter, ColumnElement, Connection, FromClause, bindparam, select, union

NOW: BindParameter[datetime] = bindparam("now")


class WorkspacesDue(Protocol):
    def __call__(self, connection: Connection, *, serves: Collection[int], now: datetime) -> list[int]:
        """Of these workspaces: those in which something is due."""
        ...


def due_among(*waiting: tuple[FromClause, ColumnElement[bool]]) -> WorkspacesDue:
    """What asks these tables for rows whose time (`NOW`) has come.

    Not the bare column: SQLite would walk through all rows in the order of their workspaces, due or not.
    """
    statement = union(*(select(table.c.workspace_id + 0).where(condition).distinct() for table, condition in waiting))

    def find(connection: Connection, *, serves: Collection[int], now: datetime) -> list[int]:
        return sorted(set(connection.execute(statement, {"now": now}).scalars()).intersection(serves))

    return find
