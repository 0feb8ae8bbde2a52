"""Who is told of an assumption: its channel by one card, its author by a receipt, its owner by one line."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import homes
from bot.notices.cards import Cards, OwnersLine
from bot.services.assumption import KIND, card_key
from bot.views.assumption import assumption_card
from bot.views.assumption_receipt import assumption_receipt, assumption_yours
from models.schemas.assumption import AssumptionCard
from models.schemas.people import PersonCard

CARDS = Cards(KIND, card_key, card=assumption_card, alone=assumption_card, receipt=assumption_receipt)
OWNERS_LINE = OwnersLine(KIND, assumption_yours)
show_card = CARDS.show


def tell_logged(session: Session, assumption: AssumptionCard, *, author: PersonCard, now: datetime) -> None:
    show_card(session, assumption, now=now)
    CARDS.give_receipt(session, assumption, author, now=now)
    OWNERS_LINE.tell(session, assumption, by=author, now=now)
    homes.refresh(session, assumption, by=author, now=now)


def tell_changed(
    session: Session,
    assumption: AssumptionCard,
    *,
    before: AssumptionCard,
    by: PersonCard,
    pressed_in: str | None,
    now: datetime,
) -> None:
    """The card changes in place; a new owner gets one line."""
    CARDS.show_change(session, assumption, now=now)
    CARDS.answer_press(session, assumption, by, pressed_in, now=now)
    if assumption.owner.id != before.owner.id:
        OWNERS_LINE.tell(session, assumption, by=by, now=now, again=True)
    else:
        OWNERS_LINE.refresh(session, assumption, now=now)
    homes.refresh(session, assumption, before.owner, by=by, now=now)


def tell_undone(session: Session, assumption: AssumptionCard, *, by: PersonCard, now: datetime) -> None:
    CARDS.remove(session, assumption, now=now)
    OWNERS_LINE.take_back(session, assumption, by=by, now=now)
    homes.refresh(session, assumption, by=by, now=now)
