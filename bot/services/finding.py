"""What audits found: what is known of it, and what its owner says about it."""

from datetime import datetime, time
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.finding import MACHINE, UPDATED
from bot.domain.policy import Standing
from bot.domain.wall_time import instant
from bot.services import people, places, register
from models.schemas.finding import STATE_WORDS, FindingCard, FindingSeverity, FindingStatus, FindingUpdateDraft
from models.schemas.people import PersonCard
from models.tables import Finding

KIND = "finding"


def find(session: Session, number: int) -> FindingCard | None:
    return next(iter(cards(session, select(Finding).where(Finding.number == number))), None)


def find_by_id(session: Session, finding_id: int | None) -> FindingCard | None:
    return next(iter(cards(session, select(Finding).where(Finding.id == finding_id))), None)


def get(session: Session, finding_id: int) -> FindingCard:
    return cards(session, select(Finding).where(Finding.id == finding_id))[0]


def cards(session: Session, statement: Select[Finding]) -> list[FindingCard]:
    rows = session.scalars(statement).all()
    found = places.of_rows(session, rows)
    who = people.cards(session, (row.owner_id for row in rows))
    return [_card(row, found.get(places.ref_of(row)), who[row.owner_id]) for row in rows]


def _card(row: Finding, place: Any, owner: PersonCard) -> FindingCard:
    return FindingCard(
        id=row.id,
        ref=f"AF-{row.number}",
        place=place,
        title=row.title,
        owner=owner,
        severity=FindingSeverity(row.severity),
        status=FindingStatus(row.status),
        status_reason=row.status_reason,
        evidence=row.evidence,
        raised_on=row.raised_on,
        due_on=row.due_on,
        raised_at=instant(row.raised_on, time(), place.tz if place else owner.tz),
        version=row.version,
    )


def check(session: Session, finding_id: int | None, action: str, by: Standing, *, now: datetime) -> FindingCard:
    """The finding, where this person may do this to it as it is now. Raises NotFound, NotPossible, Refused."""
    card, held = register.seen(session, KIND, find_by_id(session, finding_id), by, action=action, now=now)
    if action != "update":
        register.step(session, MACHINE, card, action, STATE_WORDS)
    if card.status not in UPDATED:
        raise register.not_possible(session, MACHINE, card, action, STATE_WORDS)
    register.require(session, KIND, card, held, policy.ANSWERERS, action=action, verb=action)
    return card


def act(
    session: Session,
    finding_id: int | None,
    action: str,
    draft: BaseModel | None,
    by: Standing,
    *,
    now: datetime,
    owner: PersonCard | None = None,
) -> FindingCard:
    """What was open and is ready for verification has been mended meanwhile: it takes both steps at once."""
    row = register.lock(session, Finding, finding_id)
    card = check(session, finding_id, action, by, now=now)
    assert row is not None and isinstance(draft, FindingUpdateDraft)
    values: dict[str, Any] = {"status_reason": draft.note, "evidence": draft.evidence or card.evidence}
    register.change(
        session, KIND, row, values | {"status": draft.state.value}, by=by.person, now=now, reason=draft.note
    )
    return get(session, card.id)
