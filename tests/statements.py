"""What a database is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

from models.tables import ready


@contextmanager
def statements_of(asked: Engine | Connection | type[Engine]) -> Iterator[list[str]]:
    """The statements that reach it within: an engine, one connection, or every engine."""
    statements: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        statements.append(statement)

    def note_ready(connection: Connection, statement: str) -> None:
        if asked in (Engine, connection, connection.engine):
            statements.append(statement)

    event.listen(asked, "before_cursor_execute", note)
    ready.watchers.append(note_ready)
    try:
        yield statements
    finally:
        event.remove(asked, "before_cursor_execute", note)
        ready.watchers.remove(note_ready)
