"""The risk register."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from bot.domain import risk as rules
from bot.domain.wall_time import WorkingHours, local_date
from bot.services import delivery, people, places
from bot.services.counter import next_number
from bot.services.history import LOGGED, record_beginning, record_change
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.schemas.risk import ACTIVE, Band, Category, Kind, RiskCard, RiskDraft, RiskStatus
from models.tables import Risk
from models.tables.unit import add_row

SCORE = Risk.probability * Risk.impact


def card_key(risk_id: int) -> str:
    return f"risk.card:{risk_id}"


def log_risk(
    session: Session, draft: RiskDraft, *, place: Place, owner: PersonCard, author: PersonCard, now: datetime
) -> RiskCard:
    """An owner who logs it has read it: they are not asked to acknowledge."""
    band = rules.band(draft.probability, draft.impact)
    acknowledged = now if owner.id == author.id else None
    values = draft.model_dump(exclude={"project", "owner"}) | {
        "number": next_number(session, "risk"),
        "program_id": place.program_id,
        "project_id": place.id if place.kind is PlaceKind.PROJECT else None,
        "owner_id": owner.id,
        "author_id": author.id,
        "inherent_probability": draft.probability,
        "inherent_impact": draft.impact,
        "status": RiskStatus.IDENTIFIED.value,
        "version": 1,
        "raised_at": now,
        "acknowledge_by": rules.acknowledge_by(now, band, WorkingHours(owner.tz)),
        "acknowledged_at": acknowledged,
        "next_review_on": draft.next_review_on or rules.first_review(local_date(now, place.tz), band),
    }
    risk_id = add_row(session, Risk, **values)
    first = {"": LOGGED, "score": {"probability": draft.probability, "impact": draft.impact}}
    record_beginning(session, "risk", risk_id, first, at=now, actor_id=author.id)
    return _card(Risk(id=risk_id, **values), place, {owner.id: owner, author.id: author}, None)


def acknowledge(session: Session, risk_id: int, *, by: PersonCard, now: datetime) -> RiskCard:
    """Records it once; a second press finds it recorded and changes nothing."""
    changed = session.execute(
        update(Risk)
        .where(Risk.id == risk_id, Risk.acknowledged_at.is_(None))
        .values(acknowledged_at=now, version=Risk.version + 1)
        .returning(Risk.id),
        execution_options={"synchronize_session": False},
    ).scalar_one_or_none()
    if changed is not None:
        record_change(session, "risk", risk_id, at=now, actor_id=by.id, field="acknowledged_at", new=now)
    session.expire_all()
    return get(session, risk_id)


def find(session: Session, number: int) -> RiskCard | None:
    return next(iter(_cards(session, select(Risk).where(Risk.number == number))), None)


def get(session: Session, risk_id: int) -> RiskCard:
    return _cards(session, select(Risk).where(Risk.id == risk_id))[0]


def find_by_id(session: Session, risk_id: int | None) -> RiskCard | None:
    return next(iter(_cards(session, select(Risk).where(Risk.id == risk_id))), None)


def to_acknowledge(session: Session, person_id: int, *, limit: int) -> list[RiskCard]:
    """New risks that wait for this owner, worst first."""
    statement = select(Risk).where(
        Risk.owner_id == person_id, Risk.status == RiskStatus.IDENTIFIED, Risk.acknowledged_at.is_(None)
    )
    return _cards(session, statement.order_by(SCORE.desc(), Risk.id).limit(limit))


def top_threats(session: Session, program_id: int, *, hidden_projects: set[int], limit: int) -> list[RiskCard]:
    """Active threats by score, impact (both falling), soonest, id (domain 5.5)."""
    statement = select(Risk).where(Risk.program_id == program_id, Risk.kind == Kind.THREAT, Risk.status.in_(ACTIVE))
    if hidden_projects:
        statement = statement.where((Risk.project_id.is_(None)) | Risk.project_id.not_in(hidden_projects))
    order = (SCORE.desc(), Risk.impact.desc(), Risk.proximity_on.is_(None), Risk.proximity_on, Risk.id)
    return _cards(session, statement.order_by(*order).limit(limit))


def open_counts(session: Session, project_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Open threats, and how many of them are Extreme, by project."""
    extreme = func.sum((rules.LOWEST_SCORE[Band.EXTREME] <= SCORE).cast(_INTEGER))
    statement = (
        select(Risk.project_id, func.count(), extreme)
        .where(Risk.project_id.in_(project_ids), Risk.kind == Kind.THREAT, Risk.status.in_(ACTIVE))
        .group_by(Risk.project_id)
    )
    return {project: (count, int(worst)) for project, count, worst in session.execute(statement) if project is not None}


_INTEGER = Risk.id.type


def _cards(session: Session, statement: Select[Risk]) -> list[RiskCard]:
    rows = session.scalars(statement).all()
    found = places.of_rows(session, rows)
    who = people.cards(session, (person for row in rows for person in (row.owner_id, row.author_id)))
    links = delivery.links(session, (card_key(row.id) for row in rows))
    return [_card(row, found.get(places.ref_of(row)), who, links.get(card_key(row.id))) for row in rows]


def _card(row: Risk, place: Place | None, who: dict[int, PersonCard], link: str | None) -> RiskCard:
    target = row.target_probability and row.target_impact and (row.target_probability, row.target_impact)
    return RiskCard(
        id=row.id,
        ref=f"R-{row.number}",
        place=place,
        kind=Kind(row.kind),
        title=row.title,
        statement=row.statement,
        category=Category(row.category),
        probability=row.probability,
        impact=row.impact,
        band=rules.band(row.probability, row.impact),
        target_probability=row.target_probability,
        target_impact=row.target_impact,
        target_band=rules.band(*target) if target else None,
        owner=who[row.owner_id],
        author=who.get(row.author_id or 0),
        status=RiskStatus(row.status),
        response_strategy=row.response_strategy,
        response_plan=row.response_plan,
        trigger=row.trigger,
        proximity_on=row.proximity_on,
        raised_at=row.raised_at,
        acknowledge_by=row.acknowledge_by,
        acknowledged_at=row.acknowledged_at,
        next_review_on=row.next_review_on,
        status_reason=row.status_reason,
        closed_at=row.closed_at,
        version=row.version,
        link=link,
    )
