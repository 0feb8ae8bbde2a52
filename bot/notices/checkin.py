"""Who is told of a check-in: whoever set it up by a receipt, the channel by one message a round and its thread."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import checkin_past, delivery
from bot.views.checkin_team import checkin_set_up
from models.schemas.checkin_setup import CheckinCard, CheckinReceipt
from models.schemas.people import PersonCard


def tell_set_up(session: Session, receipt: CheckinReceipt, *, by: PersonCard, key: str, now: datetime) -> None:
    """`key` is the submission's: every change has a receipt of its own."""
    card = receipt.checkin
    if by.slack_id and card.channel:
        shown = checkin_past.shown(session, card, today=local_date(now, by.tz))
        done = checkin_set_up(receipt, shown)
        delivery.whisper(session, done, key=f"checkin.done:{key}", to=card.channel, reader=by.slack_id, now=now)


def tell_ended(session: Session, card: CheckinCard, *, now: datetime) -> None:
    """What is open closes as it stands."""
