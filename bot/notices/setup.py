from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices.risk import show_card
from bot.notices.stops import tell_lifted
from bot.services import delivery, rescoring, stops
from bot.views.setup import setup_done, welcome_channel
from models.schemas.people import PersonCard
from models.schemas.project import Place, SetupReceipt
from models.schemas.unsent import Lifted


def tell_set_up(session: Session, receipt: SetupReceipt, *, by: PersonCard, key: str, now: datetime) -> None:
    """`key` is the submission's: every change has a receipt of its own."""
    place = receipt.place
    if by.slack_id and place.channel:
        done = setup_done(receipt, today=local_date(now, place.tz))
        delivery.whisper(session, done, key=f"setup.done:{key}", to=place.channel, reader=by.slack_id, now=now)
    if receipt.rescored:
        _show_rescored(session, place, now=now)
    delivery.publish_home(session, [by.slack_id, place.owner.slack_id], now=now)


def _show_rescored(session: Session, place: Place, *, now: datetime) -> None:
    """The cards of its open risks say the scores that they have now."""
    for risk in rescoring.open_risks(session, place):
        show_card(session, risk, now=now)


def tell_joined(session: Session, channel: str, *, place: Place | None, inviter: str | None, now: datetime) -> None:
    if place is None:
        delivery.post(session, welcome_channel(inviter, channel), key=f"joined:{channel}", to=channel, now=now)
    lifted = stops.lift(session, channel, now=now)
    tell_lifted(session, lifted, now=now)


def tell_moved(session: Session, place: Place, lifted: Lifted, *, by: PersonCard, now: datetime) -> None:
    """Who was told that nothing can be said reads that it goes on; the receipt stands where it was pressed."""
    tell_lifted(session, lifted, now=now, moved_to=place.channel)
    delivery.publish_home(session, [by.slack_id, place.owner.slack_id], now=now)
