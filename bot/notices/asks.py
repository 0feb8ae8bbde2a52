"""The daily message: all that one person owes in one direct message a working day, edited as it is answered."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery, requests
from bot.views.asks import daily_ask
from models.schemas.people import PersonCard


def tell_moved(session: Session, moved: requests.Moved, *, now: datetime) -> None:
    """After a tick: what is over leaves the messages that name it, what is due is asked."""
    for person_id in sorted(moved.to_ask | moved.outdated.keys()):
        person = requests.lock_person(session, person_id)
        _change(session, person, moved.outdated.get(person_id, set()), now=now)
        if person_id in moved.to_ask:
            _ask_today(session, person, now=now)
        delivery.publish_home(session, [person.slack_id], now=now)


def refresh(session: Session, person_id: int, project_id: int, *, now: datetime) -> None:
    """After an answer: the message that asked for it shows it as done, without a new one."""
    person = requests.lock_person(session, person_id)
    _change(session, person, requests.days_named(session, person_id, project_id), now=now)
    delivery.publish_home(session, [person.slack_id], now=now)


def message_key(person: PersonCard, day: date) -> str:
    return f"asks:{person.slack_id}:{day}"


def _ask_today(session: Session, person: PersonCard, *, now: datetime) -> None:
    """Ask for all that this person owes, in the one message of their day. `now` lies in their hours."""
    day = local_date(now, person.tz)
    named_before = requests.name_today(session, person.id, day)
    if named_before is not None:
        _show(session, person, day, now=now)
        _change(session, person, named_before, now=now)


def _change(session: Session, person: PersonCard, days: set[date | None], *, now: datetime) -> None:
    """The messages of these days as they are now, where there are any: an edit, never a new message."""
    for day in sorted(day for day in days if day is not None):
        if delivery.is_known(session, message_key(person, day)):
            _show(session, person, day, now=now)


def _show(session: Session, person: PersonCard, day: date, *, now: datetime) -> None:
    if person.slack_id is None or person.deleted:
        return
    message = daily_ask(requests.asks_of_day(session, person.id, day), today=day)
    key = message_key(person, day)
    delivery.show(session, message, key=key, to=person.slack_id, version=None, now=now, asked_in=person.tz)
