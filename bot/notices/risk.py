from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import history, homes
from bot.notices import issue as issue_notices
from bot.services import delivery
from bot.services import issue as issues
from bot.services.risk import KIND, card_key
from bot.views.risk import is_mentioned_on_card, risk_card
from bot.views.risk_receipt import risk_receipt, risk_yours
from bot.views.undone import taken_back
from models.schemas.people import PersonCard
from models.schemas.risk import RiskCard, RiskStatus


def tell_logged(session: Session, risk: RiskCard, *, author: PersonCard, now: datetime, answered: bool = False) -> None:
    """The channel gets the card, its author a receipt, and an owner whom the card does not summon one line.

    `answered` says that the author has the receipt already, as the answer to a command.
    """
    show_card(session, risk, now=now)
    today = local_date(now, author.tz)
    where = channel_of(risk) or author.slack_id
    if author.slack_id and where and not answered:
        receipt = risk_receipt(risk, today=today)
        delivery.whisper(session, receipt, key=f"risk.receipt:{risk.id}", to=where, reader=author.slack_id, now=now)
    name_owner(session, risk, by=author, now=now)
    homes.refresh(session, risk, author, now=now)


def tell_changed(
    session: Session, risk: RiskCard, *, before: RiskCard, by: PersonCard, pressed_in: str | None, now: datetime
) -> None:
    """The card changes in place; who pressed out of its sight reads it there; a new owner gets one line."""
    show_card(session, risk, now=now)
    history.tell_thread(session, KIND, risk, card_key=card_key(risk.id), now=now)
    if by.slack_id and pressed_in and pressed_in != channel_of(risk):
        card = risk_card(risk, today=local_date(now, by.tz))
        key = f"risk.changed:{risk.id}@{risk.version}"
        delivery.whisper(session, card, key=key, to=pressed_in, reader=by.slack_id, now=now)
    if risk.owner.id != before.owner.id:
        _name_new_owner(session, risk, by=by, now=now)  # an edited card summons nobody
    elif risk.owner.slack_id and delivery.is_known(session, yours_key(risk)):
        key = yours_key(risk)
        delivery.show(session, risk_yours(risk), key=key, to=risk.owner.slack_id, version=risk.version, now=now)
    if risk.status is RiskStatus.MATERIALISED and before.status is not RiskStatus.MATERIALISED and risk.issue:
        issue_notices.tell_logged(session, issues.get(session, risk.issue.id), author=by, now=now)
    homes.refresh(session, risk, before.owner, by, now=now)


def tell_undone(session: Session, risk: RiskCard, *, by: PersonCard, now: datetime) -> None:
    """Its card goes, and whom one line named is told in that line; who has not been told yet never is."""
    history.remove_card(session, KIND, risk, card_key=card_key(risk.id), version=risk.version, now=now)
    key = yours_key(risk)
    if risk.owner.slack_id and delivery.take_back(session, key):
        words = taken_back(risk.ref, risk.title, by)
        delivery.show(session, words, key=key, to=risk.owner.slack_id, version=risk.version, now=now)
    homes.refresh(session, risk, by, now=now)


def name_owner(session: Session, risk: RiskCard, *, by: PersonCard, now: datetime) -> None:
    """One line at the moment somebody names you, unless a new card itself summons you."""
    summoned = is_mentioned_on_card(risk) and channel_of(risk)
    if risk.owner.slack_id and risk.owner.id != by.id and not summoned:
        delivery.post(session, risk_yours(risk), key=yours_key(risk), to=risk.owner.slack_id, now=now)


def _name_new_owner(session: Session, risk: RiskCard, *, by: PersonCard, now: datetime) -> None:
    """Also where they owned it before."""
    owner, version = risk.owner, risk.version
    if owner.slack_id and owner.id != by.id:
        delivery.post_again(session, risk_yours(risk), key=yours_key(risk), version=version, to=owner.slack_id, now=now)


def yours_key(risk: RiskCard) -> str:
    return f"risk.yours:{risk.id}:{risk.owner.id}"


def show_card(session: Session, risk: RiskCard, *, now: datetime) -> None:
    """Post the card, or edit it in place."""
    channel = channel_of(risk)
    if channel and risk.place:
        card = risk_card(risk, today=local_date(now, risk.place.tz))
        delivery.show(session, card, key=card_key(risk.id), to=channel, version=risk.version, now=now)


def channel_of(risk: RiskCard) -> str | None:
    return risk.place.channel if risk.place else None
