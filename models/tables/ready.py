"""Statements that every command runs: written with Core, made into text once, and handed to the driver as they are.

Core compares, compiles and unpacks a statement each time it is run; here only its values change. What runs here stays
in the unit's transaction, and its errors are SQLAlchemy's. Several run together are one round trip to a server.
"""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import BindParameter, ClauseElement, Connection, Dialect, Table
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import visitors

Values = Mapping[str, Any]
Rows = list[Any]
"""Named tuples: a row has the columns' names, as the table objects have."""

watchers: list[Callable[[Connection, str], None]] = []
"""Told of every statement that leaves from here, as SQLAlchemy's events tell of its own: for tests."""

IDLE = 0
"""libpq's word for a connection that is in no transaction yet."""


class Ready:
    """A Core statement, ready to be run on any database as often as one likes."""

    def __init__(self, statement: ClauseElement) -> None:
        parts = list(visitors.iterate(statement))
        self.tables = frozenset(part.name for part in parts if isinstance(part, Table))
        self._statement = statement
        self._lists = sorted({part.key for part in parts if isinstance(part, BindParameter) and part.expanding})
        self._texts: dict[tuple[Any, ...], Text] = {}

    def on(self, dialect: Dialect, values: Values) -> "Text":
        """Each length of the lists among the values has a text of its own."""
        key = (dialect.name, *(len(values[name]) for name in self._lists))
        text = self._texts.get(key)
        if text is None:
            text = self._texts[key] = Text(self._statement, dialect, values)
        return text


class Text:
    """What the driver is given: the words, and how values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect, values: Values) -> None:
        compiled = statement.compile(dialect=dialect)
        expanded = compiled.construct_expanded_state(values)
        self.sql: str = expanded.statement
        self._lists: Mapping[str, Sequence[str]] = expanded.parameter_expansion
        self._order: Sequence[str] | None = expanded.positiontup
        inward: dict[str, Any] = {}
        for name, bind in compiled.binds.items():
            if process := bind.type.dialect_impl(dialect).bind_processor(dialect):
                inward |= dict.fromkeys(self._lists.get(name, (name,)), process)
        given = {*values, *(part for name in values for part in self._lists.get(name, ()))}
        self._inward = [(name, process) for name, process in inward.items() if name in given]
        self._own = {
            name: inward[name](value) if name in inward else value
            for name, value in expanded.parameters.items()
            if name not in given
        }
        columns = list(statement.exported_columns)
        self.returns = bool(columns)
        self._row: Any = namedtuple("Row", [column.name for column in columns], rename=True)  # type: ignore[misc]
        outward = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in columns]
        self._outward = [(place, process) for place, process in enumerate(outward) if process]

    def parameters(self, values: Values) -> Any:
        given = {**self._own, **values}
        for name, parts in self._lists.items():
            given.update(zip(parts, given.pop(name), strict=True))
        for name, process in self._inward:
            given[name] = process(given[name])
        return given if self._order is None else [given[name] for name in self._order]

    def rows(self, found: Sequence[Sequence[Any]]) -> Rows:
        make, outward = self._row._make, self._outward
        if not outward:
            return [make(each) for each in found]
        rows = []
        for each in found:
            row = list(each)
            for place, process in outward:
                row[place] = process(row[place])
            rows.append(make(row))
        return rows


Job = tuple[Ready, Values]


def run(connection: Connection, jobs: Sequence[Job], *, commit: bool = False) -> list[Rows]:
    """What each of them found, in their order. `commit` ends the transaction in the same round trip, on a server."""
    texts = [(text := ready.on(connection.dialect, values), text.parameters(values)) for ready, values in jobs]
    for watch in watchers:
        for text, _ in texts:
            watch(connection, text.sql)
    with _errors_of(connection, texts[0][0].sql if texts else "COMMIT"):
        driver: Any = connection.connection.driver_connection
        found = (
            _together(driver, texts, commit=commit)
            if _saves_trips(connection, driver, texts, commit)
            else [_fetched(text, driver.execute(text.sql, parameters)) for text, parameters in texts]
        )
    return [text.rows(each) for (text, _), each in zip(texts, found, strict=True)]


def say(connection: Connection, sql: str) -> None:
    """A word to the database for which there are neither values nor answers."""
    with _errors_of(connection, sql):
        driver: Any = connection.connection.driver_connection
        driver.execute(sql).close()


def _saves_trips(connection: Connection, driver: Any, texts: Sequence[Any], commit: bool) -> bool:
    if connection.dialect.name == "sqlite":
        return False
    return len(texts) > 1 or commit or bool(driver.pgconn.transaction_status == IDLE)


def _together(driver: Any, texts: Sequence[tuple[Text, Any]], *, commit: bool) -> list[Sequence[Sequence[Any]]]:
    """With the BEGIN before them, where they are the first."""
    with driver.pipeline():
        cursors = [(text, driver.execute(text.sql, parameters)) for text, parameters in texts]
        if commit:
            driver.execute("COMMIT")  # the driver's own commit would wait for what went before
    return [_fetched(text, cursor) for text, cursor in cursors]


def _fetched(text: Text, cursor: Any) -> Sequence[Sequence[Any]]:
    found: Sequence[Sequence[Any]] = cursor.fetchall() if text.returns else ()
    cursor.close()
    return found


@contextmanager
def _errors_of(connection: Connection, sql: str) -> Iterator[None]:
    """The driver's errors as SQLAlchemy raises them, without the values."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    base = dialect.loaded_dbapi.Error
    try:
        yield
    except base as problem:
        is_gone = dialect.is_disconnect(problem, driver, None)
        if is_gone:
            connection.invalidate(problem)
            connection.engine.dispose()  # those beside it are gone as well
        raise DBAPIError.instance(
            sql, None, problem, base, hide_parameters=True, connection_invalidated=is_gone, dialect=dialect
        ) from problem
