"""Claiming what is due in one workspace: the cost is that of what leaves now, whatever waits and was ever sent."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, and_, bindparam, cast, func, null, or_, select, union_all, update
from sqlalchemy.orm import Session

from bot.domain.pace import METHOD_OF, Rates, channel_bucket
from bot.domain.retry import LONGEST_IN_LINE, TRIES_IN_LINE
from bot.domain.turns import POSTS, Turns, UnderWay, Waiting
from bot.services import pace
from bot.services.outbox import FIRST_DUE, HELD_BACK, LEASE
from models.schemas.delivery import Claim, Operation, OutboxState
from models.tables import Outbox
from models.tables.unit import THIS_WORKSPACE, fetch, workspace_of

WINDOW = 64
"""Rows of each kind that one round looks at: more than it takes, so that those who have to wait for each other are
put off to their turn once, and others are found behind them."""

QUEUED, CLAIMED = OutboxState.QUEUED.value, OutboxState.CLAIMED.value
CHANGES = frozenset({Operation.UPDATE, Operation.PUBLISH_HOME, Operation.REMOVE})

_O: Any = Outbox.__table__
_INSTANT = _O.c.due_at.type
_NOW: Any = bindparam("now", type_=_INSTANT)
_NEAR: Any = bindparam("near", type_=_INSTANT)
_SOON: Any = bindparam("soon", type_=_INSTANT)
_NEVER: Any = cast(null(), _INSTANT)

_first = FIRST_DUE.subquery()
_WORKSPACES_DUE = (
    select(_first.c.workspace_id).where(or_(_first.c.due_at <= _NOW, _first.c.lease_until <= _NOW)).distinct()
)


def workspaces_due(connection: Connection, *, serves: Collection[int], now: datetime) -> list[int]:
    found = connection.execute(_WORKSPACES_DUE, {"serves": sorted(serves), "now": now})
    return sorted(found.scalars())


@dataclass(frozen=True)
class Round:
    claims: list[Claim]
    has_more: bool
    """It has changed what is due: another round may find what this one did not see."""


def claim(
    session: Session, *, limit: int, most_posts: int, ours: Collection[int], rates: Rates, now: datetime
) -> Round:
    """Take up to `limit` of what is due here, each in its turn and all within Slack's pace. From now on the answer of
    each may get lost; until its lease ends nobody else takes it. `ours` are the rows that this process has in hand."""
    free = pace.take_turn(session, now=now)
    open_for = tuple(each for each in Operation if rates.room(METHOD_OF[each], free.get(METHOD_OF[each]), now, most=1))
    found = fetch(session, _window(open_for), now=now, near=now + LEASE, soon=now + LONGEST_IN_LINE).all()
    rows = [_waiting(row) for row in found if row.state == QUEUED or row.lease_until <= now]
    rows = [row for row in rows if row.operation in open_for]
    places = {channel_bucket(row.target) for row in rows if row.operation in POSTS}
    turns = Turns(now, rates, free | pace.free_at(session, places), limit, most_posts)
    shut = [row for row in found if row.state == CLAIMED and (row.lease_until > now or row.operation not in open_for)]
    turns.give(rows, [_under_way(row, ours) for row in shut])
    pace.keep(session, turns.kept)
    changed = [row.id for row in turns.taken] + list(turns.put_off)
    free_rows = _lock(session, changed, now)
    moved = _put_off(session, {row: at for row, at in turns.put_off.items() if row in free_rows})
    claims = _take(session, [row for row in turns.taken if row.id in free_rows], now)
    return Round(claims, has_more=bool(claims or moved))


def _lock(session: Session, rows: Sequence[int], now: datetime) -> set[int]:
    """Somebody who changes the words of one at this moment holds it: it has its turn the next time."""
    return set(fetch(session, _LOCK, ids=rows, now=now).scalars()) if rows else set()


def _take(session: Session, taken: Sequence[Waiting], now: datetime) -> list[Claim]:
    if not taken:
        return []
    values = {"ids": [row.id for row in taken], "now": now, "lease": now + LEASE}
    found = {row.id: row for row in fetch(session, _TAKE, **values)}
    return [_claim(found[row.id], row) for row in taken]


def _put_off(session: Session, put_off: Mapping[int, datetime]) -> int:
    """They come up again when their turn can be, and cost nothing until then."""
    if put_off:
        workspace = workspace_of(session)
        rows = [{"this_workspace": workspace, "row": row, "at": at} for row, at in sorted(put_off.items())]
        session.connection().execute(_PUT_OFF, rows)
    return len(put_off)


@cache
def _window(operations: tuple[Operation, ...]) -> Any:
    """What is due of each kind, and all that somebody has in hand, which is never much."""
    parts = [_columns().where(_O.c.workspace_id == THIS_WORKSPACE, _O.c.state == CLAIMED)]
    for operation in operations:
        due = _columns(operation).where(
            _O.c.workspace_id == THIS_WORKSPACE,
            _O.c.state == QUEUED,
            _O.c.operation == operation.value,
            _O.c.due_at <= _NOW,
        )
        parts.append(select(due.order_by(_O.c.due_at, _O.c.id).limit(WINDOW).subquery()))
    return union_all(*parts)


def _columns(operation: Operation | None = None) -> Any:
    line_due = _line_due() if operation in POSTS else _NEVER
    post_due = _post_due() if operation in CHANGES else _NEVER
    plain = (_O.c.id, _O.c.message_key, _O.c.operation, _O.c.target, _O.c.state, _O.c.claimed_at, _O.c.lease_until)
    return select(*plain, line_due.label("line_due"), post_due.label("post_due"))


def _line_due() -> Any:
    """Of the nearest that was queued before for the same place. What failed again and again, what waits until a place
    is mended, and an ask for a later hour, hold up nobody."""
    ahead = _O.alias("ahead")
    return (
        select(ahead.c.due_at)
        .where(
            ahead.c.workspace_id == THIS_WORKSPACE,
            ahead.c.state == QUEUED,
            ahead.c.target == _O.c.target,
            ahead.c.id < _O.c.id,
            ahead.c.operation == Operation.POST.value,
            or_(
                and_(or_(ahead.c.error.is_(None), ahead.c.error == HELD_BACK), ahead.c.due_at <= _NEAR),
                and_(ahead.c.error.is_not(None), ahead.c.attempts.between(1, TRIES_IN_LINE), ahead.c.due_at <= _SOON),
            ),
        )
        .order_by(ahead.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )


def _post_due() -> Any:
    """A message stands before it is changed."""
    first = _O.alias("first")
    return (
        select(first.c.due_at)
        .where(
            first.c.workspace_id == THIS_WORKSPACE,
            first.c.message_key == _O.c.message_key,
            first.c.state == QUEUED,
            first.c.operation.in_((Operation.POST.value, Operation.REMOVE.value)),
            first.c.id < _O.c.id,
        )
        .order_by(first.c.id)
        .limit(1)
        .scalar_subquery()
    )


_free = and_(_O.c.state == QUEUED, _O.c.due_at <= _NOW)
_abandoned = and_(_O.c.state == CLAIMED, _O.c.lease_until <= _NOW)
_named = and_(_O.c.workspace_id == THIS_WORKSPACE, _O.c.id.in_(bindparam("ids", expanding=True)))
_LOCK = select(_O.c.id).where(_named, or_(_free, _abandoned)).order_by(_O.c.id).with_for_update(skip_locked=True)
_TAKE = (
    update(_O)
    .where(_named)
    .values(
        state=CLAIMED,
        attempts=_O.c.attempts + 1,
        lease_until=bindparam("lease", type_=_INSTANT),
        claimed_at=func.coalesce(_O.c.claimed_at, _NOW),
    )
    .returning(_O.c.id, _O.c.workspace_id, _O.c.reader, _O.c.body, _O.c.version, _O.c.attempts)
)
_PUT_OFF = (
    update(_O)
    .where(_O.c.workspace_id == THIS_WORKSPACE, _O.c.id == bindparam("row"))
    .values(state=QUEUED, due_at=bindparam("at", type_=_INSTANT))
)


def _waiting(row: Any) -> Waiting:
    return Waiting(
        id=row.id,
        key=row.message_key,
        operation=Operation(row.operation),
        target=row.target,
        unsure_since=row.claimed_at,
        line_due=row.line_due,
        post_due=row.post_due,
    )


def _under_way(row: Any, ours: Iterable[int]) -> UnderWay:
    since = row.lease_until - LEASE
    return UnderWay(row.message_key, Operation(row.operation), row.target, since, row.lease_until, row.id in ours)


def _claim(row: Any, waited: Waiting) -> Claim:
    return Claim.model_construct(
        id=row.id,
        workspace_id=row.workspace_id,
        message_key=waited.key,
        operation=waited.operation,
        target=waited.target,
        reader=row.reader,
        body=row.body,
        version=row.version,
        attempts=row.attempts,
        unsure_since=waited.unsure_since,
    )
