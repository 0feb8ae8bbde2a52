"""A second workspace in the same database, with a row in every table, and payloads that name its rows."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import JSON, Boolean, Date, ForeignKeyConstraint, Integer, String, Table, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.services import workspace as workspaces
from models.tables import Base
from models.tables.base import UtcDateTime

TEAM = "TNEIGHBOUR"
NOW = datetime(2026, 3, 30, tzinfo=UTC)
_unique = count(7_000)

NOBODYS = 987_654_321
"""An id that no row has."""

OWNED = [table for table in Base.metadata.sorted_tables if "workspace_id" in table.columns]

WORDS = {
    "status": "identified",
    "state": "active",
    "category": "vendor",
    "band": "low",
    "severity": "sev3",
    "tz": "UTC",
    "reversibility": "two_way",
}
"""Columns whose words are read back into the domain's own."""

SETTLED: dict[str, dict[str, object]] = {"outbox": {"operation": "post", "state": "sent"}}
"""Nothing that the clock would take up."""

Ids = dict[str, int]
"""A row's id by its table."""


def install_neighbour(database: Database, *, first: int | None = None) -> tuple[int, Ids]:
    """`first` is the id of its first row, where none of its ids may be that of another row of ours."""
    with database.everywhere() as session:
        card = workspaces.install(session, team_id=TEAM, name="Next door", url="https://n.example/", bot_user_id="UN")
        return card.id, fill(session, card.id, first=first)


def fill(session: Session, workspace: int, *, first: int | None = None) -> Ids:
    """One row in every table; links stay inside the workspace."""
    ids: Ids = {}
    for number, table in enumerate(OWNED):
        own = {} if first is None else {"id": first + number}
        ids[table.name] = insert(session, table, workspace, links_of(table, ids) | own)
    return ids


def insert(session: Session, table: Table, workspace: int, links: Ids) -> int:
    given = {"workspace_id": workspace, **links}
    needed = [c for c in table.columns if not (c.nullable or c.default or c.primary_key or c.name in given)]
    values = given | {column.name: some(column.name, column.type) for column in needed} | SETTLED.get(table.name, {})
    return int(session.connection().execute(table.insert(), values).inserted_primary_key[0])


def links_of(table: Table, ids: Ids) -> Ids:
    """Columns that name rows, with the ids of such rows where there are any yet."""
    return {column: ids[target] for column, target in composite_links(table) if target in ids}


def composite_links(table: Table) -> Iterator[tuple[str, str]]:
    for constraint in table.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and len(constraint.columns) == 2:
            [column] = [c.name for c in constraint.columns if c.name != "workspace_id"]
            yield column, constraint.referred_table.name


def some(name: str, kind: Any) -> object:
    samples = {Boolean: False, JSON: {}, Date: NOW.date() + timedelta(days=next(_unique)), UtcDateTime: NOW}
    for known, sample in samples.items():
        if isinstance(kind, known):
            return sample
    if isinstance(kind, Integer):
        return 3 if name in ("probability", "impact", "inherent_probability", "inherent_impact") else next(_unique)
    assert isinstance(kind, String)
    return WORDS.get(name, f"neighbour {next(_unique)}")


def everything(database: Database, *, workspace: int | None = None) -> dict[str, list[Any]]:
    """All rows, or those of one workspace, by table."""
    with database.everywhere() as session:
        found = {}
        for table in OWNED:
            rows = select(table).order_by(table.c.id)
            mine = rows if workspace is None else rows.where(table.c.workspace_id == workspace)
            found[table.name] = [tuple(row) for row in session.execute(mine)]
        return found
