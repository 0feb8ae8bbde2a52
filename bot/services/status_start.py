"""What the status form is filled with: the last words, the present date, and what happened since."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.services import slips, status_facts
from bot.services.status import asks_of, latest
from models.schemas.project import Place
from models.schemas.status import REPORTED, Health, StatusCard, StatusStart
from models.tables import StatusUpdate


def begin(session: Session, place: Place | None, choices: Sequence[Place], by: Standing, *, today: date) -> StatusStart:
    """For a new status; without a project there is nothing to fill in yet."""
    if place is None:
        return StatusStart(place=None, choices=list(choices))
    start = StatusStart(place=place, choices=list(choices), slips=slips.of_place(session, place))
    last = latest(session, [place.id]).get(place.id)
    if last is None:
        return start
    facts = status_facts.since(session, place, by, start=last.posted_at, today=today)
    posted_on = local_date(last.posted_at, place.owner.tz)
    return start.model_copy(update={**_words(session, last), "facts": facts, "last_posted_on": posted_on})


def correct(session: Session, update: StatusCard) -> StatusStart:
    """For a correction: filled in with what was posted."""
    place = update.place
    row = latest(session, [place.id])[place.id]
    start = StatusStart(place=place, choices=[place], slips=slips.of_place(session, place), corrects=update.id)
    posted_on = local_date(update.posted_at, place.owner.tz)
    return start.model_copy(update={**_words(session, row), "last_posted_on": posted_on})


def _words(session: Session, last: StatusUpdate) -> dict[str, object]:
    """Imported updates may ask for several things, of nobody in particular: they become one line."""
    health, asks = Health(last.health), asks_of(session, [last])[last.id]
    person = asks[0].person if len(asks) == 1 else None
    return {
        "health": health if health in REPORTED else Health.GREEN,
        "summary": last.summary,
        "path_to_green": last.path_to_green or "",
        "asks": " ".join(ask.words for ask in asks),
        "ask_person": person.slack_id if person and not person.deleted else None,
    }
