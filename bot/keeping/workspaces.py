"""Which workspace of the database a command is about."""

from bot.database import Database
from bot.errors import UserError
from bot.services import workspace as workspaces
from models.schemas.workspace import WorkspaceCard


def chosen(database: Database, wanted: str | None) -> WorkspaceCard:
    with database.everywhere() as session:
        known = workspaces.all_workspaces(session)
    fitting = [card for card in known if wanted in (None, card.team_id)]
    if len(fitting) == 1:
        return fitting[0]
    if not known:
        raise UserError("This database knows no workspace yet")
    raise UserError(f"This database knows {', '.join(card.team_id for card in known)}. Say which one with --workspace")
