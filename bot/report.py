"""`./run report`: the figures of the portfolio in this database. Nothing is asked of Slack."""

import sys
from datetime import UTC, datetime

from bot.clock import RemoteClock, SystemClock
from bot.config import Settings
from bot.database import Database
from bot.errors import UserError
from bot.migrate import migrate
from bot.services import workspace as workspaces
from bot.services.report import report
from bot.views.report import report_page
from models.schemas.report import Report
from models.schemas.workspace import WorkspaceCard


def run_report(settings: Settings, *, as_of: str | None, as_json: bool, workspace: str | None = None) -> int:
    """The exit code. Raises UserError, in words without a full stop, where there is nothing to report on."""
    moment = _instant(as_of) if as_of else _now(settings)
    database = Database(settings.database_url)
    try:
        migrate(database)
        found = _report(database, moment, workspace)
    finally:
        database.close()
    sys.stdout.write(found.as_json() if as_json else report_page(found))
    return 0


def _report(database: Database, moment: datetime, wanted: str | None) -> Report:
    with database.everywhere() as session:
        known = workspaces.all_workspaces(session)
    chosen = _chosen(known, wanted)
    with database.read(chosen.id) as session:
        return report(session, as_of=moment)


def _chosen(known: list[WorkspaceCard], wanted: str | None) -> WorkspaceCard:
    fitting = [card for card in known if wanted in (None, card.team_id)]
    if len(fitting) == 1:
        return fitting[0]
    if not known:
        raise UserError("This database knows no workspace yet, so there is nothing to report on")
    ids = ", ".join(card.team_id for card in known)
    raise UserError(f"This database knows {ids}. Say which one with --workspace")


def _instant(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise UserError("--as-of takes an instant with its zone, as 2026-03-30T13:00:00Z")
    return moment.astimezone(UTC)


def _now(settings: Settings) -> datetime:
    clock = RemoteClock(settings.clock_url) if settings.clock_url else SystemClock()
    return clock.now().replace(microsecond=0)
