"""Looks at every statement that reaches a database: it must name the workspace of every table it touches."""

import re
from functools import cache
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.orm import Session

from models.tables import Base, Owned, ready
from models.tables.unit import EVERYWHERE

OWNED = {mapper.local_table.name for mapper in Base.registry.mappers if issubclass(mapper.class_, Owned)}
SOURCE = re.compile(r'(?:\b(?:FROM|JOIN|UPDATE|INTO)|,)\s+"?(\w+)"?(?:\s+AS\s+"?(\w+)"?)?(?![\w.(])', re.IGNORECASE)
BOUND = re.compile(r'"?(\w+)"?\.workspace_id (?:=|IN) (?:\?|:|%\(|\()')
"""Compared with a value that was handed over, not with itself or another table's column."""


@cache
def forgotten_tables(statement: str) -> list[str]:
    """Tables of a workspace that the statement touches without naming the workspace."""
    flat = " ".join(statement.split())
    touched = [(table, alias or table) for table, alias in SOURCE.findall(flat) if table in OWNED]
    if flat.upper().startswith("INSERT"):
        return [table for table, _ in touched[:1] if "workspace_id" not in flat]
    named = BOUND.findall(flat)
    return [table for table, alias in touched if alias not in named]


def watch() -> None:
    """From now on, in this process: a unit of work of a workspace that forgets it fails at once."""
    event.listen(Session, "after_begin", _remember_unit)
    event.listen(Engine, "before_cursor_execute", _inspect)
    ready.watchers.append(lambda connection, statement: _inspect(connection, None, statement))


def _remember_unit(session: Session, transaction: object, connection: Connection) -> None:
    connection.info["workspace"] = session.info.get("workspace")


def _inspect(connection: Connection, cursor: Any, statement: str, *_: object) -> None:
    workspace = connection.info.get("workspace")
    if workspace is None or workspace == EVERYWHERE:
        return
    forgotten = forgotten_tables(statement)
    assert not forgotten, f"{forgotten} without a workspace: {statement}"
