"""The outbox from the other side: claiming what is due and recording what became of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.retry import next_attempt
from models.schemas.delivery import Claim, Operation, OutboxState, Posted
from models.tables import Outbox, PostedMessage
from models.tables.unit import add_row_once

LEASE = timedelta(seconds=60)
"""More than twice as long as a call to Slack may take, so that nobody else sends what is under way."""

BATCH = 25

_BY_ID = Outbox.id + 0
"""Not the bare column: SQLite would walk through all that was ever sent, only because it is in that order."""

WAITING = (OutboxState.QUEUED, OutboxState.CLAIMED)
"""Named in each query, so that the index finds these few among all that was ever sent."""

WAIT_FOR_EARLIER = timedelta(seconds=2)


def claim_due(session: Session, *, serves: Collection[int], now: datetime) -> list[Claim]:
    """Take what is due in these workspaces, first what waits longest. Until the lease ends nobody else takes it."""
    free = and_(Outbox.state == OutboxState.QUEUED, Outbox.due_at <= now)
    abandoned = and_(Outbox.state == OutboxState.CLAIMED, Outbox.lease_until <= now)
    ours = Outbox.workspace_id.in_(serves)
    due = select(Outbox).where(ours, Outbox.state.in_(WAITING), or_(free, abandoned)).order_by(_BY_ID).limit(BATCH)
    claims = []
    for row in session.scalars(due.with_for_update(skip_locked=True)).all():
        row.state, row.attempts, row.lease_until = OutboxState.CLAIMED.value, row.attempts + 1, now + LEASE
        claims.append(_claim(row))
    session.flush()
    return claims


def begin_attempt(session: Session, claim: Claim, *, now: datetime) -> bool:
    """From now on its answer may get lost, for as long as a lease. False: the lease ended, it is somebody else's."""
    return _set(session, claim, lease_until=now + LEASE, claimed_at=claim.unsure_since or now)


def remember(session: Session, claim: Claim, body: dict[str, Any], *, now: datetime) -> bool:
    """What an attempt has done so far, for whoever goes on with it; renews the lease. False: it has ended."""
    return _set(session, claim, body=body, lease_until=now + LEASE)


def next_due(session: Session, *, serves: Collection[int]) -> datetime | None:
    """When the outbox has something to do next for these workspaces."""
    ours = Outbox.workspace_id.in_(serves)
    queued = session.scalar(select(func.min(Outbox.due_at)).where(ours, Outbox.state == OutboxState.QUEUED))
    leased = session.scalar(select(func.min(Outbox.lease_until)).where(ours, Outbox.state == OutboxState.CLAIMED))
    return min((moment for moment in (queued, leased) if moment), default=None)


def record_sent(session: Session, claim: Claim, posted: Posted | None, *, now: datetime, doubled: bool = False) -> None:
    """`posted` says where it stands now, None for what cannot be changed later (ephemeral, Home) or was removed."""
    if not _set(session, claim, state=OutboxState.SENT.value, sent_at=now, error=None, possibly_doubled=doubled):
        return
    if claim.operation is Operation.REMOVE:
        session.execute(delete(PostedMessage).where(PostedMessage.key == claim.message_key))
    if posted is None:
        return
    values: dict[str, Any] = {"channel": posted.channel, "ts": posted.ts, "version": claim.version, "posted_at": now}
    if add_row_once(session, PostedMessage, key=claim.message_key, **values) is None:
        session.execute(update(PostedMessage).where(PostedMessage.key == claim.message_key).values(**values))


def record_refused(session: Session, claim: Claim, error: str, *, now: datetime, retry: bool, wait: float = 0) -> None:
    """Slack answered no: this attempt left nothing there. Tried again later, or given up with the error kept."""
    _record_trouble(session, claim, error, now=now, retry=retry, wait=wait, claimed_at=claim.unsure_since)


def record_unknown(session: Session, claim: Claim, error: str, *, now: datetime, wait: float = 0) -> None:
    """No answer came: it may stand there. The next attempt looks for it first."""
    _record_trouble(session, claim, error, now=now, retry=True, wait=wait)


def hold(session: Session, claim: Claim, *, until: datetime) -> None:
    """Not tried: its turn comes later (a channel's pace, or a message that must stand before it is changed)."""
    _set(
        session,
        claim,
        state=OutboxState.QUEUED.value,
        due_at=until,
        attempts=claim.attempts - 1,
        claimed_at=claim.unsure_since,
    )


def is_superseded(session: Session, claim: Claim, standing: Posted | None) -> bool:
    """The message stands in this version or a newer one, or a newer one is on its way: this one is not sent."""
    if claim.operation not in (Operation.POST, Operation.UPDATE):
        return False
    if standing is not None and standing.version >= claim.version:
        return True
    if claim.operation is Operation.POST:
        return False
    newer = select(Outbox.id).where(
        Outbox.message_key == claim.message_key,
        Outbox.version > claim.version,
        Outbox.state != OutboxState.FAILED,
    )
    return session.scalar(newer.limit(1)) is not None


def record_superseded(session: Session, claim: Claim) -> None:
    _set(session, claim, state=OutboxState.SUPERSEDED.value, body={})


def waits_for(session: Session, claim: Claim, key: str, *, now: datetime) -> datetime | None:
    """When to look again: an earlier row is under way with this message, or still has to post or remove it.

    Two processes that changed one message at once could leave the older text standing, and a reply needs its thread.
    """
    under_way = Outbox.state == OutboxState.CLAIMED
    to_be_posted = and_(Outbox.state == OutboxState.QUEUED, Outbox.operation.in_((Operation.POST, Operation.REMOVE)))
    earlier = select(Outbox.state, Outbox.due_at).where(
        Outbox.message_key == key, Outbox.id < claim.id, or_(under_way, to_be_posted)
    )
    row = session.execute(earlier.order_by(Outbox.id).limit(1)).first()
    if row is None:
        return None
    soon = now + WAIT_FOR_EARLIER
    return soon if row.state == OutboxState.CLAIMED else max(soon, row.due_at)


def waits_in_line(session: Session, claim: Claim, *, now: datetime) -> datetime | None:
    """When a message that was queued before for the same place has its turn: each place reads in order.

    Whoever has it under way may have been killed: the longer that lasts the less often we look, until its lease ends.
    What Slack refused, and an ask for a later hour, hold up nobody.
    """
    under_way = Outbox.state == OutboxState.CLAIMED
    next_up = and_(Outbox.state == OutboxState.QUEUED, Outbox.error.is_(None), Outbox.due_at <= now + LEASE)
    ahead = select(Outbox.state, Outbox.due_at, Outbox.lease_until).where(
        Outbox.target == claim.target,
        Outbox.state.in_(WAITING),
        Outbox.operation == Operation.POST,
        Outbox.id < claim.id,
        or_(under_way, next_up),
    )
    row = session.execute(ahead.order_by(Outbox.id.desc()).limit(1)).first()
    if row is None:
        return None
    state, due_at, lease_until = row
    if state == OutboxState.QUEUED or lease_until is None:
        return max(now, due_at)
    so_far = now - (lease_until - LEASE)
    return min(lease_until, now + max(WAIT_FOR_EARLIER, so_far))


def _record_trouble(
    session: Session, claim: Claim, error: str, *, now: datetime, retry: bool, wait: float, **values: Any
) -> None:
    retry_at = next_attempt(claim.attempts, now, asked_to_wait=wait) if retry else None
    state = OutboxState.FAILED if retry_at is None else OutboxState.QUEUED
    _set(session, claim, state=state.value, due_at=retry_at or now, error=error, **values)


def _set(session: Session, claim: Claim, **values: Any) -> bool:
    """Only while the claim is ours: after its lease another process may have taken the row, in another attempt."""
    mine = update(Outbox).where(
        Outbox.id == claim.id, Outbox.state == OutboxState.CLAIMED, Outbox.attempts == claim.attempts
    )
    changed = session.execute(
        mine.values(**values).returning(Outbox.id), execution_options={"synchronize_session": False}
    )
    return changed.scalar_one_or_none() is not None


def _claim(row: Outbox) -> Claim:
    return Claim(
        id=row.id,
        workspace_id=row.workspace_id,
        message_key=row.message_key,
        operation=Operation(row.operation),
        target=row.target,
        reader=row.reader,
        body=row.body,
        version=row.version,
        attempts=row.attempts,
        unsure_since=row.claimed_at,
    )
