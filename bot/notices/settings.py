"""Who is told that a program is run differently now: whoever changed it. Homes follow what the rules change."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery, switches
from bot.views.settings import saved_message
from models.schemas.settings import Saved


def tell_saved(session: Session, saved: Saved, *, key: str, pressed_in: str | None, now: datetime) -> None:
    reader = saved.by.slack_id
    if reader and pressed_in:
        receipt = saved_message(saved)
        delivery.whisper(session, receipt, key=f"settings.saved:{key}", to=pressed_in, reader=reader, now=now)
    if saved.changes:
        delivery.publish_home(session, switches.everybody(session, saved.program), now=now)
