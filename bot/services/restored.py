"""A database that came back from a backup: what had been on its way then is not said again by itself."""

from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.orm import Session

from models.schemas.delivery import Operation, OutboxState
from models.schemas.restored import Waiting
from models.tables import Outbox, Workspace

WAITING = (OutboxState.QUEUED, OutboxState.CLAIMED)
NEW = (Operation.POST, Operation.EPHEMERAL, Operation.PICTURE, Operation.EXPORT)
"""Done twice they are seen twice. Changes of what stands in Slack are not."""


def has_workspaces(connection: Connection) -> bool:
    return connection.scalar(select(Workspace.id).limit(1)) is not None


def settle_outbox(session: Session, *, send: bool) -> Waiting:
    """Across workspaces. What is sent after all is looked for first, as after a lost answer."""
    posts = Outbox.state.in_(WAITING) & Outbox.operation.in_(NEW)
    others = Outbox.state.in_(WAITING) & Outbox.operation.not_in(NEW)
    found = Waiting(posts=_count(session, posts), changes=_count(session, others))
    if send:
        unsure = func.coalesce(Outbox.claimed_at, Outbox.created_at)
        values: dict[str, Any] = {"state": OutboxState.QUEUED.value, "claimed_at": unsure, "lease_until": None}
    else:
        values = {"state": OutboxState.SUPERSEDED.value, "body": {}}
    session.execute(update(Outbox).where(posts).values(**values), execution_options={"synchronize_session": False})
    return found


def _count(session: Session, which: object) -> int:
    return session.scalar(select(func.count()).select_from(Outbox).where(which)) or 0  # type: ignore[arg-type]
