from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import asks
from bot.services import delivery, requests
from bot.services.status import card_key
from bot.views.status import status_card, status_receipt
from models.schemas.people import PersonCard
from models.schemas.status import StatusCard


def tell_posted(session: Session, update: StatusCard, *, author: PersonCard, now: datetime) -> None:
    """The channel gets the card; the request that it answers goes quiet at once."""
    place = update.place
    if place.channel:
        card = status_card(update, today=local_date(now, place.tz))
        delivery.post(session, card, key=card_key(update.id), to=place.channel, now=now)
    receipt_to = place.channel or author.slack_id
    if author.slack_id and receipt_to:
        key = f"status.receipt:{update.id}"
        delivery.whisper(session, status_receipt(update), key=key, to=receipt_to, reader=author.slack_id, now=now)
    for person_id in requests.answer(session, place, update.id, now=now):
        asks.refresh(session, person_id, place.id, now=now)
    delivery.publish_home(session, [author.slack_id], now=now)
