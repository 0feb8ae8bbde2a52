"""Recording what arrived: many in a few statements, and after each one the next in its line has its turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, delete, or_, select, tuple_, update
from sqlalchemy.orm import Session

from bot.domain.pace import IN_A_CHANNEL
from bot.domain.turns import POSTS
from bot.services.outbox import HELD_BACK, LEASE
from models.schemas.delivery import Claim, Operation, OutboxState, Posted
from models.tables import Outbox, PostedMessage
from models.tables.inserts import insert_of
from models.tables.unit import THIS_WORKSPACE, fetch, workspace_of

_O: Any = Outbox.__table__
_P: Any = PostedMessage.__table__
_INSTANT = _O.c.due_at.type


@dataclass(frozen=True)
class Arrival:
    """`posted` says where it stands now, None for what cannot be changed later (ephemeral, Home) or was removed."""

    claim: Claim
    posted: Posted | None
    doubled: bool = False


_SENT = (
    update(_O)
    .where(
        _O.c.workspace_id == THIS_WORKSPACE,
        _O.c.state == OutboxState.CLAIMED.value,
        tuple_(_O.c.id, _O.c.attempts).in_(bindparam("tries", expanding=True)),
    )
    .values(
        state=OutboxState.SENT.value,
        sent_at=bindparam("now", type_=_INSTANT),
        error=None,
        possibly_doubled=bindparam("doubled"),
    )
    .returning(_O.c.id)
)

_next = (
    select(_O.c.id)
    .where(
        _O.c.workspace_id == THIS_WORKSPACE,
        _O.c.state == OutboxState.QUEUED.value,
        _O.c.target == bindparam("place"),
        _O.c.operation == Operation.POST.value,
        or_(_O.c.error.is_(None), _O.c.error == HELD_BACK),
        _O.c.due_at <= bindparam("near", type_=_INSTANT),
    )
    .order_by(_O.c.id)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_CALL_NEXT = (
    update(_O)
    .where(_O.c.workspace_id == THIS_WORKSPACE, _O.c.id.in_(_next))
    .values(due_at=bindparam("at", type_=_INSTANT))
)
_REMOVED = delete(_P).where(_P.c.workspace_id == THIS_WORKSPACE, _P.c.key.in_(bindparam("keys", expanding=True)))


def record_sent(session: Session, arrivals: Sequence[Arrival], *, now: datetime) -> list[Claim]:
    """Those that were still ours: of the others another process records what became of it."""
    marked = _mark_sent(session, arrivals, now)
    ours = [arrival for arrival in arrivals if arrival.claim.id in marked]
    removed = [arrival.claim.message_key for arrival in ours if arrival.claim.operation is Operation.REMOVE]
    if removed:
        fetch(session, _REMOVED, keys=removed)
    _note_where(session, ours, now)
    places = {arrival.claim.target for arrival in ours if arrival.claim.operation in POSTS}
    call_next(session, sorted(places), at=now + IN_A_CHANNEL.every, now=now)
    return [arrival.claim for arrival in ours]


def call_next(session: Session, places: Sequence[str], *, at: datetime, now: datetime) -> None:
    """Whoever stands first in these lines has a turn then."""
    if places:
        common = {"this_workspace": workspace_of(session), "at": at, "near": now + LEASE}
        session.connection().execute(_CALL_NEXT, [common | {"place": place} for place in places])


def _mark_sent(session: Session, arrivals: Sequence[Arrival], now: datetime) -> set[int]:
    found: set[int] = set()
    for doubled in (False, True):
        tries = [(each.claim.id, each.claim.attempts) for each in arrivals if each.doubled is doubled]
        if tries:
            found.update(fetch(session, _SENT, tries=tries, now=now, doubled=doubled).scalars())
    return found


def _note_where(session: Session, arrivals: Sequence[Arrival], now: datetime) -> None:
    workspace = workspace_of(session)
    rows = [
        {
            "workspace_id": workspace,
            "key": each.claim.message_key,
            "channel": each.posted.channel,
            "ts": each.posted.ts,
            "version": each.claim.version,
            "posted_at": now,
        }
        for each in arrivals
        if each.posted is not None
    ]
    if rows:
        session.connection().execute(_note(session.get_bind().dialect.name), rows)


@cache
def _note(dialect: str) -> Any:
    statement = insert_of(dialect)(_P)
    new = {name: statement.excluded[name] for name in ("channel", "ts", "version", "posted_at")}
    return statement.on_conflict_do_update(index_elements=[_P.c.workspace_id, _P.c.key], set_=new)
