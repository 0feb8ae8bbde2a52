"""Every change of a record leaves a line in the thread of its card."""

from datetime import datetime
from itertools import groupby

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery, history
from bot.views.history import history_reply
from models.schemas.register import Card


def tell_thread(session: Session, kind: str, card: Card, *, card_key: str, now: datetime) -> None:
    """What was changed at `now`, under the card, without a mention. Nothing where no card was ever queued."""
    place = card.place
    if place is None or place.channel is None or not delivery.is_known(session, card_key):
        return
    for number, event in enumerate(history.events(session, kind, card.id, at=now)):
        people = history.names(session, [event])
        reply = history_reply(kind, card.ref, event, today=local_date(now, place.tz), people=people)
        if reply is not None:
            key = _reply_key(card_key, now, number)
            delivery.reply(session, reply, key=key, under=card_key, to=place.channel, now=now)


def say_again(session: Session, kind: str, card: Card, *, card_key: str, now: datetime) -> None:
    """Our lines in its thread that hold what was taken out of the history since they were said."""
    place = card.place
    if place is None or place.channel is None:
        return
    for at, acts in groupby(history.events(session, kind, card.id), key=lambda event: event.at):
        for number, event in enumerate(acts):
            key = _reply_key(card_key, at, number)
            if not (event.is_redacted and delivery.is_known(session, key)):
                continue
            people = history.names(session, [event])
            line = history_reply(kind, card.ref, event, today=local_date(at, place.tz), people=people)
            if line is not None:
                delivery.show(session, line, key=key, to=place.channel, version=None, now=now, under=card_key)


def remove_card(session: Session, kind: str, card: Card, *, card_key: str, version: int, now: datetime) -> None:
    """The card and our lines in its thread: what people replied there, Slack keeps under a stone in its place."""
    place = card.place
    if place is None or place.channel is None:
        return
    for at, acts in groupby(history.events(session, kind, card.id), key=lambda event: event.at):
        for number, _ in enumerate(acts):
            key = _reply_key(card_key, at, number)
            delivery.remove(session, key=key, to=place.channel, version=AFTER_A_REPLY, now=now)
    delivery.remove(session, key=card_key, to=place.channel, version=version, now=now)


AFTER_A_REPLY = 2
"""The version of a line's removal: a line is said once and never changed."""


def _reply_key(card_key: str, at: datetime, number: int) -> str:
    return f"{card_key}:{at.isoformat()}:{number}"
