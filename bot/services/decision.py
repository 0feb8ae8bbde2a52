"""The decision log."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from bot.errors import UserError
from bot.services import delivery, people, places
from bot.services.counter import next_number
from bot.services.history import LOGGED, record_change
from models.schemas.decision import (
    OPEN,
    DecisionCard,
    DecisionDraft,
    DecisionStatus,
    Option,
    Reversibility,
    option_names,
)
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.tables import Decision, DecisionContributor
from models.tables.unit import add_row

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
) -> DecisionCard:
    """`people` are the persons of the draft by their Slack ids."""
    names = option_names(draft.options or "")
    decision_id = add_row(
        session,
        Decision,
        number=next_number(session, "decision"),
        program_id=place.program_id,
        project_id=place.id if place.kind is PlaceKind.PROJECT else None,
        title=draft.title,
        context=draft.context,
        driver_id=people[draft.driver].id,
        approver_id=people[draft.approver].id,
        reversibility=draft.reversibility.value,
        options=[{"id": letter, "name": name} for letter, name in zip(LETTERS, names, strict=False)],
        raised_at=now,
        due_on=draft.due_on,
        status=DecisionStatus.PROPOSED.value,
    )
    for slack_id in dict.fromkeys(draft.contributors):
        add_row(session, DecisionContributor, decision_id=decision_id, person_id=people[slack_id].id)
    record_change(session, "decision", decision_id, at=now, actor_id=author.id, new=LOGGED)
    return get(session, decision_id)


def decide(
    session: Session, decision_id: int, *, chosen: str | None, rationale: str, by: PersonCard, now: datetime
) -> DecisionCard:
    """Accepts an open decision. Of two presses one decides, the other is told what stands."""
    changed = session.execute(
        update(Decision)
        .where(Decision.id == decision_id, Decision.status.in_(OPEN))
        .values(
            status=DecisionStatus.ACCEPTED.value,
            chosen=chosen,
            rationale=rationale,
            decided_at=now,
            version=Decision.version + 1,
        )
        .returning(Decision.id),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if changed is None:
        raise UserError("This decision is not open any more. Nothing was changed.")
    record_change(
        session,
        "decision",
        decision_id,
        at=now,
        actor_id=by.id,
        field="status",
        new=DecisionStatus.ACCEPTED,
        reason=rationale,
    )
    session.expire_all()
    return get(session, decision_id)


def find(session: Session, number: int) -> DecisionCard | None:
    return next(iter(_cards(session, select(Decision).where(Decision.number == number))), None)


def find_by_id(session: Session, decision_id: int | None) -> DecisionCard | None:
    return next(iter(_cards(session, select(Decision).where(Decision.id == decision_id))), None)


def get(session: Session, decision_id: int) -> DecisionCard:
    return _cards(session, select(Decision).where(Decision.id == decision_id))[0]


def to_decide(session: Session, person_id: int, *, limit: int) -> list[DecisionCard]:
    """Open decisions of this approver, the oldest date first."""
    statement = select(Decision).where(Decision.approver_id == person_id, Decision.status.in_(OPEN))
    return _cards(session, statement.order_by(Decision.due_on, Decision.id).limit(limit))


def due(session: Session, program_id: int, *, hidden_projects: set[int], until: date) -> list[DecisionCard]:
    """Open decisions of a program that are due by `until`, the most overdue first."""
    statement = select(Decision).where(
        Decision.program_id == program_id, Decision.status.in_(OPEN), Decision.due_on <= until
    )
    if hidden_projects:
        statement = statement.where((Decision.project_id.is_(None)) | Decision.project_id.not_in(hidden_projects))
    return _cards(session, statement.order_by(Decision.due_on, Decision.id))


def _cards(session: Session, statement: Select[Decision]) -> list[DecisionCard]:
    rows = session.scalars(statement).all()
    found = places.of_rows(session, rows)
    contributors = _contributors(session, rows)
    who = people.cards(
        session,
        [person for row in rows for person in (row.driver_id, row.approver_id, *contributors.get(row.id, ()))],
    )
    links = delivery.links(session, (card_key(row.id) for row in rows))
    numbers = _successors(session, rows)
    return [
        _card(
            row,
            place=found.get(places.ref_of(row)),
            who=who,
            contributors=contributors.get(row.id, []),
            superseded_by=numbers.get(row.superseded_by_id or 0),
            link=links.get(card_key(row.id)),
        )
        for row in rows
    ]


def _contributors(session: Session, rows: Sequence[Decision]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    statement = select(DecisionContributor).where(DecisionContributor.decision_id.in_([row.id for row in rows]))
    for row in session.scalars(statement.order_by(DecisionContributor.id)):
        found.setdefault(row.decision_id, []).append(row.person_id)
    return found


def _successors(session: Session, rows: Sequence[Decision]) -> dict[int, str]:
    ids = [row.superseded_by_id for row in rows if row.superseded_by_id is not None]
    if not ids:
        return {}
    statement = select(Decision.id, Decision.number).where(Decision.id.in_(ids))
    return {decision: f"D-{number}" for decision, number in session.execute(statement)}


def _card(
    row: Decision,
    *,
    place: Place | None,
    who: dict[int, PersonCard],
    contributors: list[int],
    superseded_by: str | None,
    link: str | None,
) -> DecisionCard:
    return DecisionCard(
        id=row.id,
        ref=f"D-{row.number}",
        place=place,
        title=row.title,
        context=row.context,
        driver=who[row.driver_id],
        approver=who[row.approver_id],
        contributors=[who[person] for person in contributors],
        reversibility=Reversibility(row.reversibility),
        options=[Option(id=option["id"], name=option["name"]) for option in row.options],
        raised_at=row.raised_at,
        due_on=row.due_on,
        status=DecisionStatus(row.status),
        chosen=row.chosen,
        rationale=row.rationale,
        decided_at=row.decided_at,
        superseded_by=superseded_by,
        version=row.version,
        link=link,
    )
