"""Whose Home shows a record: it is drawn anew when the record changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import asks
from bot.services import asked, delivery, people
from bot.views.ask_effects import effect_of
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.register import Record

KINDS = {
    "R": (AskKind.READ_RISK, AskKind.REVIEW_RISK, AskKind.CLOSE_RISK),
    "I": (AskKind.READ_ISSUE, AskKind.SOLVE_ISSUE),
    "D": (AskKind.DECIDE, AskKind.GRADE),
    "A": (AskKind.SETTLE,),
    "M": (AskKind.MILESTONE,),
    "AF": (AskKind.FINDING,),
}
"""What is asked about a record, by the letter of its number."""


def refresh(
    session: Session, record: Record, *others: PersonCard | None, by: PersonCard | None = None, now: datetime
) -> None:
    """Those whom it names, those who answer for its place, and `others`: who had it before. `by` is who acted.

    Whoever was asked for it sees in their daily message what became of it.
    """
    if record.version > 1:  # nobody was asked for what was just logged
        kinds = _kinds(record)
        today = local_date(now, by.tz if by else record.place.tz if record.place else "UTC")
        effect = effect_of(record, today=today)
        asks.settled(session, kinds, record.id, by=by, now=now, effect=effect)
    answering = people.cards(session, record.place.people if record.place else ())
    named = [person for holders in record.holders.values() for person in holders]
    everyone = [*named, *answering.values(), *(person for person in (*others, by) if person)]
    delivery.publish_home(session, dict.fromkeys(person.slack_id for person in everyone), now=now)


def is_asked_of(session: Session, record: Record, person: PersonCard) -> bool:
    """A daily message asks this person for it, and shows there what becomes of it."""
    return any(row.asked_id == person.id for row in asked.of_subject(session, _kinds(record), record.id))


def _kinds(record: Record) -> tuple[AskKind, ...]:
    return KINDS[record.ref.partition("-")[0]]
