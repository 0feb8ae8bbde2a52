from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery
from bot.services.decision import card_key
from bot.views.decision import decision_card, decision_receipt
from models.schemas.decision import DecisionCard
from models.schemas.people import PersonCard


def tell_logged(session: Session, decision: DecisionCard, *, author: PersonCard, now: datetime) -> None:
    """The card summons the approver; without a channel the approver gets it directly."""
    show_card(session, decision, now=now)
    where = _channel(decision) or author.slack_id
    if author.slack_id and where:
        receipt = decision_receipt(decision, today=local_date(now, author.tz))
        key = f"decision.receipt:{decision.id}"
        delivery.whisper(session, receipt, key=key, to=where, reader=author.slack_id, now=now)
    refresh_homes(session, decision, now=now)


def tell_decided(session: Session, decision: DecisionCard, *, pressed_in: str | None, now: datetime) -> None:
    """The card says it; who decided elsewhere, out of its sight, reads it there too."""
    show_card(session, decision, now=now)
    if pressed_in and pressed_in != _channel(decision) and decision.approver.slack_id:
        card = decision_card(decision, today=local_date(now, decision.approver.tz))
        reader = decision.approver.slack_id
        delivery.whisper(session, card, key=f"decision.decided:{decision.id}", to=pressed_in, reader=reader, now=now)
    refresh_homes(session, decision, now=now)


def show_card(session: Session, decision: DecisionCard, *, now: datetime) -> None:
    """Post the card, or edit it in place."""
    channel = _channel(decision) or decision.approver.slack_id
    zone = decision.place.tz if decision.place else decision.approver.tz
    if channel:
        card = decision_card(decision, today=local_date(now, zone))
        key = card_key(decision.id)
        delivery.show(session, card, key=key, to=channel, version=decision.version, now=now)


def refresh_homes(session: Session, decision: DecisionCard, *, now: datetime) -> None:
    delivery.publish_home(session, [decision.approver.slack_id, decision.driver.slack_id], now=now)


def _channel(decision: DecisionCard) -> str | None:
    return decision.place.channel if decision.place else None
