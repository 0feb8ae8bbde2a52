from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery
from bot.services.risk import card_key
from bot.views.risk import is_mentioned_on_card, risk_card, risk_receipt, risk_yours
from models.schemas.people import PersonCard
from models.schemas.risk import RiskCard


def tell_logged(session: Session, risk: RiskCard, *, author: PersonCard, now: datetime) -> None:
    """The channel gets the card, its author a receipt, and an owner whom the card does not summon one line."""
    show_card(session, risk, now=now)
    channel = _channel(risk)
    today = local_date(now, author.tz)
    where = channel or author.slack_id
    if author.slack_id and where:
        receipt = risk_receipt(risk, today=today)
        delivery.whisper(session, receipt, key=f"risk.receipt:{risk.id}", to=where, reader=author.slack_id, now=now)
    summoned = is_mentioned_on_card(risk) and channel
    if risk.owner.slack_id and risk.owner.id != author.id and not summoned:
        delivery.post(session, risk_yours(risk), key=yours_key(risk), to=risk.owner.slack_id, now=now)
    delivery.publish_home(session, [risk.owner.slack_id, author.slack_id], now=now)


def tell_acknowledged(session: Session, risk: RiskCard, *, now: datetime) -> None:
    """The card and the line that named the owner change in place; nobody gets a message."""
    show_card(session, risk, now=now)
    key = yours_key(risk)
    if risk.owner.slack_id and delivery.is_known(session, key):
        delivery.show(session, risk_yours(risk), key=key, to=risk.owner.slack_id, version=risk.version, now=now)
    delivery.publish_home(session, [risk.owner.slack_id], now=now)


def yours_key(risk: RiskCard) -> str:
    return f"risk.yours:{risk.id}"


def show_card(session: Session, risk: RiskCard, *, now: datetime) -> None:
    """Post the card, or edit it in place."""
    channel = _channel(risk)
    if channel and risk.place:
        card = risk_card(risk, today=local_date(now, risk.place.tz))
        delivery.show(session, card, key=card_key(risk.id), to=channel, version=risk.version, now=now)


def _channel(risk: RiskCard) -> str | None:
    return risk.place.channel if risk.place else None
