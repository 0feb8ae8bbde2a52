"""Pause, dry run, and kinds of message that are off: asked before anything is sent for a program."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, exists, or_, select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import Attempt, NotFound, Refused, UserError
from bot.services import people, places
from bot.services.history import record_change
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.schemas.roles import Role
from models.schemas.switches import MessageKind, Pause, PausedProgram, Switch, Switches
from models.tables import History, Person, Program, Project
from models.tables.unit import THIS_WORKSPACE, fetch

KIND = PlaceKind.PROGRAM.value
ON = Switch()

_PROGRAM, _PROJECT = Program.__table__, Project.__table__
_ME = bindparam("me", type_=Program.__table__.c.id.type)
_OWNS_IN_IT = exists().where(
    _PROJECT.c.workspace_id == THIS_WORKSPACE,
    _PROJECT.c.program_id == _PROGRAM.c.id,
    or_(_PROJECT.c.owner_id == _ME, _PROJECT.c.backup_id == _ME),
)
_PAUSED = select(_PROGRAM.c.name, _PROGRAM.c.tz, _PROGRAM.c.paused_until).where(
    _PROGRAM.c.workspace_id == THIS_WORKSPACE,
    _PROGRAM.c.paused_at.is_not(None),
    or_(_PROGRAM.c.manager_id == _ME, _PROGRAM.c.sponsor_id == _ME, _OWNS_IN_IT),
)


def of_programs(session: Session, program_ids: Iterable[int | None], *, now: datetime) -> dict[int | None, Switch]:
    """Of each of these programs; what belongs to no program, under None, is always sent."""
    found: dict[int | None, Switch] = dict.fromkeys({*program_ids, None}, ON)
    ids = [program for program in found if program is not None]
    if ids:
        rows = select(Program, Person.slack_id).outerjoin(Person, Person.id == Program.dry_run_by_id)
        for program, slack_id in session.execute(rows.where(Program.id.in_(ids))):
            found[program.id] = _switch(program, slack_id, now)
    return found


@dataclass(frozen=True)
class Timeline:
    """How a program's switches stand at any instant from now on: a pause ends by itself on its day."""

    now: Switch
    until: date | None
    zone: str

    def at(self, moment: datetime) -> Switch:
        if self.now.is_paused and not _is_before(self.until, self.zone, moment):
            return self.now.model_copy(update={"is_paused": False})
        return self.now


ALWAYS_ON = Timeline(ON, None, "UTC")


def timelines(session: Session, program_ids: Iterable[int | None], *, now: datetime) -> dict[int | None, Timeline]:
    """Of each of these programs, and under None of what belongs to none."""
    ids = {program for program in program_ids if program is not None}
    found = of_programs(session, ids, now=now)
    rows = session.execute(select(Program.id, Program.paused_until, Program.tz).where(Program.id.in_(ids)))
    return {None: ALWAYS_ON} | {row.id: Timeline(found[row.id], row.paused_until, row.tz) for row in rows}


def of_program(session: Session, program_id: int | None, *, now: datetime) -> Switch:
    return of_programs(session, [program_id], now=now)[program_id]


def paused_for(session: Session, person: PersonCard, *, now: datetime) -> list[PausedProgram]:
    """Paused programs that this person answers for, as a whole or with a project."""
    rows = fetch(session, _PAUSED.order_by(_PROGRAM.c.name), me=person.id)
    return [
        PausedProgram(name=row.name, until=row.paused_until)
        for row in rows
        if _is_before(row.paused_until, row.tz, now)
    ]


def board(session: Session, program: Place, by: Standing, *, now: datetime) -> Switches:
    """How they stand, for somebody who may change them. Raises NotFound or Refused for others."""
    require_may_switch(session, program, by)
    row = session.get_one(Program, program.id, populate_existing=True)
    return Switches(
        program=program,
        today=local_date(now, program.tz),
        pause=_pause_of(session, row) if _is_paused(row, now) else None,
        muted=_muted(row),
        dry_run_by=people.cards(session, [row.dry_run_by_id]).get(row.dry_run_by_id or 0),
    )


def require_may_switch(session: Session, program: Place, by: Standing) -> None:
    held, attempt = policy.roles(by, program), Attempt(KIND, program.id, "switch")
    if Role.OUTSIDER in held or program.kind is not PlaceKind.PROGRAM:
        raise NotFound("this program", attempt=attempt)
    allowed = policy.allowed("program.switch")
    if not held & allowed:
        cards = people.cards(session, (program.manager_id, program.sponsor_id))
        named = {Role.MANAGER: program.manager_id, Role.SPONSOR: program.sponsor_id}
        names = {role: [cards[person].handle] for role, person in named.items() if person in cards}
        who = policy.who_may(allowed, program, names)
        raise Refused(
            f"You cannot change what is sent for {program.name}", f"{who[0].upper()}{who[1:]} can.", attempt=attempt
        )


def pause(
    session: Session, program: Place, by: Standing, *, until: date | None, reason: str | None, now: datetime
) -> Switches:
    """Nothing is sent for it from now on. Paused already, its date and its reason are what is changed."""
    if until is not None and until <= local_date(now, program.tz):
        raise UserError("Choose the day on which it goes on: tomorrow or later.", field="until")
    row = _held(session, program, by)
    since = row.paused_at if _is_paused(row, now) else now
    return _changed(session, row, program, by, reason=reason, now=now, paused_at=since, paused_until=until)


def resume(session: Session, program: Place, by: Standing, *, now: datetime) -> Switches:
    """What fell due meanwhile is not made up for: each job asks for what is due now, once."""
    row = _held(session, program, by)
    return _changed(session, row, program, by, now=now, paused_at=None, paused_until=None)


def dry_run(session: Session, program: Place, by: Standing, *, is_on: bool, now: datetime) -> Switches:
    """On: everything goes to whoever turned it on."""
    if is_on and by.person.slack_id is None:
        raise UserError("I cannot write to you.")
    row = _held(session, program, by)
    return _changed(session, row, program, by, now=now, dry_run_by_id=by.person.id if is_on else None)


def turn(session: Session, program: Place, by: Standing, kind: MessageKind, *, is_on: bool, now: datetime) -> Switches:
    row = _held(session, program, by)
    muted = _muted(row) - {kind} if is_on else _muted(row) | {kind}
    return _changed(session, row, program, by, now=now, muted=[each.value for each in MessageKind if each in muted])


def everybody(session: Session, program: Place) -> list[str]:
    """Slack ids of those who answer for it or for a project of it."""
    rows = session.execute(select(Project.owner_id, Project.backup_id).where(Project.program_id == program.id))
    ids = {*program.people, *(person for row in rows for person in row if person is not None)}
    cards = people.cards(session, ids)
    return sorted(card.slack_id for card in cards.values() if card.slack_id)


def _held(session: Session, program: Place, by: Standing) -> Program:
    """Until this unit ends nobody else switches it."""
    require_may_switch(session, program, by)
    return session.get_one(Program, program.id, with_for_update=True, populate_existing=True)


def _changed(
    session: Session,
    row: Program,
    program: Place,
    by: Standing,
    *,
    now: datetime,
    reason: str | None = None,
    **values: Any,
) -> Switches:
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        record_change(
            session,
            KIND,
            row.id,
            at=now,
            actor_id=by.person.id,
            field=name,
            old=getattr(row, name),
            new=value,
            reason=reason,
        )
    if reason and not changed:
        record_change(session, KIND, row.id, at=now, actor_id=by.person.id, field="paused_reason", reason=reason)
    if changed:
        session.execute(update(Program).where(Program.id == row.id).values(**changed))
    return board(session, places.get(session, program.ref), by, now=now)


def _pause_of(session: Session, row: Program) -> Pause:
    assert row.paused_at is not None
    said = select(History).where(
        History.kind == KIND,
        History.record_id == row.id,
        History.field.in_(("paused_at", "paused_until", "paused_reason")),
        History.at >= row.paused_at,
    )
    acts = session.scalars(said.order_by(History.at.desc(), History.id.desc())).all()
    actor = acts[-1].actor_id if acts else None
    return Pause(
        since=row.paused_at,
        until=row.paused_until,
        by=people.cards(session, [actor]).get(actor or 0),
        reason=next((act.reason for act in acts if act.reason), None),
    )


def _switch(program: Program, dry_run_to: str | None, now: datetime) -> Switch:
    return Switch(is_paused=_is_paused(program, now), muted=_muted(program), dry_run_to=dry_run_to)


def _is_paused(row: Program, now: datetime) -> bool:
    return row.paused_at is not None and _is_before(row.paused_until, row.tz, now)


def _is_before(until: date | None, zone: str, now: datetime) -> bool:
    return until is None or local_date(now, zone) < until


def _muted(row: Program) -> frozenset[MessageKind]:
    return frozenset(MessageKind(word) for word in row.muted if word in set(MessageKind))
