"""Who changed their own calendar is told how it stands now."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery
from bot.views.own_calendar import own_calendar
from models.schemas.own_calendar import OwnCalendar


def tell_saved(session: Session, found: OwnCalendar, *, key: str, now: datetime) -> None:
    """In a direct message, as the form may have been opened anywhere."""
    if found.person.slack_id:
        told = own_calendar(found, saved=True)
        delivery.post(session, told, key=f"me.saved:{key}", to=found.person.slack_id, now=now)
        delivery.publish_home(session, [found.person.slack_id], now=now)
