"""Who is told that a project rests, or goes on: its channel of its state, nobody of a pause."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery, people
from bot.views.rest import rest_receipt, state_post
from models.schemas.rest import Rest, RestAct


def tell(session: Session, rest: Rest, *, key: str, pressed_in: str | None, now: datetime) -> None:
    """The receipt after a form, where it was opened; `key` is the submission's."""
    today = local_date(now, rest.by.tz)
    if rest.by.slack_id and pressed_in:
        receipt = rest_receipt(rest, today=today)
        delivery.whisper(session, receipt, key=f"rest.done:{key}", to=pressed_in, reader=rest.by.slack_id, now=now)
    tell_others(session, rest, key=key, now=now)


def tell_others(session: Session, rest: Rest, *, key: str, now: datetime) -> None:
    place = rest.place
    if rest.act is RestAct.STATE and place.channel:
        post = state_post(rest, today=local_date(now, place.tz))
        delivery.post(session, post, key=f"project.state:{key}", to=place.channel, now=now)
    cards = people.cards(session, place.people)
    delivery.publish_home(session, [person.slack_id for person in cards.values()], now=now)
