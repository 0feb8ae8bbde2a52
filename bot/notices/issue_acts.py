"""Who is told when something was done to an issue."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import homes
from bot.notices import risk as risk_notices
from bot.notices.issue import CARDS, OWNERS_LINE
from bot.services import delivery, issue_acts
from bot.services.issue import card_key
from bot.services.risk import card_key as risk_card_key
from models.schemas.issue import IssueCard
from models.schemas.people import PersonCard


def tell_changed(
    session: Session,
    issue: IssueCard,
    *,
    before: IssueCard,
    by: PersonCard | None,
    pressed_in: str | None,
    now: datetime,
) -> None:
    """The card changes in place; a new owner gets one line.

    `by` None is the bot itself: what was imported and never had a card gets none from it.
    """
    if by is not None or delivery.is_known(session, card_key(issue.id)):
        CARDS.show_change(session, issue, now=now)
    if by is not None:
        CARDS.answer_press(session, issue, by, pressed_in, now=now)
    if issue.owner.id != before.owner.id:
        OWNERS_LINE.tell(session, issue, by=by, now=now, again=True)
    else:
        OWNERS_LINE.refresh(session, issue, now=now)
    _tell_of_risk(session, issue, now=now)
    homes.refresh(session, issue, before.owner, by=by, now=now)


def tell_undone(session: Session, issue: IssueCard, *, by: PersonCard, now: datetime) -> None:
    CARDS.remove(session, issue, now=now)
    OWNERS_LINE.take_back(session, issue, by=by, now=now)
    _tell_of_risk(session, issue, now=now)
    homes.refresh(session, issue, by=by, now=now)


def _tell_of_risk(session: Session, issue: IssueCard, *, now: datetime) -> None:
    """The card of the risk that became it says how it stands, and can be closed once it is resolved."""
    risk = issue_acts.behind(session, issue)
    if risk is not None and delivery.is_known(session, risk_card_key(risk.id)):
        risk_notices.show_card(session, risk, now=now)
