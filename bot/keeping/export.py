"""`./run export`: all records of a workspace as a portfolio file, whoever may see them in Slack."""

import sys
from pathlib import Path

from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.config import Settings
from bot.database import Database
from bot.domain.policy import Standing
from bot.keeping.place import growing
from bot.keeping.workspaces import chosen
from bot.migrate import migrate
from bot.services import export
from bot.services.export_json import PortfolioWriter
from bot.services.export_plan import Plan
from bot.services.export_records import Register
from models.schemas.export import ExportKind
from models.schemas.people import PersonCard

OPERATOR = Standing(PersonCard(id=0, slack_id=None, handle="operator", tz="UTC"), is_admin=True, sees_all=True)


def run_export(settings: Settings, file: Path, *, workspace: str | None, force: bool) -> int:
    """The exit code. Raises UserError, in words without a full stop; then there is no new file."""
    database = Database(settings.database_url)
    try:
        migrate(database)
        place = chosen(database, workspace)
        with growing(file, force=force) as partial, database.read(place.id) as session:
            counts = write_all(session, partial)
    finally:
        database.close()
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    sys.stdout.write(f"Exported {told} to {file}, with plan, money, calendars and histories. Only you can read it.\n")
    return 0


def write_all(session: Session, file: Path) -> dict[str, int]:
    """As it is at one instant. How many records of each kind."""
    export.hold_still(session)
    register = Register(session, OPERATOR, None, list(ExportKind))
    with file.open("w", encoding="utf-8", errors="replace") as stream:
        writer = PortfolioWriter(stream, workspace=export.workspace_name(session), now=SystemClock().now())
        counts = {kind.value: sum(1 for _ in writer.section(kind, register.records(kind))) for kind in ExportKind}
        writer.plan(Plan(session, OPERATOR, register.names))
        writer.finish(register.names)
    return counts
