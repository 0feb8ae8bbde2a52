"""A project's target date: how it is moved, and every move that it made. The first baseline stays for ever."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import people
from bot.services.history import record_change
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.slips import Ledger, Move, Slips
from models.tables import History, Project

FIELD, BASELINE = "target_on", "baseline_on"


def lock(session: Session, project_id: int) -> Project:
    """The project as it is now; whoever else posts its status or moves its date waits."""
    statement = select(Project).where(Project.id == project_id).with_for_update()
    return session.scalars(statement, execution_options={"populate_existing": True}).one()


def move(session: Session, project: Project, new: date, *, reason: str | None, by: PersonCard, now: datetime) -> None:
    """The project is locked. Its first date is its baseline."""
    values = {FIELD: new} | missing_baseline(project, new)
    for field, value in values.items():
        record_change(
            session,
            "project",
            project.id,
            at=now,
            actor_id=by.id,
            field=field,
            old=getattr(project, field),
            new=value,
            reason=reason if field == FIELD else None,
        )
    session.execute(update(Project).where(Project.id == project.id).values(**values))


def missing_baseline(project: Project, new: date | None) -> dict[str, date]:
    """The baseline, where there is none yet: the date that it had, else the one that it gets."""
    first = project.target_on or new
    return {BASELINE: first} if project.baseline_on is None and first is not None else {}


def of_place(session: Session, place: Place, *, at: datetime | None = None) -> Slips:
    """As they are, or as they were at an instant."""
    changes = session.scalars(
        select(History)
        .where(History.kind == "project", History.record_id == place.id, History.field == FIELD)
        .order_by(History.at, History.id)
    ).all()
    known = [change for change in changes if at is None or change.at <= at]
    later = [change for change in changes if at is not None and change.at > at]
    target = _date(later[0].old) if later else place.target_on
    baseline = place.baseline_on if target else None
    who = people.cards(session, (change.actor_id for change in known))
    moves = [found for change in known if (found := _move(change, place.tz, who.get(change.actor_id or 0)))]
    set_on = next((local_date(change.at, place.tz) for change in known if change.old is None), None)
    return Slips(
        baseline_on=baseline,
        baseline_set_on=set_on,
        target_on=target,
        moves=list(_without_gaps(baseline, moves, target)),
    )


def ledger(session: Session, place: Place) -> Ledger:
    slips = of_place(session, place)
    if slips.baseline_set_on is None and slips.baseline_on is not None:
        created_at = session.scalars(select(Project.created_at).where(Project.id == place.id)).one()
        slips = slips.model_copy(update={"baseline_set_on": local_date(created_at, place.tz)})
    return Ledger(ref=place.ref, name=place.name, slips=slips)


def _move(change: History, zone: str, by: PersonCard | None) -> Move | None:
    old, new = _date(change.old), _date(change.new)
    if old is None or new is None:
        return None
    return Move(on=local_date(change.at, zone), old=old, new=new, reason=change.reason, by=by)


def _without_gaps(baseline: date | None, moves: Iterable[Move], target: date | None) -> Iterable[Move]:
    """A move of which no history tells is one all the same: the dates before and after show it."""
    present = baseline
    for move in moves:
        if present is not None and present != move.old:
            yield Move(on=None, old=present, new=move.old, reason=None, by=None)
        yield move
        present = move.new
    if present is not None and target is not None and present != target:
        yield Move(on=None, old=present, new=target, reason=None, by=None)


def _date(value: object) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else None
