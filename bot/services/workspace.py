"""The workspaces that the app is installed in."""

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.schemas.workspace import WorkspaceCard
from models.tables import Workspace
from models.tables.unit import change_workspace, this_workspace

LOCAL = "local"
"""In the place of a team's id, of what was imported before the app was in any workspace."""


def install(
    session: Session, *, team_id: str, name: str, url: str, bot_user_id: str, takes_over: bool = True
) -> WorkspaceCard:
    """Remember a workspace, or what has changed of it. Needs a unit across workspaces.

    The first one that the app comes into takes over what was imported before, where there is only one: among several
    anybody's could be the first.
    """
    either = select(Workspace).where(Workspace.team_id.in_((team_id, LOCAL) if takes_over else (team_id,)))
    known = {row.team_id: row for row in session.scalars(either)}
    row = known.get(team_id) or known.get(LOCAL)
    if row is None:
        row = Workspace(default_tz="UTC")
        session.add(row)
    row.team_id, row.name, row.url, row.bot_user_id = team_id, name, url, bot_user_id
    row.uninstalled_at = row.erase_at = None
    session.flush()
    return WorkspaceCard.model_validate(row)


def install_local(session: Session) -> WorkspaceCard:
    """A workspace for what is imported before there is one in Slack. Needs a unit across workspaces."""
    return install(session, team_id=LOCAL, name="Not in Slack yet", url="", bot_user_id="")


def try_writing(session: Session) -> None:
    """Changes nothing, and fails where nothing could be changed. Needs a unit across workspaces."""
    session.execute(update(Workspace).where(Workspace.id < 0).values(name=Workspace.name))


def by_team(session: Session, team_id: str) -> WorkspaceCard | None:
    row = session.scalar(select(Workspace).where(Workspace.team_id == team_id))
    return WorkspaceCard.model_validate(row) if row else None


def all_workspaces(session: Session) -> list[WorkspaceCard]:
    return [WorkspaceCard.model_validate(row) for row in session.scalars(select(Workspace).order_by(Workspace.id))]


def remember_refused_tables(session: Session) -> None:
    change_workspace(session, refuses_tables=True)


def refuses_tables(session: Session) -> bool:
    return bool(this_workspace(session).refuses_tables)
