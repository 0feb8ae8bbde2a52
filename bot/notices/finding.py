"""Who sees that a finding was updated: it has no card, so the messages and Homes that name it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import homes
from models.schemas.finding import FindingCard
from models.schemas.people import PersonCard


def tell_changed(
    session: Session,
    finding: FindingCard,
    *,
    before: FindingCard,
    by: PersonCard,
    pressed_in: str | None,
    now: datetime,
) -> None:
    homes.refresh(session, finding, before.owner, by=by, now=now)
