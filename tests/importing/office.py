"""A workspace that somebody imports into."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.database import Database
from bot.services import workspace as workspaces
from bot.services.importing import Summary, import_portfolio
from bot.services.importing_problem import InvalidPortfolio
from bot.services.importing_reading import read_portfolio
from models.tables import Base, History, Owned

ROOT = Path(__file__).parent.parent.parent
FILE = ROOT / "bot" / "sandbox" / "data" / "portfolio.json"
REFERENCE = json.loads(FILE.read_text())
NOW = datetime(2026, 3, 30, 13, 0, tzinfo=UTC)
EVERYTHING = {
    "people": 24,
    "programs": 3,
    "projects": 12,
    "milestones": 45,
    "dependencies": 17,
    "budgets": 12,
    "allocations": 95,
    "iterations": 7,
    "risks": 41,
    "issues": 8,
    "assumptions": 5,
    "decisions": 15,
    "status_updates": 131,
    "stakeholders": 15,
    "audit_findings": 6,
    "checkins": 21,
}


class Office:
    def __init__(self, database: Database) -> None:
        self.database = database
        with database.everywhere() as session:
            self.workspace = workspaces.install(
                session, team_id="T1", name="Office", url="https://office.slack.com/", bot_user_id="UBOT"
            ).id

    def takes(self, data: dict[str, Any], **known: Any) -> Summary:
        given = {"slack_ids": {}, "channel_ids": {}, "now": NOW} | known
        with self.database.write(self.workspace) as session:
            return import_portfolio(session, read_portfolio(data), **given)

    def adds(self, row: Owned) -> int:
        with self.database.write(self.workspace) as session:
            session.add(row)
            session.flush()
            return row.id

    def one(self, table: type, **wanted: Any) -> Any:
        with self.database.read(self.workspace) as session:
            return session.scalars(select(table).filter_by(**wanted)).one()

    def all(self, table: type, **wanted: Any) -> list[Any]:
        with self.database.read(self.workspace) as session:
            return list(session.scalars(select(table).filter_by(**wanted).order_by(table.id)))

    def past(self, kind: str, record_id: int) -> list[History]:
        return sorted(self.all(History, kind=kind, record_id=record_id), key=lambda row: (row.at, row.id))

    def problems_of(self, data: dict[str, Any], **known: Any) -> list[str]:
        with pytest.raises(InvalidPortfolio) as refusal:
            self.takes(data, **known)
        return [str(problem) for problem in refusal.value.problems]

    def everything(self) -> dict[str, list[tuple[Any, ...]]]:
        """Every row of every table, as it stands."""
        with self.database.everywhere() as session:
            return {
                table.name: [tuple(row) for row in session.execute(select(table).order_by(table.c.id))]
                for table in Base.metadata.sorted_tables
            }
