"""When a program's records are looked at next for what nobody answers."""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, exists, func, insert, literal, select, update
from sqlalchemy.orm import Session

from bot.services.due import NOW, due_among
from models.tables import Escalation, Program, Watch
from models.tables.ready import Ready
from models.tables.unit import THIS_WORKSPACE, add_row_once, run_later

AT_ONCE = 50
"""Programs that are looked at in one go."""
LEASE = timedelta(minutes=2)

_WATCH = Watch.__table__
workspaces_due = due_among((_WATCH, _WATCH.c.next_look_at <= NOW))


_SOON = bindparam("soon", type_=_WATCH.c.next_look_at.type)
_SOONER = Ready(
    update(Watch)
    .where(
        _WATCH.c.workspace_id == THIS_WORKSPACE,
        _WATCH.c.program_id == bindparam("program"),
        _WATCH.c.next_look_at > _SOON,
    )
    .values(next_look_at=_SOON)
)

_PROGRAM = Program.__table__
_UNWATCHED = select(_PROGRAM.c.workspace_id, _PROGRAM.c.id).where(
    ~exists().where(_WATCH.c.workspace_id == _PROGRAM.c.workspace_id, _WATCH.c.program_id == _PROGRAM.c.id)
)


def look_soon(session: Session, program_id: int | None, *, at: datetime) -> None:
    """Something of this program escalates at this instant, if not before."""
    if program_id is not None:
        run_later(session, _SOONER, program=program_id, soon=at)


def look_at_record(session: Session, kind: str, record_id: int, *, now: datetime) -> None:
    """This record was changed: what of it has escalated may have found its end."""
    concerned = select(Escalation.program_id).where(
        Escalation.kind == kind, Escalation.record_id == record_id, Escalation.resolved_at.is_(None)
    )
    sooner = update(Watch).where(Watch.program_id.in_(concerned), Watch.next_look_at > now)
    session.execute(sooner.values(next_look_at=now), execution_options={"synchronize_session": False})


def begin(session: Session, program_id: int, *, now: datetime) -> None:
    add_row_once(session, Watch, program_id=program_id, next_look_at=now)


def is_complete(connection: Connection) -> bool:
    return connection.execute(_UNWATCHED.limit(1)).first() is None


def begin_missing(session: Session, *, serves: Collection[int], now: datetime) -> None:
    """Programs that were here before escalations were. Across workspaces."""
    missing = _UNWATCHED.where(_PROGRAM.c.workspace_id.in_(serves))
    found = missing.add_columns(literal(now, Watch.next_look_at.type), literal(False))
    columns = ["workspace_id", "program_id", "next_look_at", "was_quiet"]
    session.execute(insert(Watch).from_select(columns, found))


def next_look(session: Session, *, serves: Collection[int], now: datetime | None = None) -> datetime | None:
    return session.scalar(select(func.min(Watch.next_look_at)).where(Watch.workspace_id.in_(serves)))


def take_due(session: Session, *, now: datetime, most: int = AT_ONCE) -> dict[int, bool]:
    """Claim the programs whose time has come; each with whether nothing was sent for it last time.

    Whoever changes a record waits for this row a moment at most: it is not held while the program is looked at. A look
    that fails, or whose process is killed, is repeated when its lease ends.
    """
    due = select(Watch).where(Watch.next_look_at <= now).order_by(Watch.next_look_at).limit(most)
    rows = session.scalars(due.with_for_update(skip_locked=True)).all()
    claimed = update(Watch).where(Watch.id.in_([row.id for row in rows])).values(next_look_at=now + LEASE)
    session.execute(claimed, execution_options={"synchronize_session": False})
    return {row.program_id: row.was_quiet for row in rows}


def look_again(session: Session, program_id: int, *, at: datetime, is_quiet: bool, now: datetime) -> None:
    """The last act of a look. Where a record was changed meanwhile, the next look follows at once."""
    ours = update(Watch).where(Watch.program_id == program_id, Watch.next_look_at == now + LEASE)
    session.execute(ours.values(next_look_at=at, was_quiet=is_quiet), execution_options={"synchronize_session": False})
