"""Assumptions: what is taken for true until somebody knows."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from bot.services import delivery, people, places
from bot.services.counter import next_number
from bot.services.history import LOGGED, record_change
from models.schemas.assumption import AssumptionCard, AssumptionDraft, AssumptionStatus
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.tables import Assumption
from models.tables.unit import add_row

KIND = "assumption"


def card_key(assumption_id: int) -> str:
    return f"assumption.card:{assumption_id}"


def log_assumption(
    session: Session,
    draft: AssumptionDraft,
    *,
    place: Place,
    owner: PersonCard,
    author: PersonCard,
    now: datetime,
    source_url: str | None = None,
) -> AssumptionCard:
    assumption_id = add_row(
        session,
        Assumption,
        number=next_number(session, KIND),
        program_id=place.program_id,
        project_id=place.id if place.kind is PlaceKind.PROJECT else None,
        title=draft.title,
        owner_id=owner.id,
        author_id=author.id,
        status=AssumptionStatus.UNVALIDATED.value,
        validate_by=draft.validate_by,
        raised_at=now,
        source_url=source_url,
    )
    record_change(session, KIND, assumption_id, at=now, actor_id=author.id, new=LOGGED)
    return get(session, assumption_id)


def find(session: Session, number: int) -> AssumptionCard | None:
    return next(iter(cards(session, select(Assumption).where(Assumption.number == number))), None)


def find_by_id(session: Session, assumption_id: int | None) -> AssumptionCard | None:
    return next(iter(cards(session, select(Assumption).where(Assumption.id == assumption_id))), None)


def get(session: Session, assumption_id: int) -> AssumptionCard:
    return cards(session, select(Assumption).where(Assumption.id == assumption_id))[0]


def cards(session: Session, statement: Select[Assumption]) -> list[AssumptionCard]:
    """Cards of these rows, in their order: a fixed number of statements whatever their number."""
    rows = session.scalars(statement).all()
    found = places.of_rows(session, rows)
    who = people.cards(session, (person for row in rows for person in (row.owner_id, row.author_id)))
    links = delivery.links(session, (card_key(row.id) for row in rows))
    return [
        AssumptionCard(
            ref=f"A-{row.number}",
            place=found.get(places.ref_of(row)),
            owner=who[row.owner_id],
            author=who.get(row.author_id or 0),
            status=AssumptionStatus(row.status),
            link=links.get(card_key(row.id)),
            **{name: getattr(row, name) for name in _SAME},
        )
        for row in rows
    ]


_SAME = ("id", "title", "validate_by", "raised_at", "settled_at", "status_reason", "source_url", "version")
"""Columns that a card shows as they are."""
