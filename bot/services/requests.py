"""Status requests: opened, reminded of, answered in time or late, missed (domain 3.6)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain.reference import row_id
from bot.domain.rest import rests_from
from bot.domain.wall_time import WorkingHours, local_date, next_working_instant
from bot.services import people, places, status
from bot.services.schedule import DueRule
from models.schemas.people import PersonCard
from models.schemas.project import Place, State
from models.schemas.schedule import OPEN_REQUEST, OccurrenceState, RuleKind, StatusAsk
from models.schemas.status import Health
from models.tables import Occurrence, Person, Project, StatusUpdate
from models.tables.unit import add_rows_once

WAIVING_STATES = (State.ON_HOLD, State.COMPLETED, State.CANCELLED)


@dataclass
class Moved:
    """Whom a tick concerns: who is asked now, and which messages name something that is over or not theirs."""

    to_ask: set[int] = field(default_factory=set)
    outdated: dict[int, set[date | None]] = field(default_factory=dict)
    """The days of the messages by person; None where no message named it, but the Home does."""

    def outdate(self, person_id: int, day: date | None) -> None:
        self.outdated.setdefault(person_id, set()).add(day)


def open_requests(session: Session, rules: Iterable[DueRule], *, now: datetime) -> None:
    """The requests of these rules, once for each local date; the tick that opens them also asks."""
    due = list(rules)
    found = places.by_ids(session, project_ids=[row_id(rule.place_ref.partition(":")[2]) or 0 for rule in due])
    add_rows_once(session, Occurrence, [_opened(rule, found[rule.place_ref], now) for rule in due])


def _opened(rule: DueRule, place: Place, now: datetime) -> dict[str, Any]:
    times = rule.times
    assert times is not None
    waived = is_waived(place, times.due_at)
    return {
        "rule_id": rule.id,
        "kind": RuleKind.STATUS_REQUEST.value,
        "project_id": place.id,
        "local_date": rule.day,
        "period": times.period,
        "state": (OccurrenceState.WAIVED if waived else OccurrenceState.OPEN).value,
        "person_id": place.owner.id,
        "open_at": times.open_at,
        "remind_at": times.remind_at,
        "due_at": times.due_at,
        "close_at": times.close_at,
        "next_step_at": None if waived else now,
    }


def is_waived(place: Place, due_at: datetime) -> bool:
    """What falls due while its project rests; what was due before is answered late, or missed."""
    rests = rests_from(place.state, place.on_hold_since, place.completed_on, place.owner.tz)
    return rests is not None and due_at > rests


def take_steps(session: Session, *, now: datetime) -> Moved:
    """Move on what is due: to its first ask, its reminder, to overdue, to missed, to a new owner."""
    moved = Moved()
    due = Occurrence.next_step_at <= now
    concerned = select(Occurrence.person_id, Project.owner_id).join(Project, Project.id == Occurrence.project_id)
    _lock_people(session, {person for pair in session.execute(concerned.where(due)) for person in pair})
    statement = select(Occurrence).where(due).order_by(Occurrence.next_step_at)
    rows = session.scalars(statement.with_for_update(skip_locked=True)).all()
    found = places.by_ids(session, project_ids={row.project_id for row in rows if row.project_id is not None})
    for row in rows:
        values = _step(row, found[f"project:{row.project_id}"], now, moved)
        session.execute(update(Occurrence).where(Occurrence.id == row.id).values(**values))
    return moved


def answer(session: Session, place: Place, update_id: int, *, now: datetime) -> list[int]:
    """A posted status answers the open request of its project. Returns whose messages change."""
    current = (Occurrence.project_id == place.id, Occurrence.state.in_(OPEN_REQUEST), Occurrence.close_at > now)
    _lock_people(session, set(session.scalars(select(Occurrence.person_id).where(*current))))
    touched = []
    for row in session.scalars(select(Occurrence).where(*current).with_for_update()).all():
        in_time = row.due_at is None or now <= row.due_at
        state = OccurrenceState.SUBMITTED if in_time else OccurrenceState.SUBMITTED_LATE
        session.execute(
            update(Occurrence)
            .where(Occurrence.id == row.id)
            .values(state=state.value, update_id=update_id, next_step_at=None)
        )
        if row.person_id is not None:
            touched.append(row.person_id)
    return touched


def name_today(session: Session, person_id: int, day: date) -> set[date | None] | None:
    """Note that the message of `day` names all that this person owes; None if it named all of it before.

    Returns the days whose messages named some of it until now (None for what no message named).
    """
    unnamed = (
        Occurrence.person_id == person_id,
        Occurrence.state.in_(OPEN_REQUEST),
        (Occurrence.asked_on != day) | Occurrence.asked_on.is_(None),
    )
    days = set(session.scalars(select(Occurrence.asked_on).where(*unnamed)))
    session.execute(update(Occurrence).where(*unnamed).values(asked_on=day))
    return days or None


def asks_of_day(session: Session, person_id: int, day: date) -> list[StatusAsk]:
    """All that the message of `day` names, answered or not, in the order of the message."""
    statement = select(Occurrence).where(Occurrence.person_id == person_id, Occurrence.asked_on == day)
    return _asks(session, session.scalars(statement).all())


def days_named(session: Session, person_id: int, project_id: int) -> set[date | None]:
    """The day whose message named this project last and may have to be changed."""
    statement = select(Occurrence.asked_on).where(
        Occurrence.person_id == person_id, Occurrence.project_id == project_id, Occurrence.asked_on.is_not(None)
    )
    return set(session.scalars(statement.order_by(Occurrence.open_at.desc()).limit(1)))


def lock_person(session: Session, person_id: int) -> PersonCard:
    """One at a time writes a person's daily message."""
    _lock_people(session, {person_id})
    people.forget(session)
    return people.cards(session, [person_id])[person_id]


def _lock_people(session: Session, ids: set[int | None]) -> None:
    """Always before their requests, and in one order, so that nobody waits in a circle."""
    locked = select(Person.id).where(Person.id.in_(ids)).order_by(Person.id)
    session.execute(locked.with_for_update(key_share=True))


def _step(row: Occurrence, place: Place, now: datetime, moved: Moved) -> dict[str, Any]:
    """What becomes of a request now. After downtime it may pass several steps at once; only the newest asks."""
    assert row.person_id is not None and row.due_at is not None and row.close_at is not None
    waived = is_waived(place, row.due_at)
    if waived or now >= row.close_at:
        moved.outdate(row.person_id, row.asked_on)
        over = OccurrenceState.WAIVED if waived else OccurrenceState.MISSED
        return {"state": over.value, "next_step_at": None}
    asked_on = row.asked_on if row.person_id == place.owner.id else None
    state = OccurrenceState.OVERDUE if now >= row.due_at else OccurrenceState.OPEN
    if state != row.state or asked_on is None:
        moved.outdate(row.person_id, row.asked_on)
        moved.outdate(place.owner.id, asked_on)
    ask_at = _ask_at(row, place.owner, asked_on, now)
    if ask_at == now:
        moved.to_ask.add(place.owner.id)
    coming = (moment for moment in (ask_at, row.remind_at, row.due_at, row.close_at) if moment and moment > now)
    return {"person_id": place.owner.id, "asked_on": asked_on, "state": state.value, "next_step_at": min(coming)}


def _ask_at(row: Occurrence, owner: PersonCard, asked_on: date | None, now: datetime) -> datetime | None:
    """The first ask, or the reminder where no message of the day named it: inside the owner's hours, else None."""
    remind = row.remind_at is not None and row.due_at is not None and row.remind_at <= now < row.due_at
    if asked_on is None or (remind and asked_on != local_date(now, owner.tz)):
        return next_working_instant(now, WorkingHours(owner.tz))
    return None


def _asks(session: Session, rows: Sequence[Occurrence]) -> list[StatusAsk]:
    """The worst project first, then the earliest date."""
    found = places.by_ids(session, project_ids={row.project_id for row in rows if row.project_id is not None})
    last = status.latest(session, [place.id for place in found.values()])
    asks = [_ask(row, found[f"project:{row.project_id}"], last.get(row.project_id or 0)) for row in rows]
    return sorted(asks, key=lambda ask: (ask.last_health is not Health.RED, ask.due_at, ask.id))


def _ask(row: Occurrence, place: Place, last: StatusUpdate | None) -> StatusAsk:
    assert row.due_at is not None
    return StatusAsk(
        id=row.id,
        place=place,
        person=place.owner,
        period=row.period,
        due_at=row.due_at,
        last_health=Health(last.health) if last else None,
        last_posted_on=local_date(last.posted_at, place.owner.tz) if last else None,
        state=OccurrenceState(row.state),
    )
