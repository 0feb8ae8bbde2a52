"""What the outbox holds at this moment, in all workspaces: for the figures of the process, never for a person."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, func, select

from models.schemas.delivery import OutboxState
from models.tables import Outbox

OPEN = (OutboxState.QUEUED, OutboxState.CLAIMED, OutboxState.FAILED)
"""Named, so that the index finds these few among all that was ever sent."""

_STATEMENT = (
    select(Outbox.state, func.count(), func.min(Outbox.due_at))
    .where(Outbox.state.in_(OPEN), Outbox.workspace_id.is_not(None))
    .group_by(Outbox.state)
)


@dataclass(frozen=True)
class Waiting:
    by_state: dict[str, int] = field(default_factory=lambda: dict.fromkeys((state.value for state in OPEN), 0))
    oldest_due_seconds: float = 0.0
    """How long the one has been due that waits longest; nothing where nothing is due."""


def waiting(connection: Connection, *, now: datetime) -> Waiting:
    found = Waiting()
    oldest = 0.0
    for state, count, due_at in connection.execute(_STATEMENT):
        found.by_state[state] = count
        if state == OutboxState.QUEUED:
            oldest = max(0.0, (now - due_at).total_seconds())
    return Waiting(found.by_state, oldest)
