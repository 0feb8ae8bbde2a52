"""Pause, dry run, and kinds of message that are off: asked before anything is sent for a program."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from models.schemas.switches import MessageKind, Switch
from models.tables import Person, Program

ON = Switch()


def of_programs(session: Session, program_ids: Iterable[int | None], *, now: datetime) -> dict[int | None, Switch]:
    """Of each of these programs; what belongs to no program, under None, is always sent."""
    found: dict[int | None, Switch] = dict.fromkeys({*program_ids, None}, ON)
    ids = [program for program in found if program is not None]
    if ids:
        rows = select(Program, Person.slack_id).outerjoin(Person, Person.id == Program.dry_run_by_id)
        for program, slack_id in session.execute(rows.where(Program.id.in_(ids))):
            found[program.id] = _switch(program, slack_id, now)
    return found


def of_program(session: Session, program_id: int | None, *, now: datetime) -> Switch:
    return of_programs(session, [program_id], now=now)[program_id]


def _switch(program: Program, dry_run_to: str | None, now: datetime) -> Switch:
    until = program.paused_until
    return Switch(
        is_paused=program.paused_at is not None and (until is None or local_date(now, program.tz) < until),
        muted=frozenset(MessageKind(word) for word in program.muted if word in set(MessageKind)),
        dry_run_to=dry_run_to,
    )
