"""The buckets in the database: all processes together keep the pace, as Slack counts them as one."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, select
from sqlalchemy.orm import Session

from bot.domain.pace import ALL_METHODS, MESSAGES
from models.tables import Pace
from models.tables.inserts import insert_of
from models.tables.unit import THIS_WORKSPACE, add_row_once, fetch, workspace_of

_PACE: Any = Pace.__table__
_OF = select(_PACE.c.bucket, _PACE.c.free_at).where(
    _PACE.c.workspace_id == THIS_WORKSPACE, _PACE.c.bucket.in_(bindparam("buckets", expanding=True))
)
_LOCKED = _OF.order_by(_PACE.c.bucket).with_for_update()
KEPT = timedelta(hours=1)


def take_turn(session: Session, *, now: datetime) -> dict[str, datetime]:
    """One process at a time claims, or records what became of it, in a workspace: short as that is, nobody else then
    takes the same turn, and none holds what another waits for. Answers when each method is free."""
    found = _read(session, _LOCKED, ALL_METHODS)
    if MESSAGES not in found:
        add_row_once(session, Pace, bucket=MESSAGES, free_at=now - KEPT)
        found = _read(session, _LOCKED, ALL_METHODS)
    return found


def free_at(session: Session, buckets: Collection[str]) -> dict[str, datetime]:
    return _read(session, _OF, buckets) if buckets else {}


def keep(session: Session, free: Mapping[str, datetime]) -> None:
    """From now on these are free at these instants."""
    if free:
        workspace = workspace_of(session)
        rows = [{"workspace_id": workspace, "bucket": bucket, "free_at": free[bucket]} for bucket in sorted(free)]
        session.connection().execute(_upsert(session.get_bind().dialect.name), rows)


def forget_old(session: Session, *, now: datetime) -> None:
    """What lies in the past says nothing. In all workspaces at once."""
    session.execute(delete(Pace).where(Pace.free_at < now - KEPT, Pace.bucket != MESSAGES))


def _read(session: Session, statement: Any, buckets: Collection[str]) -> dict[str, datetime]:
    return {row.bucket: row.free_at for row in fetch(session, statement, buckets=list(buckets))}


@cache
def _upsert(dialect: str) -> Any:
    statement = insert_of(dialect)(_PACE)
    named = [_PACE.c.workspace_id, _PACE.c.bucket]
    return statement.on_conflict_do_update(index_elements=named, set_={"free_at": statement.excluded.free_at})
