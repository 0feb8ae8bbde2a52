"""The decision log: logging, finding, listing. What is done to a decision stands in `decision_acts`."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.services import delivery, people, places
from bot.services.counter import next_number
from bot.services.decision_reading import read_criteria, read_options
from bot.services.history import LOGGED, done_instead, record_change
from models.schemas.decision import (
    OPEN,
    DecisionCard,
    DecisionDraft,
    DecisionLink,
    DecisionStatus,
    Grade,
    Reversibility,
    option_names,
)
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.tables import Decision, DecisionContributor, Person
from models.tables.unit import add_row

KIND = "decision"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def card_key(decision_id: int) -> str:
    return f"decision.card:{decision_id}"


def log_decision(
    session: Session,
    draft: DecisionDraft,
    *,
    place: Place,
    people: dict[str, PersonCard],
    author: PersonCard,
    now: datetime,
    supersedes_id: int | None = None,
    source_url: str | None = None,
) -> DecisionCard:
    """`people` are the persons of the draft by their Slack ids. What it supersedes stays valid until it is accepted."""
    names = option_names(draft.options or "")
    decision_id = add_row(
        session,
        Decision,
        number=next_number(session, KIND),
        program_id=place.program_id,
        project_id=place.id if place.kind is PlaceKind.PROJECT else None,
        title=draft.title,
        context=draft.context,
        driver_id=people[draft.driver].id,
        approver_id=people[draft.approver].id,
        author_id=author.id,
        informed=[people[slack_id].handle for slack_id in dict.fromkeys(draft.informed)],
        reversibility=draft.reversibility.value,
        options=[{"id": letter, "name": name} for letter, name in zip(LETTERS, names, strict=False)],
        raised_at=now,
        due_on=draft.due_on,
        status=DecisionStatus.PROPOSED.value,
        supersedes_id=supersedes_id,
        source_url=source_url,
    )
    for slack_id in dict.fromkeys(draft.contributors):
        add_row(session, DecisionContributor, decision_id=decision_id, person_id=people[slack_id].id)
    record_change(session, KIND, decision_id, at=now, actor_id=author.id, new=LOGGED)
    return get(session, decision_id)


def find(session: Session, number: int) -> DecisionCard | None:
    return next(iter(cards(session, select(Decision).where(Decision.number == number))), None)


def find_by_id(session: Session, decision_id: int | None) -> DecisionCard | None:
    return next(iter(cards(session, select(Decision).where(Decision.id == decision_id))), None)


def get(session: Session, decision_id: int) -> DecisionCard:
    return cards(session, select(Decision).where(Decision.id == decision_id))[0]


def due(session: Session, program_id: int, *, hidden_projects: set[int], until: date) -> list[DecisionCard]:
    """Open decisions of a program that are due by `until`, the most overdue first."""
    statement = select(Decision).where(
        Decision.program_id == program_id, Decision.status.in_(OPEN), Decision.due_on <= until
    )
    if hidden_projects:
        statement = statement.where((Decision.project_id.is_(None)) | Decision.project_id.not_in(hidden_projects))
    return cards(session, statement.order_by(Decision.due_on, Decision.id))


@dataclass(frozen=True)
class _Around:
    """What cards of several decisions name besides their own rows."""

    places: Mapping[str, Place]
    people: Mapping[int, PersonCard]
    contributors: Mapping[int, list[int]]
    informed: Mapping[str, PersonCard]
    """By handle."""
    neighbours: Mapping[int, Decision]
    """The decisions before and after, by id."""
    links: Mapping[str, str]
    deciders: Mapping[int, int]
    """By decision, who decided in the place of an absent approver."""


def cards(session: Session, statement: Select[Decision]) -> list[DecisionCard]:
    """Cards of these rows, in their order: a fixed number of statements whatever their number."""
    rows = session.scalars(statement).all()
    contributors = _contributors(session, rows)
    neighbours = _neighbours(session, rows)
    deciders = _deciders(session, rows)
    ids = [person for row in rows for person in (row.driver_id, row.approver_id, row.author_id)] + [*deciders.values()]
    around = _Around(
        places=places.of_rows(session, rows),
        people=people.cards(session, [*ids, *(person for found in contributors.values() for person in found)]),
        contributors=contributors,
        informed=_informed(session, rows),
        neighbours=neighbours,
        links=delivery.links(session, (card_key(each) for each in {*neighbours, *(row.id for row in rows)})),
        deciders=deciders,
    )
    return [_card(row, around) for row in rows]


def _deciders(session: Session, rows: Sequence[Decision]) -> dict[int, int]:
    """It was their last act on it that settled it; most decisions are made by their approver."""
    settled = {row.id: row.decided_at for row in rows if row.decided_at is not None}
    done = done_instead(session, KIND, settled)
    return {key: actor for key, acts in done.items() for at, actor, _ in acts if at == settled[key]}


def _contributors(session: Session, rows: Sequence[Decision]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    statement = select(DecisionContributor).where(DecisionContributor.decision_id.in_([row.id for row in rows]))
    for row in session.scalars(statement.order_by(DecisionContributor.id)):
        found.setdefault(row.decision_id, []).append(row.person_id)
    return found


def _neighbours(session: Session, rows: Sequence[Decision]) -> dict[int, Decision]:
    ids = {found for row in rows for found in (row.supersedes_id, row.superseded_by_id) if found is not None}
    if not ids:
        return {}
    return {row.id: row for row in session.scalars(select(Decision).where(Decision.id.in_(ids)))}


def _informed(session: Session, rows: Sequence[Decision]) -> dict[str, PersonCard]:
    handles = {name for row in rows for name in row.informed if isinstance(name, str)}
    if not handles:
        return {}
    found = session.scalars(select(Person).where(Person.handle.in_(handles)))
    zone = people.default_zone(session)
    return {row.handle: people.card(row, zone) for row in found}


def _card(row: Decision, around: _Around) -> DecisionCard:
    informed = [name for name in row.informed if isinstance(name, str)]
    same = {name: getattr(row, name) for name in _SAME}
    return DecisionCard(
        ref=f"D-{row.number}",
        place=around.places.get(places.ref_of(row)),
        driver=around.people[row.driver_id],
        approver=around.people[row.approver_id],
        decided_by=around.people.get(around.deciders.get(row.id, 0)),
        author=around.people.get(row.author_id or 0),
        contributors=[around.people[person] for person in around.contributors.get(row.id, ())],
        informed=[around.informed[name] for name in informed if name in around.informed],
        informed_elsewhere=[name for name in informed if name not in around.informed],
        reversibility=Reversibility(row.reversibility),
        options=read_options(row.options),
        criteria=read_criteria(row.criteria),
        status=DecisionStatus(row.status),
        supersedes=_link(row, row.supersedes_id, around),
        superseded_by=_link(row, row.superseded_by_id, around),
        outcome_grade=_grade(row.outcome_grade),
        link=around.links.get(card_key(row.id)),
        **same,
    )


def _link(row: Decision, other_id: int | None, around: _Around) -> DecisionLink | None:
    """Words of another place are not carried over: its channel may be closed to the readers of this one."""
    other = around.neighbours.get(other_id or 0)
    if other is None:
        return None
    is_here = (row.project_id, row.program_id) == (other.project_id, other.program_id)
    choice = next((option.name for option in read_options(other.options) if option.id == other.chosen), None)
    return DecisionLink(
        id=other.id,
        ref=f"D-{other.number}",
        title=other.title if is_here else None,
        choice=choice if is_here else None,
        decided_at=other.decided_at,
        link=around.links.get(card_key(other.id)),
    )


def _grade(stored: Any) -> Grade | None:
    return Grade(stored) if stored in list(Grade) else None


_SAME = (
    "id",
    "title",
    "context",
    "raised_at",
    "due_on",
    "status_reason",
    "chosen",
    "rationale",
    "decided_at",
    "source_url",
    "outcome_review_on",
    "outcome",
    "version",
)
"""Columns that a card shows as they are."""
