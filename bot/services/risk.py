"""The risk register: logging, finding, listing. What is done to a risk stands in `risk_acts`."""

from collections.abc import Sequence
from datetime import datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from bot.domain import risk as rules
from bot.domain.escalation import SERIOUS
from bot.domain.risk_matrix import Preset, RiskMatrix, matrix
from bot.domain.wall_time import local_date
from bot.services import calendars, delivery, escalation_links, issue, people, places, watch
from bot.services.counter import add_numbered
from bot.services.history import LOGGED, record_beginning
from models.schemas.escalation import EscalationLink
from models.schemas.people import PersonCard
from models.schemas.project import Place, PlaceKind
from models.schemas.risk import ACTIVE, Band, Category, IssueLink, Kind, RiskCard, RiskDraft, RiskStatus
from models.tables import Risk

KIND = "risk"
_INTEGER = Risk.id.type
_EMPTY: dict[str, Any] = dict.fromkeys(Risk.__table__.columns.keys())
_PERSONS = ("owner_id", "author_id", "accepted_by_id", "close_asked_by_id")


def card_key(risk_id: int) -> str:
    return f"risk.card:{risk_id}"


def matrix_of(place: Place | None) -> RiskMatrix:
    return matrix(Preset(place.risk_matrix)) if place else matrix()


def log_risk(
    session: Session,
    draft: RiskDraft,
    *,
    place: Place,
    owner: PersonCard,
    author: PersonCard,
    now: datetime,
    source_url: str | None = None,
) -> RiskCard:
    """An owner who logs it has read it: they are not asked to acknowledge."""
    scored = score_values(place, RiskStatus.IDENTIFIED, draft.probability, draft.impact)
    band = Band(scored["band"])
    values = draft.model_dump(exclude={"project", "owner"}) | {
        "program_id": place.program_id,
        "project_id": place.id if place.kind is PlaceKind.PROJECT else None,
        "owner_id": owner.id,
        "author_id": author.id,
        "inherent_probability": draft.probability,
        "inherent_impact": draft.impact,
        **scored,
        "status": RiskStatus.IDENTIFIED.value,
        "version": 1,
        "raised_at": now,
        "acknowledge_by": rules.acknowledge_by(now, band, calendars.of_person(owner, now=now), place.rules.risk),
        "acknowledged_at": now if owner.id == author.id else None,
        "next_review_on": draft.next_review_on or rules.first_review(local_date(now, place.tz), band),
        "source_url": source_url,
    }
    risk_id, number = add_numbered(session, Risk, KIND, **values)
    first = {"": LOGGED, "score": {"probability": draft.probability, "impact": draft.impact}}
    record_beginning(session, KIND, risk_id, first, at=now, actor_id=author.id)
    if band in SERIOUS and owner.id != author.id:
        watch.look_soon(session, place.program_id, at=now)
    row = SimpleNamespace(
        **_EMPTY | values | {"id": risk_id, "number": number}
    )  # not a table object: it takes longer to make
    return _card(row, place, {owner.id: owner, author.id: author}, None, None)


def score_values(place: Place | None, status: RiskStatus, probability: int, impact: int) -> dict[str, Any]:
    """The columns that follow from a score, a state and the program's matrix."""
    chosen = matrix_of(place)
    score, band = chosen.score(probability, impact), chosen.band(probability, impact)
    return {
        "score": score,
        "band": band.value,
        "worst_first": rules.worst_first(band, score) if status in ACTIVE else None,
    }


def find(session: Session, number: int) -> RiskCard | None:
    return next(iter(cards(session, select(Risk).where(Risk.number == number))), None)


def get(session: Session, risk_id: int) -> RiskCard:
    return cards(session, select(Risk).where(Risk.id == risk_id))[0]


def find_by_id(session: Session, risk_id: int | None) -> RiskCard | None:
    return next(iter(cards(session, select(Risk).where(Risk.id == risk_id))), None)


def open_counts(session: Session, project_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Open threats, and how many of them are Extreme, by project."""
    extreme = func.sum((Risk.band == Band.EXTREME).cast(_INTEGER))
    statement = (
        select(Risk.project_id, func.count(), extreme)
        .where(Risk.project_id.in_(project_ids), Risk.kind == Kind.THREAT, Risk.status.in_(ACTIVE))
        .group_by(Risk.project_id)
    )
    return {project: (count, int(worst)) for project, count, worst in session.execute(statement) if project is not None}


def cards(session: Session, statement: Select[Risk]) -> list[RiskCard]:
    """Cards of these rows, in their order: a fixed number of statements whatever their number."""
    rows = session.scalars(statement).all()
    found = places.of_rows(session, rows)
    who = people.cards(session, (getattr(row, name) for row in rows for name in _PERSONS))
    links = delivery.links(session, (card_key(row.id) for row in rows))
    happened = [row.id for row in rows if row.status in (RiskStatus.MATERIALISED, RiskStatus.CLOSED)]
    issues = issue.of_risks(session, happened) if happened else {}
    active = [row.id for row in rows if row.status in ACTIVE]
    escalated = escalation_links.of_risks(session, active) if active else {}
    return [
        _card(
            row,
            found.get(places.ref_of(row)),
            who,
            links.get(card_key(row.id)),
            issues.get(row.id),
            escalated.get(row.id),
        )
        for row in rows
    ]


def _card(
    row: Any,
    place: Place | None,
    who: dict[int, PersonCard],
    link: str | None,
    issue: IssueLink | None,
    escalated: EscalationLink | None = None,
) -> RiskCard:
    scale = matrix_of(place)
    target = (row.target_probability, row.target_impact) if row.target_probability and row.target_impact else None
    same = {name: getattr(row, name) for name in _SAME}
    return RiskCard(
        ref=f"R-{row.number}",
        place=place,
        kind=Kind(row.kind),
        category=Category(row.category),
        points=scale.shown(row.probability, row.impact),
        band=Band(row.band),
        previous_points=row.previous_score,
        target_band=scale.band(*target) if target else None,
        target_points=scale.shown(*target) if target else None,
        owner=who[row.owner_id],
        author=who.get(row.author_id or 0),
        accepted_by=who.get(row.accepted_by_id or 0),
        close_asked_by=who.get(row.close_asked_by_id or 0),
        status=RiskStatus(row.status),
        schedule_days=(row.schedule_impact or {}).get("m"),
        issue=issue,
        escalation=escalated,
        link=link,
        **same,
    )


_SAME = (
    "id",
    "title",
    "statement",
    "probability",
    "impact",
    "score",
    "rescored_at",
    "target_probability",
    "target_impact",
    "response_strategy",
    "response_plan",
    "trigger",
    "proximity_on",
    "raised_at",
    "acknowledge_by",
    "acknowledged_at",
    "next_review_on",
    "status_reason",
    "close_asked_reason",
    "cost_impact",
    "source_url",
    "closed_at",
    "version",
)
"""Columns that a card shows as they are."""
