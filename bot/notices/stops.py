"""Who is told that nothing can be said somewhere, once, and that it works again."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.stops import EVERYTHING, GONE, is_person
from bot.notices import leaving as leavers
from bot.services import delivery, leaving, people, stops
from bot.services.channels import places_using
from bot.views.stops import channel_stopped, person_stopped, works_again
from models.schemas.message import Message
from models.schemas.people import PersonCard
from models.schemas.unsent import Lifted, Stop


def tell_stopped(session: Session, stop: Stop, *, now: datetime) -> None:
    """Whoever answers for what is said there; of the app as a whole an admin reads in doctor and /pm health."""
    if stop.target.startswith(EVERYTHING):
        return
    if is_person(stop.target):
        _tell_of_person(session, stop, now)
    else:
        _tell_of_channel(session, stop, now)


def tell_lifted(session: Session, lifted: Lifted, *, now: datetime, moved_to: str | None = None) -> None:
    """The message that told of it says so in its place."""
    stop = lifted.stop
    if stop is None or stop.told_id is None:
        return
    lead = people.cards(session, [stop.told_id]).get(stop.told_id)
    if lead is None or lead.slack_id is None or lead.deleted:
        return
    if not delivery.take_back(session, _key(stop)):
        return  # mended before they heard of it
    where = f"<@{stop.target}>" if is_person(stop.target) else f"<#{moved_to or stop.target}>"
    _show(session, stop, works_again(lifted, where=where), lead, now)


def _tell_of_channel(session: Session, stop: Stop, now: datetime) -> None:
    for place in places_using(session, stop.target):
        lead = _reachable(session, leaving.leads(session, place))
        if lead is not None:
            _show(session, stop, channel_stopped(stop, place), lead, now)
            return


def _tell_of_person(session: Session, stop: Stop, now: datetime) -> None:
    person = people.by_slack_id(session, stop.target)
    if person is None:
        return
    if stop.error in GONE:
        leavers.tell_leads(session, person, now=now)
        return
    owned = leaving.owned_by(session, person.id)
    found = [lead for _, place in owned if place for lead in leaving.leads(session, place, but=person.id)]
    lead = _reachable(session, list(dict.fromkeys(found)))
    if lead is not None:
        theirs = [each for each, place in owned if place and lead.id in place.people]
        _show(session, stop, person_stopped(stop, person, theirs), lead, now)


def _reachable(session: Session, leads: list[PersonCard]) -> PersonCard | None:
    """The first whose own direct messages are not stopped."""
    return next((lead for lead in leads if stops.find(session, str(lead.slack_id)) is None), None)


def _show(session: Session, stop: Stop, message: Message, lead: PersonCard, now: datetime) -> None:
    """In their hours: it asks them to do something."""
    to = str(lead.slack_id)
    delivery.show(session, message, key=_key(stop), to=to, version=None, now=now, asked_in=lead.tz)
    stops.note_told(session, stop, lead.id, now=now)


def _key(stop: Stop) -> str:
    return f"stopped:{stop.target}:{int(stop.since.timestamp())}"
