"""Who sees that a milestone was achieved or moved: it has no card, so the messages and Homes that name it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.notices import homes
from models.schemas.milestone import MilestoneCard
from models.schemas.people import PersonCard


def tell_changed(
    session: Session,
    milestone: MilestoneCard,
    *,
    before: MilestoneCard,
    by: PersonCard,
    pressed_in: str | None,
    now: datetime,
) -> None:
    homes.refresh(session, milestone, before.owner, by=by, now=now)
