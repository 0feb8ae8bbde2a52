from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import delivery
from bot.services.issue import card_key
from bot.views.issue import issue_card
from models.schemas.issue import IssueCard
from models.schemas.people import PersonCard


def tell_logged(session: Session, issue: IssueCard, *, author: PersonCard, now: datetime) -> None:
    show_card(session, issue, now=now)


def show_card(session: Session, issue: IssueCard, *, now: datetime) -> None:
    """Post the card, or edit it in place."""
    if issue.place and issue.place.channel:
        card = issue_card(issue, today=local_date(now, issue.place.tz))
        delivery.show(session, card, key=card_key(issue.id), to=issue.place.channel, version=issue.version, now=now)
