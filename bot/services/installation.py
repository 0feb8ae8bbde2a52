"""The app's installations: what Slack granted, which workspaces they speak in, and what is left when one ends.

Everything here needs a unit across workspaces.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.services import workspace as workspaces
from models.schemas.delivery import OutboxState
from models.schemas.installation import Grant, InstallationCard, Served
from models.schemas.workspace import WorkspaceCard
from models.tables import Installation, InstallState, Outbox, Workspace

MOST_BEGUN = 10_000
"""Installations under way. Whoever begins more of them pushes out the oldest."""

LIVE = Installation.revoked_at.is_(None)
CARDS = select(Installation.__table__).where(LIVE)
_CHANGES = select(func.count(), func.coalesce(func.sum(Installation.version), 0)).select_from(Installation)
_SERVED = (
    select(
        Workspace.id.label("workspace_id"),
        Workspace.team_id,
        Workspace.enterprise_id,
        Installation.id.label("installation_id"),
        Installation.version,
        Installation.bot_user_id,
        (Installation.slack_id != Workspace.team_id).label("is_org_wide"),
    )
    .join_from(Workspace, Installation, Workspace.installation_id == Installation.id)
    .where(LIVE)
)


def begin(session: Session, digest: str, *, now: datetime, until: datetime) -> None:
    session.execute(delete(InstallState).where(InstallState.expires_at <= now))
    if (session.scalar(select(func.count()).select_from(InstallState)) or 0) >= MOST_BEGUN:
        oldest = select(func.min(InstallState.id)).scalar_subquery()
        session.execute(delete(InstallState).where(InstallState.id == oldest))
    session.add(InstallState(digest=digest, expires_at=until))


def finish(session: Session, digest: str, *, now: datetime) -> bool:
    """Whether this was begun, lately, and not finished before."""
    found = delete(InstallState).where(InstallState.digest == digest, InstallState.expires_at > now)
    return bool(session.connection().execute(found).rowcount)


def changes(connection: Connection) -> tuple[int, int]:
    """Another pair than before: something of the installations is not as it was."""
    count, versions = connection.execute(_CHANGES).one()
    return int(count), int(versions)


def served(connection: Connection) -> list[Served]:
    return [Served.model_validate(dict(row._mapping)) for row in connection.execute(_SERVED)]


def wide(connection: Connection) -> dict[str, int]:
    """Installations that serve all of an organisation, by its id."""
    found = select(Installation.slack_id, Installation.id)
    rows = connection.execute(found.where(LIVE, Installation.slack_id == Installation.enterprise_id))
    return {row.slack_id: row.id for row in rows}


def live(connection: Connection) -> list[InstallationCard]:
    return [card_of(row) for row in connection.execute(CARDS.order_by(Installation.id))]


def by_id(connection: Connection, installation_id: int) -> InstallationCard | None:
    row = connection.execute(CARDS.where(Installation.id == installation_id)).one_or_none()
    return card_of(row) if row else None


def remember(session: Session, grant: Grant, *, now: datetime) -> WorkspaceCard | None:
    """A new installation, or one that came back. The workspace that it is of; None for an organisation's."""
    row = session.scalar(select(Installation).where(Installation.slack_id == grant.slack_id).with_for_update())
    if row is None:
        row = Installation(slack_id=grant.slack_id, version=0)
        session.add(row)
    row.enterprise_id, row.app_id, row.bot_user_id = grant.enterprise_id, grant.app_id, grant.bot_user_id
    row.scopes, row.installed_by = grant.scopes, grant.installed_by
    row.token, row.refresh_token, row.expires_at = grant.token, grant.refresh_token, grant.expires_at
    row.installed_at, row.revoked_at, row.refreshing_until = now, None, None
    row.version += 1
    session.flush()
    if grant.is_org_wide:
        _serve_all_of(session, row)
        return None
    card = workspaces.install(
        session,
        team_id=grant.slack_id,
        name=grant.team_name,
        url=grant.team_url,
        bot_user_id=grant.bot_user_id,
        takes_over=False,
    )
    _serve(session, row, Workspace.id == card.id)
    return card


def meet(session: Session, installation_id: int, team_id: str) -> WorkspaceCard | None:
    """A workspace of an organisation sends something for the first time, or is known and was not served."""
    row = session.get(Installation, installation_id, with_for_update=True)
    if row is None or row.revoked_at is not None or row.slack_id != row.enterprise_id:
        return None
    known = session.scalar(select(Workspace).where(Workspace.team_id == team_id))
    if known is None or known.installation_id is None:
        card = workspaces.install(
            session,
            team_id=team_id,
            name=known.name if known else team_id,
            url=known.url if known else "",
            bot_user_id=row.bot_user_id,
            takes_over=False,
        )
        _serve(session, row, Workspace.id == card.id)
        row.version += 1
    return workspaces.by_team(session, team_id)


def end(session: Session, slack_id: str, *, sent_at: datetime | None, now: datetime, erase_at: datetime) -> list[int]:
    """The app was removed, or its token taken back: the workspaces that nothing speaks in any more.

    What Slack sent before the app came back is about the installation before.
    """
    row = session.scalar(select(Installation).where(Installation.slack_id == slack_id).with_for_update())
    if row is None or row.revoked_at is not None:
        return []
    if sent_at is not None and sent_at < row.installed_at.replace(microsecond=0):
        return []
    row.token, row.refresh_token, row.expires_at, row.refreshing_until = "", None, None, None
    row.revoked_at, row.version = now, row.version + 1
    session.flush()
    return _leave(session, Workspace.installation_id == row.id, but=row.id, now=now, erase_at=erase_at)


def leave_teams(
    session: Session, enterprise_id: str, team_ids: list[str], *, now: datetime, erase_at: datetime
) -> list[int]:
    """The organisation took the app away from these workspaces alone."""
    row = session.scalar(select(Installation).where(Installation.slack_id == enterprise_id).with_for_update())
    if row is None:
        return []
    row.version += 1
    theirs = Workspace.team_id.in_(team_ids) & (Workspace.installation_id == row.id)
    return _leave(session, theirs, but=row.id, now=now, erase_at=erase_at)


def stop_only(session: Session, workspace_id: int, *, now: datetime, erase_at: datetime) -> None:
    """Of a workspace whose token the settings hold."""
    session.execute(
        update(Workspace)
        .where(Workspace.id == workspace_id, Workspace.uninstalled_at.is_(None))
        .values(uninstalled_at=now, erase_at=erase_at)
    )


def app_id(connection: Connection) -> str | None:
    """Which app the tokens that we hold are of, if we hold any."""
    return connection.execute(select(Installation.app_id).where(LIVE).limit(1)).scalar_one_or_none()


def by_slack_id(connection: Connection, slack_id: str) -> InstallationCard | None:
    row = connection.execute(CARDS.where(Installation.slack_id == slack_id)).one_or_none()
    return card_of(row) if row else None


def give_back(session: Session, workspace_ids: list[int]) -> None:
    """What a postman holds there is nobody's again, so that it leaves if the app comes back."""
    held = update(Outbox).where(Outbox.workspace_id.in_(workspace_ids), Outbox.state == OutboxState.CLAIMED)
    session.execute(
        held.values(state=OutboxState.QUEUED.value, lease_until=None), execution_options={"synchronize_session": False}
    )


def card_of(row: Row[Any]) -> InstallationCard:
    return InstallationCard.model_validate(dict(row._mapping))


def _serve_all_of(session: Session, row: Installation) -> None:
    """Workspaces of the organisation that we know, but those with a live installation of their own."""
    own = select(Installation.id).where(Installation.slack_id == Workspace.team_id, LIVE)
    _serve(session, row, (Workspace.enterprise_id == row.slack_id) & ~own.exists())


def _serve(session: Session, row: Installation, which: ColumnElement[bool]) -> None:
    session.execute(
        update(Workspace)
        .where(which)
        .values(
            installation_id=row.id,
            enterprise_id=row.enterprise_id,
            bot_user_id=row.bot_user_id,
            uninstalled_at=None,
            erase_at=None,
        ),
        execution_options={"synchronize_session": "fetch"},
    )


def _leave(session: Session, which: ColumnElement[bool], *, but: int, now: datetime, erase_at: datetime) -> list[int]:
    """What an organisation's installation serves instead goes on; the others stop."""
    rows = session.scalars(select(Workspace).where(which)).all()
    stopped: list[int] = []
    for workspace in rows:
        other = session.scalar(
            select(Installation).where(
                LIVE,
                Installation.id != but,
                or_(Installation.slack_id == workspace.team_id, Installation.slack_id == workspace.enterprise_id),
            )
        )
        if other is not None:
            workspace.installation_id, workspace.bot_user_id = other.id, other.bot_user_id
        else:
            workspace.installation_id, workspace.uninstalled_at, workspace.erase_at = None, now, erase_at
            stopped.append(workspace.id)
    session.flush()
    return stopped
