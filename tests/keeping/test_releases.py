"""From every released version to today's tables, with data in all of them, on both databases."""

import sqlite3

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from bot.database import Database
from bot.migrate import migrate
from models.tables import Base
from models.tables.words import from_models
from tests.asking import sqlite_only
from tests.keeping.earlier import RELEASES, at_revision, content, fill, tables_of
from tests.neighbours import everything

TIMES = 4
"""How many times as many rows the larger database holds."""


@pytest.fixture
def empty(elsewhere):
    database = Database(elsewhere())
    yield database
    database.close()


@pytest.mark.parametrize("release", RELEASES)
def test_a_database_of_each_release_keeps_all_that_it_held(empty, release):
    tables = at_revision(empty, RELEASES[release])
    with empty.writer.begin() as connection:
        fill(connection, tables, rows=3)
    before = content(empty, tables)
    assert all(before.values()) and "history" in before
    migrate(empty)
    assert content(empty, tables) == before
    with empty.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": from_models})
        assert compare_metadata(context, Base.metadata) == []
    everything(empty)  # the code reads each table as it is today
    with pytest.raises(IntegrityError, match="append-only"), empty.writer.begin() as connection:
        connection.execute(text("DELETE FROM history"))


@pytest.mark.parametrize("release", RELEASES)
def test_a_migration_that_fails_leaves_the_database_as_it_was(empty, release):
    """Its last step meets a table that is in its way."""
    tables = at_revision(empty, RELEASES[release])
    with empty.writer.begin() as connection:
        fill(connection, tables, rows=2)
        connection.execute(text("CREATE TABLE stopped_target (mine integer)"))
    before = content(empty, tables)
    with empty.reader.connect() as connection:
        names = set(inspect(connection).get_table_names())
    with pytest.raises(DBAPIError):
        migrate(empty)
    with empty.reader.connect() as connection:
        assert set(inspect(connection).get_table_names()) == names
        assert connection.scalar(text("SELECT version_num FROM alembic_version")) == RELEASES[release]
    assert {name: table.columns.keys() for name, table in tables_of(empty).tables.items() if name in before} == {
        name: table.columns.keys() for name, table in tables.tables.items()
    }
    assert content(empty, tables) == before
    with empty.writer.begin() as connection:
        connection.execute(text("DROP TABLE stopped_target"))
    migrate(empty)
    assert content(empty, tables) == before


@sqlite_only
def test_four_times_as_many_rows_take_four_times_the_work(elsewhere):
    """Counted in steps of SQLite's own machine, not by a clock."""
    small, large = (_steps(elsewhere(), rows) for rows in (500, 500 * TIMES))
    assert large < small * TIMES * 1.25


def _steps(url: str, rows: int) -> int:
    database, steps = Database(url), [0]
    with database.writer.begin() as connection:
        pass
    tables = at_revision(database, RELEASES["0.1.0"])
    with database.writer.begin() as connection:
        fill(connection, tables, rows=rows)

    def count() -> int:
        steps[0] += 1
        return 0

    with database.writer.connect() as connection:
        raw = connection.connection.dbapi_connection
        assert isinstance(raw, sqlite3.Connection)
        raw.set_progress_handler(count, 100)
    migrate(database)
    database.close()
    return steps[0]
