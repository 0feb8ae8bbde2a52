"""Who is told of a risk: its channel by one card, its author by a receipt, its owner once."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import homes
from bot.notices import issue as issue_notices
from bot.notices.cards import Cards, OwnersLine, channel_of
from bot.services import issue as issues
from bot.services.risk import KIND, card_key
from bot.views.risk import is_mentioned_on_card, risk_card
from bot.views.risk_receipt import risk_receipt, risk_yours
from models.schemas.people import PersonCard
from models.schemas.risk import RiskCard, RiskStatus

CARDS = Cards(KIND, card_key, card=risk_card, alone=risk_card, receipt=risk_receipt)
OWNERS_LINE = OwnersLine(KIND, lambda risk, today: risk_yours(risk))
show_card = CARDS.show


def tell_logged(session: Session, risk: RiskCard, *, author: PersonCard, now: datetime, answered: bool = False) -> None:
    """The channel gets the card, its author a receipt, and an owner whom the card does not summon one line.

    `answered` says that the author has the receipt already, as the answer to a command.
    """
    show_card(session, risk, now=now)
    if not answered:
        CARDS.give_receipt(session, risk, author, now=now)
    if not (is_mentioned_on_card(risk) and channel_of(risk)):
        OWNERS_LINE.tell(session, risk, by=author, now=now)
    homes.refresh(session, risk, by=author, now=now)


def tell_changed(
    session: Session, risk: RiskCard, *, before: RiskCard, by: PersonCard, pressed_in: str | None, now: datetime
) -> None:
    """The card changes in place; a new owner gets one line, for an edited card summons nobody."""
    CARDS.show_change(session, risk, now=now)
    CARDS.answer_press(session, risk, by, pressed_in, now=now)
    if risk.owner.id != before.owner.id:
        OWNERS_LINE.tell(session, risk, by=by, now=now, again=True)
    else:
        OWNERS_LINE.refresh(session, risk, now=now)
    if risk.status is RiskStatus.MATERIALISED and before.status is not RiskStatus.MATERIALISED and risk.issue:
        issue_notices.tell_logged(session, issues.get(session, risk.issue.id), author=by, now=now)
    homes.refresh(session, risk, before.owner, by=by, now=now)


def tell_undone(session: Session, risk: RiskCard, *, by: PersonCard, now: datetime) -> None:
    CARDS.remove(session, risk, now=now)
    OWNERS_LINE.take_back(session, risk, by=by, now=now)
    homes.refresh(session, risk, by=by, now=now)
