"""Every change of a record leaves a line in the thread of its card."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery, history
from bot.services.register import Card
from bot.views.history import history_reply


def tell_thread(session: Session, kind: str, card: Card, *, card_key: str, now: datetime) -> None:
    """What was changed at `now`, under the card, without a mention. Nothing where no card was ever queued."""
    place = card.place
    if place is None or place.channel is None or not delivery.is_known(session, card_key):
        return
    for number, event in enumerate(history.events(session, kind, card.id, at=now)):
        people = history.names(session, [event])
        reply = history_reply(kind, card.ref, event, today=local_date(now, place.tz), people=people)
        if reply is not None:
            key = f"{card_key}:{now.isoformat()}:{number}"
            delivery.reply(session, reply, key=key, under=card_key, to=place.channel, now=now)
