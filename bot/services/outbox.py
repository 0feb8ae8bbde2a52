"""The outbox from the other side: what is claimed, and what becomes of it."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, cast, func, literal, null, select, type_coerce, union_all, update
from sqlalchemy.orm import Session

from bot.domain.pace import ALL_METHODS, METHOD_OF
from bot.domain.retry import next_attempt
from bot.domain.turns import WAIT_FOR_EARLIER
from models.schemas.delivery import Claim, Operation, OutboxState, Posted
from models.tables import Outbox, Pace, Workspace

LEASE = timedelta(seconds=90)
"""Longer than all calls that a message may need, each as long as it may take (open, look, say, say without tables: four
of twenty seconds), so that nobody else sends what is under way."""

_by_workspace = Outbox.workspace_id == Workspace.id
_leased = select(func.min(Outbox.lease_until)).where(_by_workspace, Outbox.state == OutboxState.CLAIMED.value)


def _first_due(operation: Operation) -> Any:
    """Asked for each kind by itself: the index then answers from its first entry, however much waits."""
    due = select(func.min(Outbox.due_at)).where(
        _by_workspace, Outbox.state == OutboxState.QUEUED.value, Outbox.operation == operation.value
    )
    leased = _leased.scalar_subquery() if operation is Operation.POST else cast(null(), _INSTANT)
    columns = (
        Workspace.id.label("workspace_id"),
        literal(operation.value).label("operation"),
        due.scalar_subquery().label("due_at"),
        type_coerce(leased, _INSTANT).label("lease_until"),
    )
    return select(*columns).where(Workspace.id.in_(bindparam("serves", expanding=True)))


_INSTANT = Outbox.__table__.c.due_at.type
FIRST_DUE = union_all(*(_first_due(operation) for operation in Operation))
_FREE = select(Pace.workspace_id, Pace.bucket, Pace.free_at).where(
    Pace.workspace_id.in_(bindparam("serves", expanding=True)), Pace.bucket.in_(ALL_METHODS)
)

HELD_BACK = "ratelimited"
"""Refused for its pace alone: it keeps its place in its line, and loses no try."""


def begin_attempt(session: Session, claim: Claim, *, now: datetime) -> bool:
    """From now on its answer may get lost, for as long as a lease. False: the lease ended, it is somebody else's."""
    return _set(session, claim, lease_until=now + LEASE, claimed_at=claim.unsure_since or now)


def remember(session: Session, claim: Claim, body: dict[str, Any], *, now: datetime) -> bool:
    """What an attempt has done so far, for whoever goes on with it; renews the lease. False: it has ended."""
    return _set(session, claim, body=body, lease_until=now + LEASE)


def next_due(session: Session, *, serves: Collection[int]) -> datetime | None:
    """When the outbox has something to do next for these workspaces; what waits for Slack's pace waits that long."""
    found = session.execute(FIRST_DUE, {"serves": sorted(serves)}).all()
    free = {(row.workspace_id, row.bucket): row.free_at for row in session.execute(_FREE, {"serves": sorted(serves)})}
    moments = []
    for workspace_id, operation, due_at, lease_until in found:
        if due_at is not None:
            moments.append(max(due_at, free.get((workspace_id, METHOD_OF[Operation(operation)]), due_at)))
        if lease_until is not None:
            moments.append(lease_until)
    return min(moments, default=None)


def record_refused(session: Session, claim: Claim, error: str, *, now: datetime, retry: bool, wait: float = 0) -> None:
    """Slack answered no: this attempt left nothing there. Tried again later, or given up with the error kept."""
    _record_trouble(session, claim, error, now=now, retry=retry, wait=wait, claimed_at=claim.unsure_since)


def record_unknown(session: Session, claim: Claim, error: str, *, now: datetime, wait: float = 0) -> None:
    """No answer came: it may stand there. The next attempt looks for it first."""
    _record_trouble(session, claim, error, now=now, retry=True, wait=wait)


def hold(session: Session, claim: Claim, *, until: datetime) -> None:
    """Not tried: its turn comes later (a channel's pace, or a message that must stand before it is changed)."""
    _wait(session, claim, until)


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


def waits_for(session: Session, claim: Claim, key: str, *, stands: bool, now: datetime) -> datetime | None:
    """When to look again: the message that this is a reply to still has to be posted, or taken away and posted anew.

    One that stands and is only changed at this moment keeps nobody waiting.
    """
    posting = (Operation.POST, Operation.REMOVE) if stands else (Operation.POST, Operation.REMOVE, Operation.UPDATE)
    earlier = select(Outbox.state, Outbox.due_at).where(
        Outbox.message_key == key,
        Outbox.id < claim.id,
        Outbox.state.in_((OutboxState.CLAIMED, OutboxState.QUEUED)),
        Outbox.operation.in_(posting),
    )
    row = session.execute(earlier.order_by(Outbox.id).limit(1)).first()
    if row is None:
        return None
    soon = now + WAIT_FOR_EARLIER
    return soon if row.state == OutboxState.CLAIMED else max(soon, row.due_at)


def hold_back(session: Session, claim: Claim, error: str, *, until: datetime) -> bool:
    """Refused for its pace, or for where it goes: not tried, as it were. False: it is somebody else's by now, and what
    they were told counts."""
    return _wait(session, claim, until, error=error)


def _wait(session: Session, claim: Claim, until: datetime, **values: Any) -> bool:
    waits = {"state": OutboxState.QUEUED.value, "due_at": until, "attempts": claim.attempts - 1}
    return _set(session, claim, claimed_at=claim.unsure_since, **waits, **values)


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
