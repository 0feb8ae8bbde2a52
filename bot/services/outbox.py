"""The outbox from the other side: claiming what is due and recording what became of it."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.retry import next_attempt
from models.schemas.delivery import Claim, Operation, OutboxState, Posted
from models.tables import Outbox, PostedMessage
from models.tables.unit import add_row_once

LEASE = timedelta(seconds=60)
"""More than twice as long as a call to Slack may take, so that nobody else sends what is under way."""

BATCH = 25


def claim_due(session: Session, *, now: datetime) -> list[Claim]:
    """Take what is due, in every workspace. Until the lease ends nobody else takes it, even if we crash."""
    free = and_(Outbox.state == OutboxState.QUEUED, Outbox.due_at <= now)
    abandoned = and_(Outbox.state == OutboxState.CLAIMED, Outbox.lease_until <= now)
    due = select(Outbox).where(or_(free, abandoned)).order_by(Outbox.due_at, Outbox.id).limit(BATCH)
    claims = []
    for row in session.scalars(due.with_for_update(skip_locked=True)).all():
        row.state, row.attempts, row.lease_until = OutboxState.CLAIMED.value, row.attempts + 1, now + LEASE
        claims.append(_claim(row))
        row.claimed_at = row.claimed_at or now
    session.flush()
    return claims


def next_due(session: Session) -> datetime | None:
    """When the outbox has something to do next."""
    queued = session.scalar(
        select(Outbox.due_at).where(Outbox.state == OutboxState.QUEUED).order_by(Outbox.due_at).limit(1)
    )
    leased = session.scalar(
        select(Outbox.lease_until).where(Outbox.state == OutboxState.CLAIMED).order_by(Outbox.lease_until).limit(1)
    )
    return min((moment for moment in (queued, leased) if moment), default=None)


def record_sent(session: Session, claim: Claim, posted: Posted | None, *, now: datetime, doubled: bool = False) -> None:
    """`posted` says where it stands now, None for what cannot be changed later (ephemeral, Home)."""
    _set(session, claim.id, state=OutboxState.SENT.value, sent_at=now, error=None, possibly_doubled=doubled)
    if posted is None:
        return
    values: dict[str, Any] = {"channel": posted.channel, "ts": posted.ts, "version": claim.version, "posted_at": now}
    if add_row_once(session, PostedMessage, key=claim.message_key, **values) is None:
        session.execute(update(PostedMessage).where(PostedMessage.key == claim.message_key).values(**values))


def record_refused(session: Session, claim: Claim, error: str, *, now: datetime, retry: bool, wait: float = 0) -> None:
    """Slack answered no: it does not stand there. Tried again later, or given up with the error kept."""
    retry_at = next_attempt(claim.attempts, now, asked_to_wait=wait) if retry else None
    state = OutboxState.FAILED if retry_at is None else OutboxState.QUEUED
    _set(session, claim.id, state=state.value, due_at=retry_at or now, error=error, claimed_at=None)


def record_unknown(session: Session, claim: Claim, error: str, *, now: datetime) -> None:
    """No answer came: it may stand there. The next attempt looks for it first."""
    retry_at = next_attempt(claim.attempts, now)
    state = OutboxState.FAILED if retry_at is None else OutboxState.QUEUED
    _set(session, claim.id, state=state.value, due_at=retry_at or now, error=error)


def hold(session: Session, claim: Claim, *, until: datetime) -> None:
    """Not tried: its turn comes later (a channel's pace, or a message that must stand before it is changed)."""
    _set(
        session,
        claim.id,
        state=OutboxState.QUEUED.value,
        due_at=until,
        attempts=claim.attempts - 1,
        claimed_at=claim.unsure_since,
    )


def is_superseded(session: Session, claim: Claim) -> bool:
    """A newer version of the same message waits or went out: this one is not sent."""
    if claim.operation is not Operation.UPDATE:
        return False
    newer = select(Outbox.id).where(
        Outbox.message_key == claim.message_key,
        Outbox.version > claim.version,
        Outbox.state != OutboxState.FAILED,
    )
    return session.scalar(newer.limit(1)) is not None


def record_superseded(session: Session, claim: Claim) -> None:
    _set(session, claim.id, state=OutboxState.SUPERSEDED.value)


def is_on_its_way(session: Session, claim: Claim) -> bool:
    """Another row still has to post the message that this one changes."""
    pending = select(Outbox.id).where(
        Outbox.message_key == claim.message_key,
        Outbox.id != claim.id,
        Outbox.operation == Operation.POST,
        Outbox.state.in_((OutboxState.QUEUED, OutboxState.CLAIMED)),
    )
    return session.scalar(pending.limit(1)) is not None


def _set(session: Session, row_id: int, **values: Any) -> None:
    session.execute(update(Outbox).where(Outbox.id == row_id).values(**values))


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
