"""What the clock will do next, so that everything can be seen before it happens."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import people, places
from models.schemas.delivery import OutboxState
from models.schemas.schedule import OPEN_REQUEST, RuleKind, Step, Upcoming
from models.tables import Occurrence, Outbox, Person, ScheduleRule

MOST = 50
PACED = timedelta(minutes=1)
"""Slack takes one message a second and channel: those that only wait for their turn are no event of their own."""


def upcoming(session: Session, *, now: datetime, most: int = MOST) -> list[Upcoming]:
    """The soonest first: the next date of each rule, the next step of each open request, and held messages."""
    found = [*_rules(session, most), *_requests(session, now, most), *_held(session, now, most)]
    return sorted(found, key=lambda event: (event.at, event.step))[:most]


def _rules(session: Session, most: int) -> Iterator[Upcoming]:
    dated = select(ScheduleRule).where(ScheduleRule.next_due_at.is_not(None))
    rows = session.scalars(dated.order_by(ScheduleRule.next_due_at).limit(most)).all()
    found = places.of_rows(session, rows)
    for row in rows:
        place = found.get(places.ref_of(row))
        asks = row.kind == RuleKind.STATUS_REQUEST
        assert row.next_due_at is not None
        yield Upcoming(
            at=row.next_due_at,
            step=Step.ASK if asks else Step.ROLLUP,
            place=place,
            person=place.owner if place and asks else None,
        )


def _requests(session: Session, now: datetime, most: int) -> Iterator[Upcoming]:
    waiting = select(Occurrence).where(Occurrence.next_step_at.is_not(None), Occurrence.state.in_(OPEN_REQUEST))
    rows = session.scalars(waiting.order_by(Occurrence.next_step_at).limit(most)).all()
    found = places.of_rows(session, rows)
    for row in rows:
        place = found[places.ref_of(row)]
        assert row.next_step_at is not None
        reminded = row.remind_at is not None and now < row.remind_at < row.next_step_at
        at, step = (row.remind_at, Step.REMIND) if reminded and row.remind_at else (row.next_step_at, _step(row))
        yield Upcoming(at=at, step=step, place=place, person=place.owner)


def _step(row: Occurrence) -> Step:
    if row.next_step_at == row.close_at:
        return Step.MISSED
    if row.next_step_at == row.due_at:
        return Step.OVERDUE
    return Step.ASK


def _held(session: Session, now: datetime, most: int) -> Iterator[Upcoming]:
    held = select(Outbox.due_at, Outbox.target).where(Outbox.state == OutboxState.QUEUED, Outbox.due_at > now + PACED)
    rows = session.execute(held.order_by(Outbox.due_at).limit(most)).all()
    reached = select(Person.slack_id, Person.id).where(Person.slack_id.in_({row.target for row in rows}))
    readers = {row.slack_id: row.id for row in session.execute(reached)}
    cards = people.cards(session, readers.values())
    for due_at, target in rows:
        reader = readers.get(target)
        yield Upcoming(at=due_at, step=Step.MESSAGE, person=cards.get(reader) if reader else None)
