"""Who left Slack or came back, and what somebody who left still answers for."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import people, places
from bot.services.doctor import OWNED
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.unsent import Owning
from models.tables import Person, Program, Project

LETTERS = {
    "risks": "R",
    "issues": "I",
    "assumptions": "A",
    "decisions": "D",
    "milestones": "M",
    "findings": "AF",
}


class Turn(NamedTuple):
    """Slack ids of those whose membership changed."""

    left: list[str]
    back: list[str]


def turned(session: Session, members: Iterable[Mapping[str, Any]]) -> Turn:
    """What these words of Slack's change about those whom we know: to be asked before they are taken over."""
    gone = {str(member["id"]): bool(member.get("deleted")) for member in members if member.get("id")}
    known = select(Person.slack_id, Person.deleted).where(Person.slack_id.in_(gone))
    changed = [(row.slack_id, row.deleted) for row in session.execute(known) if gone[row.slack_id] != row.deleted]
    return Turn([each for each, was_gone in changed if not was_gone], [each for each, was_gone in changed if was_gone])


def owned_by(session: Session, person_id: int) -> list[tuple[Owning, Place | None]]:
    """All that is open and theirs, places first, each with the place that it belongs to; a constant number of
    statements."""
    rows: list[tuple[str, Any]] = []
    for kind, owner, is_open in OWNED:
        table: Any = owner.class_
        found = session.scalars(select(table).where(owner == person_id, is_open).order_by(table.id)).all()
        rows += [(kind, row) for row in found]
    refs = {_place_ref(kind, row) for kind, row in rows}
    known = places.by_ids(session, **_ids(refs))
    return [(_owning(kind, row), known.get(_place_ref(kind, row))) for kind, row in rows]


def leads(session: Session, place: Place, *, but: int | None = None) -> list[PersonCard]:
    """Who answers for it, the nearest first, of those whom a message can reach."""
    ids = (place.owner.id, place.backup_id, place.manager_id, place.sponsor_id)
    cards = people.cards(session, ids)
    found = [cards[person] for person in dict.fromkeys(ids) if person in cards and person != but]
    return [card for card in found if card.slack_id and not (card.deleted or card.is_bot)]


def _owning(kind: str, row: Any) -> Owning:
    if isinstance(row, Program | Project):
        return Owning(ref=_place_ref(kind, row), name=row.name, is_place=True)
    return Owning(ref=f"{LETTERS[kind]}-{row.number}", name=row.title)


def _place_ref(kind: str, row: Any) -> str:
    if isinstance(row, Program | Project):
        return f"{kind.removesuffix('s')}:{row.id}"
    if row.project_id is not None:
        return f"project:{row.project_id}"
    return f"program:{row.program_id}"


def _ids(refs: Iterable[str]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {"project_ids": [], "program_ids": []}
    for ref in refs:
        kind, _, number = ref.partition(":")
        if number.isdigit():
            found[f"{kind}_ids"].append(int(number))
    return found
