"""Who is told of days off: whoever covers, and the absent person where somebody else did it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery
from bot.views.absence import absence_cancelled, absence_set, cover_declined, cover_line, cover_over
from models.schemas.absence import AbsenceCard
from models.schemas.message import Message
from models.schemas.people import PersonCard


def tell_set(
    session: Session, absence: AbsenceCard, *, by: PersonCard, now: datetime, before: AbsenceCard | None = None
) -> None:
    """`before` is what it was, where it was changed."""
    if before is not None and _cover_key(before) != _cover_key(absence):
        _take_cover_back(session, before, now=now)
    _tell_cover(session, absence, now=now)
    if by.id != absence.person.id and absence.person.slack_id:
        told = absence_set(absence, absence.person, today=local_date(now, absence.person.tz), by=by)
        _direct(session, told, f"away.told:{absence.id}:{now.isoformat()}", absence.person, now)
    _refresh(session, absence, before, now=now)


def give_receipt(session: Session, absence: AbsenceCard, *, by: PersonCard, key: str, now: datetime) -> None:
    """After a form: in a direct message, as the bot may not be where the form was opened."""
    receipt = absence_set(absence, by, today=local_date(now, by.tz))
    _direct(session, receipt, f"away.receipt:{key}", by, now)


def tell_cancelled(
    session: Session, absence: AbsenceCard, *, before: AbsenceCard, by: PersonCard, now: datetime
) -> None:
    _take_cover_back(session, before, now=now)
    if by.id != absence.person.id:
        told = absence_cancelled(absence, absence.person, today=local_date(now, absence.person.tz), by=by)
        _direct(session, told, f"away.told:{absence.id}:{now.isoformat()}", absence.person, now)
    _refresh(session, absence, before, now=now)


def tell_declined(
    session: Session, absence: AbsenceCard, *, before: AbsenceCard, by: PersonCard, now: datetime
) -> None:
    _take_cover_back(session, before, now=now, declined=True)
    told = cover_declined(absence, by, today=local_date(now, absence.person.tz))
    _direct(session, told, f"away.declined:{absence.id}:{now.isoformat()}", absence.person, now)
    _refresh(session, absence, before, now=now)


def _tell_cover(session: Session, absence: AbsenceCard, *, now: datetime) -> None:
    """Once for the same days; named for them again after all, the line that stands says so."""
    delegate, key = absence.delegate, _cover_key(absence)
    if delegate is None or delegate.slack_id is None or key is None:
        return
    line = cover_line(absence, today=local_date(now, delegate.tz))
    if delivery.is_known(session, key):
        delivery.show(session, line, key=key, to=delegate.slack_id, version=None, now=now)
    else:
        delivery.post(session, line, key=key, to=delegate.slack_id, now=now)


def _take_cover_back(session: Session, absence: AbsenceCard, *, now: datetime, declined: bool = False) -> None:
    """Who has not been told yet never is."""
    delegate, key = absence.delegate, _cover_key(absence)
    if delegate is None or delegate.slack_id is None or key is None or not delivery.take_back(session, key):
        return
    over = cover_over(absence, today=local_date(now, delegate.tz), declined=declined)
    delivery.show(session, over, key=key, to=delegate.slack_id, version=None, now=now)


def _cover_key(absence: AbsenceCard) -> str | None:
    if absence.delegate is None:
        return None
    return f"away.cover:{absence.id}:{absence.delegate.id}:{absence.start_on}:{absence.end_on}"


def _direct(session: Session, message: Message, key: str, to: PersonCard, now: datetime) -> None:
    if to.slack_id and not to.deleted:
        delivery.post(session, message, key=key, to=to.slack_id, now=now)


def _refresh(session: Session, absence: AbsenceCard, before: AbsenceCard | None, *, now: datetime) -> None:
    persons = [absence.person, absence.delegate, before.delegate if before else None]
    delivery.publish_home(session, dict.fromkeys(person.slack_id for person in persons if person), now=now)
