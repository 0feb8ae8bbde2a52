"""Installations as whoever runs the bot looks at them. Everything here needs a unit across workspaces."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from models.schemas.installation import Tenant
from models.tables import Installation, Workspace


def workspaces_of(session: Session, slack_id: str) -> list[tuple[int, str]]:
    """A workspace, or all those of an organisation: our id and Slack's."""
    either = or_(Workspace.team_id == slack_id, Workspace.enterprise_id == slack_id)
    return [(row.id, row.team_id) for row in session.scalars(select(Workspace).where(either).order_by(Workspace.id))]


def is_known(session: Session, slack_id: str) -> bool:
    return session.scalar(select(Installation.id).where(Installation.slack_id == slack_id)) is not None


def stop_now(session: Session, workspace_id: int, *, now: datetime) -> None:
    """Whatever serves it does so no more; it can be erased at once."""
    serving = select(Workspace.installation_id).where(Workspace.id == workspace_id).scalar_subquery()
    session.execute(
        update(Installation).where(Installation.id == serving).values(version=Installation.version + 1),
        execution_options={"synchronize_session": False},
    )
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id)
        .values(installation_id=None, uninstalled_at=now, erase_at=now),
        execution_options={"synchronize_session": False},
    )


def tenants(session: Session) -> list[Tenant]:
    found = session.execute(
        select(Workspace, Installation)
        .outerjoin(Installation, Workspace.installation_id == Installation.id)
        .order_by(Workspace.id)
    )
    return [
        Tenant(
            team_id=workspace.team_id,
            name=workspace.name,
            enterprise_id=workspace.enterprise_id,
            is_org_wide=installed is not None and installed.slack_id != workspace.team_id,
            installed_at=installed.installed_at if installed else None,
            uninstalled_at=workspace.uninstalled_at,
            erase_at=workspace.erase_at,
            expires_at=installed.expires_at if installed else None,
        )
        for workspace, installed in found
    ]
