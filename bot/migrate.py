"""Bringing a database up to date. Whatever opens an empty database migrates it first."""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.database import Database
from bot.errors import UserError

if TYPE_CHECKING:
    from alembic.config import Config

SCRIPTS = Path(__file__).parent.parent / "models" / "migrations"
LOCK = 7_382_915
"""Any number: it names the lock that keeps two processes from migrating one PostgreSQL at once."""


class Version(StrEnum):
    """How the tables of a database stand to what this checkout knows."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    UNKNOWN = "unknown"
    """A newer Stationmaster has been here."""


def version_of(database: Database) -> Version:
    """Without changing anything, and without Alembic, whose import alone is a tenth of a start."""
    with database.reader.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return Version.EMPTY
        return standing_of(connection.scalar(text("SELECT version_num FROM alembic_version")))


def standing_of(found: str | None) -> Version:
    """`found` is what a database says of its own tables."""
    if found is None:
        return Version.EMPTY
    known = _revisions()
    if found == known[-1]:
        return Version.CURRENT
    return Version.OLDER if found in known else Version.UNKNOWN


def _revisions() -> list[str]:
    """Oldest first: the file of each begins with its number."""
    return sorted(path.name.partition("_")[0] for path in (SCRIPTS / "versions").glob("[0-9]*.py"))


def migrate(database: Database) -> None:
    """Idempotent; one transaction, so a failed migration leaves the database as it was. Raises UserError."""
    version = version_of(database)
    if version is Version.UNKNOWN:
        raise UserError("The database was used by a newer Stationmaster. Update this checkout")
    if version is Version.CURRENT:
        return
    from alembic import command

    settings = config()
    with _unchecked(database) as connection, connection.begin():
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")
        if database.is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
            raise RuntimeError(f"the migration would leave a link in {broken[0]} that leads nowhere")


@contextmanager
def _unchecked(database: Database) -> Iterator[Connection]:
    """SQLite changes a table by making it anew; what points to it is checked once, before the commit."""
    with database.writer.connect() as connection:
        switch = connection.connection.dbapi_connection
        assert switch is not None
        if database.is_sqlite:
            switch.cursor().execute("PRAGMA foreign_keys=OFF")
        try:
            yield connection
        finally:
            if database.is_sqlite:
                switch.cursor().execute("PRAGMA foreign_keys=ON")


def config() -> "Config":
    """Alembic's, which runs on the connection in its attributes."""
    from alembic.config import Config

    settings = Config()
    settings.set_main_option("script_location", str(SCRIPTS))
    return settings
