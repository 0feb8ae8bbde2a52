"""Whoever added the app is told once what to do first."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.services import delivery
from bot.views.setup import welcome


def greet(session: Session, slack_id: str, *, now: datetime) -> None:
    """Not again when the app comes back: everything is as they left it."""
    if not delivery.is_known(session, f"welcome:{slack_id}"):
        delivery.post(session, welcome(), key=f"welcome:{slack_id}", to=slack_id, now=now)
