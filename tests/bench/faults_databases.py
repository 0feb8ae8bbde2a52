"""Databases for the fault rows: a new one for each, migrated once."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

from bot.database import Database
from bot.migrate import migrate
from tests.postgres import PostgresServer

Make = Callable[[str], Database]
"""A new, migrated database of this name."""


@contextmanager
def _sqlite(folder: Path) -> Iterator[Make]:
    template = folder / "template.db"
    empty = Database(f"sqlite:///{template}")
    migrate(empty)
    empty.close()

    def make(name: str) -> Database:
        shutil.copy(template, folder / f"{name}.db")
        return Database(f"sqlite:///{folder / f'{name}.db'}")

    yield make


@contextmanager
def _postgres(folder: Path) -> Iterator[Make]:
    server = PostgresServer()
    server.start()
    try:
        template = Database(server.url("template1"))
        migrate(template)
        template.close()
        admin = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")

        def make(name: str) -> Database:
            with admin.connect() as connection:
                connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template1 STRATEGY FILE_COPY'))
            return Database(server.url(name))

        yield make
        admin.dispose()
    finally:
        server.stop()


MAKERS = {"sqlite": _sqlite, "postgres": _postgres}
