"""Who is told of an issue: its channel by one card, its author by a receipt, its owner once."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import homes
from bot.services import delivery
from bot.services.issue import card_key
from bot.views.issue import is_mentioned_on_card, issue_card
from bot.views.issue_receipt import issue_receipt, issue_yours
from models.schemas.issue import IssueCard
from models.schemas.people import PersonCard


def tell_logged(session: Session, issue: IssueCard, *, author: PersonCard, now: datetime) -> None:
    """A risk that happened is told on its own card: whoever marked it needs no receipt."""
    show_card(session, issue, now=now)
    where = channel_of(issue) or author.slack_id
    if author.slack_id and where and issue.from_risk_id is None:
        receipt = issue_receipt(issue, today=local_date(now, author.tz))
        delivery.whisper(session, receipt, key=f"issue.receipt:{issue.id}", to=where, reader=author.slack_id, now=now)
    if not (is_mentioned_on_card(issue) and channel_of(issue)):
        name_owner(session, issue, by=author, now=now)
    homes.refresh(session, issue, author, now=now)


def name_owner(
    session: Session, issue: IssueCard, *, by: PersonCard | None, now: datetime, again: bool = False
) -> None:
    """One line at the moment somebody names you; `again`, also where you owned it before."""
    owner, key = issue.owner, yours_key(issue)
    if owner.slack_id is None or (by is not None and owner.id == by.id):
        return
    line = issue_yours(issue, today=local_date(now, owner.tz))
    if again:
        delivery.post_again(session, line, key=key, version=issue.version, to=owner.slack_id, now=now)
    else:
        delivery.post(session, line, key=key, to=owner.slack_id, now=now)


def refresh_line(session: Session, issue: IssueCard, *, now: datetime) -> None:
    """The owner's line says what is so now, and loses its button once it was pressed."""
    key, owner = yours_key(issue), issue.owner
    if owner.slack_id and delivery.is_known(session, key):
        line = issue_yours(issue, today=local_date(now, owner.tz))
        delivery.show(session, line, key=key, to=owner.slack_id, version=issue.version, now=now)


def yours_key(issue: IssueCard) -> str:
    return f"issue.yours:{issue.id}:{issue.owner.id}"


def show_card(session: Session, issue: IssueCard, *, now: datetime) -> None:
    """Post the card, or edit it in place."""
    channel = channel_of(issue)
    if channel and issue.place:
        card = issue_card(issue, today=local_date(now, issue.place.tz))
        delivery.show(session, card, key=card_key(issue.id), to=channel, version=issue.version, now=now)


def channel_of(issue: IssueCard) -> str | None:
    return issue.place.channel if issue.place else None
