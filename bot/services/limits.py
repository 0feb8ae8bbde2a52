"""Slack said 429: the bucket that it meant rests, and all others go on."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from bot.domain.pace import IN_A_CHANNEL, MESSAGES, METHOD_OF, METHODS, channel_bucket
from bot.domain.turns import POSTS
from bot.services import outbox, pace
from models.schemas.delivery import Claim, OutboxState
from models.tables import Outbox, Pace
from models.tables.unit import THIS_WORKSPACE, fetch

UNSAID = timedelta(seconds=5)
"""Where Slack does not say how long."""

_O: Any = Outbox.__table__
_P: Any = Pace.__table__
_INSTANT: Any = _O.c.due_at.type
_UNTIL = bindparam("until", type_=_INSTANT)
_REST = (
    update(_O)
    .where(
        _O.c.workspace_id == THIS_WORKSPACE,
        _O.c.state == OutboxState.QUEUED.value,
        _O.c.target == bindparam("place"),
        _O.c.operation.in_([operation.value for operation in POSTS]),
        _O.c.due_at < _UNTIL,
    )
    .values(due_at=_UNTIL)
)
_OTHER_CHANNELS_REST = select(_P.c.id).where(
    _P.c.workspace_id == THIS_WORKSPACE,
    _P.c.bucket > f"{MESSAGES} ",
    _P.c.bucket < f"{MESSAGES}!",
    _P.c.bucket != bindparam("bucket"),
    _P.c.free_at > bindparam("later", type_=_INSTANT),
)


def hold_back(session: Session, claim: Claim, error: str, *, method: str, wait: float, now: datetime) -> None:
    """It keeps its place in its line and loses no try; what would be refused with it waits as long."""
    until = now + (timedelta(seconds=wait) if wait > 0 else UNSAID)
    bucket = _bucket(session, claim, method, now)
    free_at = pace.free_at(session, [bucket]).get(bucket, until)
    pace.keep(session, {bucket: max(free_at, until)})
    if bucket == channel_bucket(claim.target):
        fetch(session, _REST, place=claim.target, until=until)
    outbox.hold_back(session, claim, error, until=until)


def _bucket(session: Session, claim: Claim, method: str, now: datetime) -> str:
    """Slack does not say whether it meant the channel or the workspace: a second channel that is refused while the
    first one rests means the workspace."""
    if method != MESSAGES:
        return method if method in METHODS else METHOD_OF[claim.operation]
    bucket = channel_bucket(claim.target)
    others = fetch(session, _OTHER_CHANNELS_REST.limit(1), bucket=bucket, later=now + 2 * IN_A_CHANNEL.every)
    return bucket if others.first() is None else MESSAGES
