"""Whose Home shows a record: it is drawn anew when the record changes."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery, people
from models.schemas.people import PersonCard
from models.schemas.register import Card


def refresh(session: Session, record: Card, *others: PersonCard | None, now: datetime) -> None:
    """Those whom it names, those who answer for its place, and `others`: who acted, who had it before."""
    answering = people.cards(session, record.place.people if record.place else ())
    named = [person for holders in record.holders.values() for person in holders]
    everyone = [*named, *answering.values(), *(person for person in others if person)]
    delivery.publish_home(session, dict.fromkeys(person.slack_id for person in everyone), now=now)
