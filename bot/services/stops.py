"""Targets that were stopped: what they hold back, the one message that tries again, and how they are lifted."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, case, delete, func, null, select, true, tuple_, update
from sqlalchemy.orm import Session

from bot.domain import stops as rules
from bot.domain.stops import DIRECT, EVERYTHING, HOME, SEEN_BY_ONE, Meaning, meaning_of
from bot.services.delivery import NO_PLACE, NO_THREAD, STILL_NEWS
from models.schemas.delivery import Claim, Operation, OutboxState
from models.schemas.unsent import Lifted, Stop
from models.tables import Outbox, Person, StoppedTarget
from models.tables.unit import add_row_once

TOO_OLD = "too_old"
"""Kept as the reason of what waited until it was no news any more."""
NEWS = (Operation.POST, Operation.PICTURE, Operation.EXPORT)
"""What says something anew; an edit of what stands there is late at any time, and disturbs nobody."""
_UNSYNCED = {"synchronize_session": False}


def of_claims(session: Session, claims: Sequence[Claim]) -> dict[int, Stop]:
    """By claim what holds it, of those that have to wait; one statement. For a unit across workspaces."""
    wanted = {(claim.workspace_id, key) for claim in claims for key in rules.holders(claim.operation, claim.target)}
    if not wanted:
        return {}
    key = tuple_(StoppedTarget.workspace_id, StoppedTarget.target)
    rows = session.scalars(select(StoppedTarget).where(key.in_(sorted(wanted))))
    found = {(row.workspace_id, row.target): _stop(row) for row in rows}
    if not found:
        return {}
    held = {}
    for claim in claims:
        keys = rules.holders(claim.operation, claim.target)
        stops = [found[claim.workspace_id, key] for key in keys if (claim.workspace_id, key) in found]
        holding = [stop for stop in stops if rules.holds(stop.error, claim.operation, stop.target)]
        if holding:
            held[claim.id] = max(holding, key=lambda stop: stop.probe_at)
    return held


def take_probe(session: Session, stop: Stop, *, now: datetime) -> datetime | None:
    """Whoever gets it tries with one message; the others look again then. None: somebody else was faster."""
    again_at = rules.next_probe(stop.target, stop.probes + 1, now)
    mine = update(StoppedTarget).where(
        StoppedTarget.workspace_id == stop.workspace_id, StoppedTarget.id == stop.id, StoppedTarget.probe_at <= now
    )
    taken = mine.values(probe_at=again_at, probes=StoppedTarget.probes + 1).returning(StoppedTarget.id)
    if session.execute(taken, execution_options=_UNSYNCED).scalar_one_or_none() is None:
        return None
    _park(session, stop, until=again_at)
    return again_at


def hold_back(session: Session, claims: Sequence[Claim], stop: Stop, *, until: datetime) -> list[Claim]:
    """Claimed, and not tried: an attempt that was none. Returns those that wait for it for the first time."""
    mine = (Outbox.id.in_([claim.id for claim in claims]), Outbox.workspace_id == stop.workspace_id)
    held = update(Outbox).where(*mine, Outbox.state == OutboxState.CLAIMED)
    never_left: Any = Outbox.id.in_([claim.id for claim in claims if claim.unsure_since is None])
    unsure_since = case((never_left, null()), else_=Outbox.claimed_at)
    values = {
        "state": OutboxState.QUEUED,
        "due_at": until,
        "attempts": Outbox.attempts - 1,
        "claimed_at": unsure_since,
    }
    session.execute(held.values(**values), execution_options=_UNSYNCED)
    new = update(Outbox).where(*mine, Outbox.error.is_distinct_from(stop.error)).values(error=stop.error)
    ids = set(session.scalars(new.returning(Outbox.id), execution_options=_UNSYNCED))
    return [claim for claim in claims if claim.id in ids]


def wait_until(session: Session, claim: Claim, at: datetime) -> None:
    session.execute(update(Outbox).where(Outbox.id == claim.id).values(due_at=at), execution_options=_UNSYNCED)


def stop(session: Session, target: str, error: str, *, now: datetime) -> tuple[Stop, bool]:
    """From now on all that is said there waits. True: it was not stopped before, or for another reason."""
    first = rules.next_probe(target, 0, now)
    values = {"error": error, "since": now, "probe_at": first, "probes": 0}
    is_new = add_row_once(session, StoppedTarget, target=target, **values) is not None
    row = session.scalars(select(StoppedTarget).where(StoppedTarget.target == target).with_for_update()).one()
    is_other = not rules.is_same(row.error, error)
    if is_other:
        row.error = error
        session.flush()
    if is_new and rules.is_person(target):  # their direct message may be another one when they come back
        session.execute(update(Person).where(Person.slack_id == target).values(dm_channel=None))
    if is_new:
        _park(session, _stop(row), until=first)
    return _stop(row), is_new or is_other


def note_told(session: Session, stop: Stop, person_id: int, *, now: datetime) -> None:
    """A lead was told of it."""
    row = update(StoppedTarget).where(StoppedTarget.id == stop.id)
    session.execute(row.values(told_at=func.coalesce(StoppedTarget.told_at, now), told_id=person_id))


def lift(session: Session, target: str, *, now: datetime) -> Lifted:
    """It can be said again: what is still news leaves now, in order, each message in its newest words."""
    row = session.scalars(select(StoppedTarget).where(StoppedTarget.target == target)).one_or_none()
    stopped = _stop(row) if row is not None else None
    said = too_old = 0
    if stopped is not None:
        session.execute(delete(StoppedTarget).where(StoppedTarget.id == stopped.id))
        too_old = 0 if meaning_of(stopped.error) is Meaning.APP else _give_up_old(session, stopped, now)
        said = _release(session, stopped, now)
    said += try_failed_again(session, target, now=now, only=_cured(stopped))
    session.info["queued"] = True
    return Lifted(stop=stopped, said=said, too_old=too_old)


def probe_now(session: Session, target: str, *, now: datetime) -> Lifted | None:
    """Somebody may have mended it: one message tries now. Where none waits that could, it counts as mended, and what
    comes next finds out."""
    due = update(StoppedTarget).where(StoppedTarget.target == target).values(probe_at=now)
    found = session.scalars(due.returning(StoppedTarget.id), execution_options=_UNSYNCED).one_or_none()
    row = session.get(StoppedTarget, found, populate_existing=True) if found is not None else None
    if row is None:
        return None
    session.info["queued"] = True
    stopped = _stop(row)
    if _release(session, stopped, now) or meaning_of(row.error) is Meaning.APP:
        return None
    session.execute(delete(StoppedTarget).where(StoppedTarget.id == stopped.id))
    return Lifted(stop=stopped, said=0, too_old=0)


def not_tried(session: Session, target: str, *, now: datetime) -> None:
    """The message that was to try waits for its own time, or is not said any more: the next one tries."""
    row = session.scalars(select(StoppedTarget).where(StoppedTarget.target == target)).one_or_none()
    if row is None:
        return
    row.probe_at = now
    waiting = (*_held(_stop(row)), Outbox.state == OutboxState.QUEUED)
    soon = select(Outbox.id).where(*waiting, Outbox.due_at <= now + rules.FEW_MINUTES).limit(1)
    if session.scalar(soon) is None:
        first = session.scalar(select(func.min(Outbox.id)).where(*waiting))
        session.execute(update(Outbox).where(Outbox.id == first).values(due_at=now), execution_options=_UNSYNCED)


def try_failed_again(session: Session, target: str, *, now: datetime, only: Iterable[str] | None = None) -> int:
    """What was given up there within the last week, each message in its newest words. `only`: for these reasons."""
    failed = (Outbox.target == target, Outbox.state == OutboxState.FAILED, Outbox.created_at > now - STILL_NEWS)
    unsaid = select(func.max(Outbox.id)).where(*failed)
    if only is not None:
        unsaid = unsaid.where(Outbox.error.in_(list(only)))
    newest = session.scalars(unsaid.group_by(Outbox.message_key)).all()
    again = update(Outbox).where(Outbox.id.in_(newest))
    values = {"state": OutboxState.QUEUED, "due_at": now, "attempts": 0, "error": None}
    session.execute(again.values(**values), execution_options=_UNSYNCED)
    return len(newest)


def find(session: Session, target: str) -> Stop | None:
    row = session.scalars(select(StoppedTarget).where(StoppedTarget.target == target)).one_or_none()
    return _stop(row) if row is not None else None


def all_of(session: Session) -> list[Stop]:
    """The widest first, then the oldest."""
    found = [_stop(row) for row in session.scalars(select(StoppedTarget))]
    return sorted(found, key=lambda stop: (not stop.target.startswith(EVERYTHING), stop.since, stop.id))


def waiting_for(session: Session, stop: Stop) -> int:
    """How much waits because of it."""
    held = select(func.count(Outbox.id)).where(*_held(stop), Outbox.state == OutboxState.QUEUED)
    return session.scalar(held) or 0


def _cured(stopped: Stop | None) -> tuple[str, ...]:
    """What an older version gave up for the reason that is mended now, and what waited for its thread there."""
    return (*NO_PLACE, NO_THREAD, *((stopped.error,) if stopped else ()))


def _give_up_old(session: Session, stop: Stop, now: datetime) -> int:
    old = update(Outbox).where(
        *_held(stop),
        Outbox.state == OutboxState.QUEUED,
        Outbox.operation.in_(NEWS),
        Outbox.created_at <= now - STILL_NEWS,
    )
    values = {"state": OutboxState.SUPERSEDED, "body": {}, "error": TOO_OLD, "due_at": now}
    given_up = session.scalars(old.values(**values).returning(Outbox.id), execution_options=_UNSYNCED)
    return len(given_up.all())


def _release(session: Session, stop: Stop, now: datetime) -> int:
    waiting = update(Outbox).where(*_held(stop), Outbox.state == OutboxState.QUEUED, Outbox.due_at > now)
    session.execute(waiting.values(due_at=now, error=None), execution_options=_UNSYNCED)
    return waiting_for(session, stop)


def _park(session: Session, stop: Stop, *, until: datetime) -> None:
    """Of a channel only what was claimed once: of the rest somebody may have to be told directly."""
    seen = true() if stop.target.startswith(EVERYTHING) else Outbox.error.is_not(None)
    early = update(Outbox).where(
        Outbox.workspace_id == stop.workspace_id,
        *_held(stop),
        seen,
        Outbox.state == OutboxState.QUEUED,
        Outbox.due_at < until,
    )
    session.execute(early.values(due_at=until), execution_options=_UNSYNCED)


def _held(stop: Stop) -> tuple[ColumnElement[bool], ...]:
    """The rows that wait for it, as `rules.holders` says of one."""
    is_person: Any = func.substr(Outbox.target, 1, 1).in_(("U", "W"))
    if stop.target == EVERYTHING:
        return (true(),)
    if stop.target == DIRECT:
        return is_person, Outbox.operation.not_in((HOME, SEEN_BY_ONE))
    if stop.target.startswith(EVERYTHING):
        _, operation, kind = stop.target.split(":")
        return Outbox.operation == operation, is_person if kind == "person" else ~is_person
    besides = (SEEN_BY_ONE,) if stop.error in rules.GONE else (SEEN_BY_ONE, HOME)
    return Outbox.target == stop.target, Outbox.operation.not_in(besides)


def _stop(row: StoppedTarget) -> Stop:
    return Stop(
        id=row.id,
        workspace_id=row.workspace_id,
        target=row.target,
        error=row.error,
        since=row.since,
        told_id=row.told_id,
        probe_at=row.probe_at,
        probes=row.probes,
    )
