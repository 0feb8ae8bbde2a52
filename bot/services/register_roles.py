"""What somebody is to a record of the register: what they hold, whom they stand in for, whose ask comes to them."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.policy import Involved, Standing
from bot.services import people
from models.schemas.asks import AskState, Handed
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.register import Card, Record
from models.schemas.roles import Role
from models.tables import Ask, History, Person

UNDO_WITHIN = timedelta(minutes=30)

HOLDING = frozenset({Role.OWNER, Role.APPROVER, Role.LEAD, *policy.STANDS_IN.values()})
"""Who may answer what is asked about it anyway."""

ASKED_ABOUT: Mapping[str, Collection[AskKind]] = {
    "risk": (AskKind.READ_RISK, AskKind.REVIEW_RISK, AskKind.CLOSE_RISK),
    "issue": (AskKind.READ_ISSUE, AskKind.SOLVE_ISSUE),
    "assumption": (AskKind.SETTLE,),
    "decision": (AskKind.DECIDE, AskKind.GRADE),
    "milestone": (AskKind.MILESTONE,),
    "finding": (AskKind.FINDING,),
}


def roles(session: Session, kind: str, card: Record, standing: Standing, *, now: datetime) -> frozenset[Role]:
    """What this person is to the record."""
    ids = {role: {person.id for person in persons} for role, persons in card.holders.items()}
    fresh = standing.person.id in ids.get(Role.AUTHOR, ()) and _is_fresh(session, kind, card, standing, now)
    involved = Involved(ids, is_fresh=fresh)
    held = policy.roles(standing, card.place, involved)
    has_left = any(person.deleted for persons in card.holders.values() for person in persons)
    if held & HOLDING and not has_left:
        return held
    taken = taken_over(session, kind, card.id, standing.person.id)
    covered = standing.stands_in_for | taken
    return policy.roles(replace(standing, stands_in_for=covered), card.place, involved) if taken else held


def taken_over(session: Session, kind: str, record_id: int, person_id: int) -> frozenset[int]:
    """Whose ask about this record they took over, or comes to them since its person has left Slack: they answer it as
    who stands in for somebody absent."""
    took = and_(Ask.handed_to_id == person_id, Ask.handed_state == Handed.TAKEN)
    inherited = and_(Ask.asked_id == person_id, Ask.person_id.in_(select(Person.id).where(Person.deleted)))
    asked = select(Ask.person_id).where(
        Ask.kind.in_(ASKED_ABOUT.get(kind, ())),
        Ask.record_id == record_id,
        Ask.state == AskState.OPEN,
        or_(took, inherited),
    )
    return frozenset(session.scalars(asked))


def stood_in_for(session: Session, card: Record, by: Standing, allowed: Collection[Role]) -> PersonCard | None:
    """In whose place somebody does it, where nothing else lets them."""
    if not by.stands_in_for:
        return None
    ids = {role: {person.id for person in persons} for role, persons in card.holders.items()}
    absent = policy.stood_in_for(by, card.place, Involved(ids), allowed)
    return people.cards(session, [absent]).get(absent or 0)


def names(session: Session, card: Card) -> dict[Role, list[str]]:
    """Handles of those who hold a role in this record or its place."""
    found = {role: [person.handle for person in persons] for role, persons in card.holders.items()}
    place = card.place
    if place is None:
        return found
    ids = {
        Role.LEAD: place.owner.id,
        Role.BACKUP: place.backup_id,
        Role.MANAGER: place.manager_id,
        Role.SPONSOR: place.sponsor_id,
    }
    cards = people.cards(session, ids.values())
    return found | {role: [cards[person].handle] for role, person in ids.items() if person is not None}


def _is_fresh(session: Session, kind: str, card: Record, standing: Standing, now: datetime) -> bool:
    """Half an hour has not passed, and nobody else has acted on it."""
    if now - card.logged_at > UNDO_WITHIN:
        return False
    others = select(History.id).where(
        History.kind == kind,
        History.record_id == card.id,
        History.actor_id != standing.person.id,
        History.field != "refused",
    )
    return not session.scalar(select(exists(others)))
