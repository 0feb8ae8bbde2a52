"""Who notices that a program's messages were paused, or go on: nobody is written to, the Homes say it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery, switches
from models.schemas.switches import Switches


def tell_switched(session: Session, changed: Switches, *, now: datetime) -> None:
    delivery.publish_home(session, switches.everybody(session, changed.program), now=now)
