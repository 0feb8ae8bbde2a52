"""Databases as earlier releases left them, with a row in every table that there was."""

from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from alembic import command
from sqlalchemy import (
    JSON,
    Boolean,
    Connection,
    Date,
    DateTime,
    ForeignKeyConstraint,
    Integer,
    MetaData,
    String,
    Table,
    select,
)

from bot.database import Database
from bot.migrate import config
from models.tables.words import from_models
from tests.neighbours import WORDS

RELEASES = {"0.1.0": "0001", "0.2.0": "0002", "0.3.0": "0005", "0.4.0": "0006"}
"""Each release's last migration."""

NOW = datetime(2026, 3, 30, 13, tzinfo=UTC).replace(tzinfo=None)
SELF_MADE = {"alembic_version"}
OWN_WORDS = WORDS | {"manifest": "x", "state": "active", "local_time": "10:00", "start": "09:00", "end": "17:00"}


def at_revision(database: Database, revision: str) -> MetaData:
    """Empty tables of that time."""
    settings = config()
    with database.writer.begin() as connection:
        settings.attributes["connection"] = connection
        command.upgrade(settings, revision)
    return tables_of(database)


def tables_of(database: Database) -> MetaData:
    found = MetaData()
    with database.writer.connect() as connection:
        found.reflect(connection, only=lambda name, _: name not in SELF_MADE and from_models(name, "table", {}))
    return found


def fill(connection: Connection, tables: MetaData, *, rows: int = 1) -> None:
    """`rows` of each, all columns filled; each links to the row of its own number, and to none of its own table."""
    numbers = count(1)
    for table in tables.sorted_tables:
        links = {name: target != table.name for name, target in _links(table)}
        made = []
        for row in range(1, (rows if table.name != "workspace" else 1) + 1):
            values = {c.name: _some(c.name, c.type, next(numbers)) for c in table.columns}
            values |= {"id": row, **{name: row if is_open else None for name, is_open in links.items()}}
            made.append(values | ({"workspace_id": 1} if "workspace_id" in values else {}))
        connection.execute(table.insert(), made)


def content(database: Database, tables: MetaData) -> dict[str, list[tuple[Any, ...]]]:
    """All rows, in the columns that there were."""
    with database.writer.connect() as connection:
        connection.info["workspace"] = "everywhere"
        return {
            table.name: [tuple(row) for row in connection.execute(select(*table.columns).order_by(table.c.id))]
            for table in tables.sorted_tables
        }


def _links(table: Table) -> list[tuple[str, str]]:
    found = []
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint):
            names = [column.name for column in constraint.columns if column.name != "workspace_id"]
            found += [(name, constraint.referred_table.name) for name in names]
    return found


def _some(name: str, kind: Any, number: int) -> Any:
    samples: list[tuple[Any, Any]] = [
        (Boolean, False),
        (JSON, {}),
        (DateTime, NOW + timedelta(minutes=number)),
        (Date, date(2026, 3, 1) + timedelta(days=number)),
        (Integer, 3 if name in ("probability", "impact", "inherent_probability", "inherent_impact") else number),
    ]
    for known, sample in samples:
        if isinstance(kind, known):
            return sample
    assert isinstance(kind, String), (name, kind)
    return "UTC" if name in ("tz", "default_tz") else OWN_WORDS.get(name, f"{name} {number}")
