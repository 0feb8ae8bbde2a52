"""Who is told when an ask is put off, handed over, taken or declined: one line at that moment, and the messages that
name it."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.notices import asks
from bot.notices import assumption as assumption_notices
from bot.notices import finding as finding_notices
from bot.notices import issue_acts as issue_notices
from bot.notices import milestone as milestone_notices
from bot.notices import risk as risk_notices
from bot.services import ask_records, delivery
from bot.views.ask_handed import handed_over, not_taken, taken_over, told_declined, told_taken
from models.schemas.ask_acts import AskCard
from models.schemas.people import PersonCard

TOLD: Mapping[str, Callable[..., None]] = {
    "risk": risk_notices.tell_changed,
    "issue": issue_notices.tell_changed,
    "assumption": assumption_notices.tell_changed,
    "milestone": milestone_notices.tell_changed,
    "finding": finding_notices.tell_changed,
}


def tell_put_off(session: Session, card: AskCard, *, now: datetime) -> None:
    asks.redraw(session, {(card.row.asked_id, card.row.asked_on)}, now=now)


def tell_offered(session: Session, card: AskCard, *, by: PersonCard, now: datetime) -> None:
    """`card` is as it is after it was offered."""
    if card.handed_to and card.handed_to.slack_id:
        delivery.post(session, handed_over(card, by=by), key=_key(card), to=card.handed_to.slack_id, now=now)


def tell_taken(session: Session, card: AskCard, *, by: PersonCard, giver: PersonCard, now: datetime) -> None:
    """The record itself changes its owner where it was handed over whole. `card` is as it was offered."""
    if card.row.handed_whole:
        before, after = ask_records.give(session, card, by, now=now)
        TOLD[card.what_kind](session, after, before=before, by=by, pressed_in=None, now=now)
    _show_line(session, card, taken_over(card, by=giver), by, now)
    _tell_giver(session, card, told_taken(card, by=by), giver, now)
    days = {(card.row.asked_id, card.row.asked_on), (by.id, card.today)}
    asks.redraw(session, days, now=now)


def tell_passed(session: Session, card: AskCard, *, by: PersonCard, giver: PersonCard, now: datetime) -> None:
    _show_line(session, card, not_taken(card, by=giver), by, now)
    _tell_giver(session, card, told_declined(card, by=by), giver, now)


def _show_line(session: Session, card: AskCard, message: Any, to: PersonCard, now: datetime) -> None:
    if to.slack_id:
        delivery.show(session, message, key=_key(card), to=to.slack_id, version=None, now=now)


def _tell_giver(session: Session, card: AskCard, message: Any, giver: PersonCard, now: datetime) -> None:
    if giver.slack_id:
        key = f"{_key(card)}:answered"
        delivery.post(session, message, key=key, to=giver.slack_id, now=now)


def _key(card: AskCard) -> str:
    """Offered again, to whomever, it is another line."""
    moment = card.row.handed_at.isoformat() if card.row.handed_at else ""
    return f"ask.handed:{card.row.id}:{card.row.handed_to_id}:{moment}"
