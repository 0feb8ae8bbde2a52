"""Handing over the record that an ask is about: it gets another owner, and its history says so."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.services import assumption, finding, issue, milestone, register, risk
from models.schemas.ask_acts import KINDS_OF, AskCard
from models.schemas.people import PersonCard

FOUND: Mapping[str, Callable[[Session, int | None], Any]] = {
    "risk": risk.find_by_id,
    "issue": issue.find_by_id,
    "assumption": assumption.find_by_id,
    "milestone": milestone.find_by_id,
    "finding": finding.find_by_id,
}


def give(session: Session, card: AskCard, to: PersonCard, *, now: datetime) -> tuple[Any, Any]:
    """The record before and after. Its owner offered it; where it went to somebody else meanwhile it stays there."""
    kind = KINDS_OF[card.row.kind]
    row = register.lock(session, register.TABLES[kind], card.row.record_id)
    if row is None or row.owner_id != card.owner.id:
        raise UserError(f"{card.ref} has another owner by now. Nothing was changed.")
    before = FOUND[kind](session, card.row.record_id)
    register.change(session, kind, row, {"owner_id": to.id}, by=to, now=now, reason=card.row.handed_note)
    return before, FOUND[kind](session, card.row.record_id)
