"""Who is told when something was done to an issue."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.notices import history, homes
from bot.notices import risk as risk_notices
from bot.notices.issue import channel_of, name_owner, refresh_line, show_card, yours_key
from bot.services import delivery, issue_acts
from bot.services.issue import KIND, card_key
from bot.services.risk import card_key as risk_card_key
from bot.views.issue import issue_card
from bot.views.undone import taken_back
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
    """The card changes in place; who pressed out of its sight reads it there; a new owner gets one line.

    `by` None is the bot itself: what was imported and never had a card gets none from it.
    """
    if by is not None or delivery.is_known(session, card_key(issue.id)):
        show_card(session, issue, now=now)
        history.tell_thread(session, KIND, issue, card_key=card_key(issue.id), now=now)
    if by is not None and by.slack_id and pressed_in and pressed_in != channel_of(issue):
        card = issue_card(issue, today=local_date(now, by.tz))
        key = f"issue.changed:{issue.id}@{issue.version}"
        delivery.whisper(session, card, key=key, to=pressed_in, reader=by.slack_id, now=now)
    if issue.owner.id != before.owner.id:
        name_owner(session, issue, by=by, now=now, again=True)
    else:
        refresh_line(session, issue, now=now)
    _tell_of_risk(session, issue, now=now)
    homes.refresh(session, issue, before.owner, by, now=now)


def tell_undone(session: Session, issue: IssueCard, *, by: PersonCard, now: datetime) -> None:
    """Its card goes, and whom one line named is told in that line; who has not been told yet never is."""
    history.remove_card(session, KIND, issue, card_key=card_key(issue.id), version=issue.version, now=now)
    key = yours_key(issue)
    if issue.owner.slack_id and delivery.take_back(session, key):
        words = taken_back(issue.ref, issue.title, by)
        delivery.show(session, words, key=key, to=issue.owner.slack_id, version=issue.version, now=now)
    _tell_of_risk(session, issue, now=now)
    homes.refresh(session, issue, by, now=now)


def _tell_of_risk(session: Session, issue: IssueCard, *, now: datetime) -> None:
    """The card of the risk that became it says how it stands, and can be closed once it is resolved."""
    risk = issue_acts.behind(session, issue)
    if risk is not None and delivery.is_known(session, risk_card_key(risk.id)):
        risk_notices.show_card(session, risk, now=now)
