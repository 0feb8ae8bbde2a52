"""The rounds of check-ins by the clock: opened once for each date, each person asked at their hour, closed."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update
from sqlalchemy.orm import Session

from bot.domain.checkin import Move, ask_or_wait
from bot.domain.reach import Reach
from bot.services import calendars, people, switches
from bot.services.due import NOW, due_among
from models.schemas.checkin import AnswerState
from models.schemas.switches import MessageKind, Switch
from models.tables import Checkin, CheckinAnswer, CheckinRound

_CHECKIN, _ROUND = Checkin.__table__, CheckinRound.__table__
workspaces_due = due_among((_CHECKIN, _CHECKIN.c.next_step_at <= NOW), (_ROUND, _ROUND.c.next_step_at <= NOW))

OPEN, CLOSED = "open", "closed"
PENDING = (AnswerState.WAITING, AnswerState.SENT)
MOST_AT_ONCE = 100


@dataclass
class Moved:
    """What a tick did: whom it asked, whose ask is over, which rounds show something else now."""

    asked: set[int] = field(default_factory=set)
    over: set[int] = field(default_factory=set)
    changed: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)


def next_step(session: Session, *, serves: Collection[int], now: datetime | None = None) -> datetime | None:
    """The next instant at which the clock has something to do in these workspaces."""
    found = [
        session.scalar(select(func.min(table.next_step_at)).where(table.workspace_id.in_(serves)))
        for table in (Checkin, CheckinRound)
    ]
    return min((moment for moment in found if moment is not None), default=None)


def close_now(session: Session, checkin_id: int, *, now: datetime) -> Moved:
    """Its open rounds close as they stand: it was ended."""
    standing = CheckinRound.checkin_id == checkin_id, CheckinRound.state == OPEN
    ends = update(CheckinRound).where(*standing).values(closes_at=now, next_step_at=now)
    session.execute(ends, execution_options={"synchronize_session": False})
    pending = CheckinAnswer.checkin_id == checkin_id, CheckinAnswer.state.in_(PENDING), CheckinAnswer.close_at > now
    ends = update(CheckinAnswer).where(*pending).values(close_at=now)
    session.execute(ends, execution_options={"synchronize_session": False})
    session.expire_all()
    return take_steps(session, now=now, only=checkin_id)


def take_steps(session: Session, *, now: datetime, only: int | None = None) -> Moved:
    """Everybody whose hour has come is asked, who did not answer in their time has missed it, rounds close."""
    due = select(CheckinRound).where(CheckinRound.next_step_at <= now)
    due = due.where(CheckinRound.checkin_id == only) if only is not None else due
    rounds = session.scalars(due.order_by(CheckinRound.id).limit(MOST_AT_ONCE).with_for_update(skip_locked=True)).all()
    moved = Moved()
    if not rounds:
        return moved
    pending = _pending(session, [row.id for row in rounds])
    sends = _switches(session, rounds, now)
    hour_has_come = {row.person_id for rows in pending.values() for row in rows if _is_due(row, now)}
    reaches = calendars.reaches(session, _still_here(session, hour_has_come), now=now)
    moves: dict[int, Move] = {}
    for each in rounds:
        found = {row.id: _move(row, reaches, sends[each.checkin_id], now) for row in pending[each.id]}
        moves |= {row.id: found[row.id] for row in pending[each.id] if found[row.id] != _as_it_is(row)}
        _note(each, pending[each.id], found, moved)
        _step(session, each, list(found.values()), moved, now)
    _apply(session, moves)
    session.expire_all()
    return moved


def _pending(session: Session, round_ids: Sequence[int]) -> dict[int, list[Row[Any]]]:
    columns = ("id", "round_id", "person_id", "state", "ask_at", "close_at")
    statement = select(*(getattr(CheckinAnswer, name) for name in columns)).where(
        CheckinAnswer.round_id.in_(round_ids), CheckinAnswer.state.in_(PENDING)
    )
    found: dict[int, list[Row[Any]]] = {round_id: [] for round_id in round_ids}
    for row in session.execute(statement.with_for_update()):
        found[row.round_id].append(row)
    return found


def _switches(session: Session, rounds: Sequence[CheckinRound], now: datetime) -> dict[int, Switch]:
    """By check-in."""
    ids = {row.checkin_id for row in rounds}
    programs = dict(session.execute(select(Checkin.id, Checkin.program_id).where(Checkin.id.in_(ids))).all())
    found = switches.of_programs(session, programs.values(), now=now)
    return {checkin: found[program] for checkin, program in programs.items()}


def _still_here(session: Session, person_ids: Iterable[int]) -> list[int]:
    return [person.id for person in people.cards(session, person_ids).values() if not person.deleted]


def _is_due(row: Row[Any], now: datetime) -> bool:
    return bool(row.state == AnswerState.WAITING and row.ask_at <= now)


def _as_it_is(row: Row[Any]) -> Move:
    return Move(AnswerState(row.state), row.ask_at, row.close_at)


def _move(row: Row[Any], reaches: Mapping[int, Reach], switch: Switch, now: datetime) -> Move:
    """What was off, or shown to somebody else to try it, was not missed."""
    off = not switch.sends(MessageKind.CHECK_INS)
    if row.state == AnswerState.SENT and row.close_at <= now:
        never_asked = off or switch.dry_run_to is not None
        return Move(AnswerState.AWAY if never_asked else AnswerState.MISSED, row.ask_at, row.close_at)
    if not _is_due(row, now):
        return _as_it_is(row)
    return ask_or_wait(row.ask_at, row.close_at, None if off else reaches.get(row.person_id), now)


def _note(each: CheckinRound, rows: Sequence[Row[Any]], found: Mapping[int, Move], moved: Moved) -> None:
    for row in rows:
        state = found[row.id].state
        if state == row.state:
            continue
        if state is AnswerState.SENT:
            moved.asked.add(row.person_id)
        if row.state == AnswerState.SENT:
            moved.over.add(row.person_id)
        if state is AnswerState.AWAY or (state is AnswerState.SENT and each.version == 0):
            moved.changed.add(each.id)


def _step(session: Session, each: CheckinRound, moves: Sequence[Move], moved: Moved, now: datetime) -> None:
    """When the round is looked at next. Its first version is the one with which somebody is asked."""
    closes_at = max([each.closes_at, *(move.close_at for move in moves)])
    is_over = closes_at <= now
    if is_over and each.version:
        moved.closed.add(each.id)
    stands = each.version > 0 or any(move.state is AnswerState.SENT for move in moves)
    if not stands:
        moved.changed.discard(each.id)
    coming = [move.ask_at for move in moves if move.state is AnswerState.WAITING]
    coming += [move.close_at for move in moves if move.state is AnswerState.SENT]
    values: dict[str, Any] = {
        "closes_at": closes_at,
        "state": CLOSED if is_over else OPEN,
        "next_step_at": None if is_over else min([*coming, closes_at]),
        "version": each.version + (each.id in moved.changed | moved.closed),
    }
    session.execute(update(CheckinRound).where(CheckinRound.id == each.id).values(**values))


def _apply(session: Session, moves: Mapping[int, Move]) -> None:
    """One statement for each state; who waits longer gets a time of their own."""
    by_state: defaultdict[AnswerState, list[int]] = defaultdict(list)
    for answer_id, move in moves.items():
        by_state[move.state].append(answer_id)
        if move.state is AnswerState.WAITING:
            values = {"ask_at": move.ask_at, "close_at": move.close_at}
            session.execute(update(CheckinAnswer).where(CheckinAnswer.id == answer_id).values(**values))
    for state, ids in by_state.items():
        change = update(CheckinAnswer).where(CheckinAnswer.id.in_(ids)).values(state=state.value)
        session.execute(change, execution_options={"synchronize_session": False})
