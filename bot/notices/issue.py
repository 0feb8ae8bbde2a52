"""Who is told of an issue: its channel by one card, its author by a receipt, its owner once."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import homes
from bot.notices.cards import Cards, OwnersLine, channel_of
from bot.services.issue import KIND, card_key
from bot.views.issue import is_mentioned_on_card, issue_card
from bot.views.issue_receipt import issue_receipt, issue_yours
from models.schemas.issue import IssueCard
from models.schemas.people import PersonCard

CARDS = Cards(KIND, card_key, card=issue_card, alone=issue_card, receipt=issue_receipt)
OWNERS_LINE = OwnersLine(KIND, issue_yours)
show_card = CARDS.show


def tell_logged(session: Session, issue: IssueCard, *, author: PersonCard, now: datetime) -> None:
    """A risk that happened is told on its own card: whoever marked it needs no receipt."""
    show_card(session, issue, now=now)
    if issue.from_risk_id is None:
        CARDS.give_receipt(session, issue, author, now=now)
    if not (is_mentioned_on_card(issue) and channel_of(issue)):
        OWNERS_LINE.tell(session, issue, by=author, now=now)
    homes.refresh(session, issue, by=author, now=now)
