"""Where words that were taken out stand in Slack, our messages change in place."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.notices import assumption, decision, finding, history, issue_acts, milestone, risk
from models.schemas.people import PersonCard

TELL: Mapping[str, Callable[..., None]] = {
    "risk": risk.tell_changed,
    "issue": issue_acts.tell_changed,
    "assumption": assumption.tell_changed,
    "decision": decision.tell_changed,
    "milestone": milestone.tell_changed,
    "finding": finding.tell_changed,
}


def tell_redacted(
    session: Session, kind: str, card: Any, *, before: Any, by: PersonCard, pressed_in: str | None, now: datetime
) -> None:
    """The card and what goes with it, and the lines in its thread, however old they are."""
    history.say_again(session, kind, card, card_key=f"{kind}.card:{card.id}", now=now)
    TELL[kind](session, card, before=before, by=by, pressed_in=pressed_in, now=now)
