from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery
from bot.views.rollup import rollup_message
from models.schemas.rollup import Rollup


def post(session: Session, rollup: Rollup, *, now: datetime) -> None:
    """In the program's channel; a program of which nothing is known yet says nothing."""
    channel = rollup.program.channel
    if channel is None or not (rollup.projects or rollup.top_risks or rollup.asks or rollup.decisions_next):
        return
    key = f"rollup:{rollup.program.id}:{rollup.period}"
    delivery.post(session, rollup_message(rollup), key=key, to=channel, now=now)
