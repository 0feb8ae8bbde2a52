"""What happened to a project's records since its last status: to be seen beside the form that asks for the next."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services import decision, delivery, issue, risk, sight
from models.schemas.decision import OPEN, DecisionStatus
from models.schemas.issue import UNRESOLVED, IssueStatus
from models.schemas.project import Place
from models.schemas.risk import ACTIVE, STATE_WORDS, Band
from models.schemas.status_facts import Fact, Facts, News
from models.tables import Decision, Issue, Risk

MOST = 5
GOOD_NEWS = 9
_BY_BAND = {Band.EXTREME: 0, Band.HIGH: 1, Band.MODERATE: 3, Band.LOW: 4}
_BY_SEVERITY = {"sev1": 0, "sev2": 1, "sev3": 3, "sev4": 4}
_OVERDUE_DECISION = 2
_OVER = {state.value: words.lower() for state, words in STATE_WORDS.items() if state not in ACTIVE}


@dataclass(order=True)
class _Ranked:
    """Worst first: how bad, then how big a score, then the older record."""

    rank: int
    below: int
    number: int
    fact: Fact = field(compare=False)
    card_key: str = field(compare=False)


def since(session: Session, place: Place, by: Standing, *, start: datetime, today: date) -> Facts:
    """After `start`, of what this person may see, who sees the project. A handful of statements whatever it holds."""
    found = sorted(
        (
            *_risks(session, place, by, start, today),
            *_issues(session, place, by, start),
            *_decisions(session, place, by, start, today),
        )
    )
    worst = found[:MOST]
    links = delivery.links(session, (item.card_key for item in worst)) if worst else {}
    shown = [item.fact.model_copy(update={"link": links.get(item.card_key)}) for item in worst]
    return Facts(worst=shown, rest=len(found) - len(worst))


def _rows(session: Session, table: type[Any], place: Place, by: Standing, *which: Any) -> Sequence[Any]:
    statement = select(table).where(table.project_id == place.id, or_(*which))
    if by.is_stranger or by.person.is_guest or by.person.is_bot:  # everybody else sees all of a project that they see
        statement = statement.where(sight.may_see(session, table, by))
    return session.scalars(statement).all()


def _risks(session: Session, place: Place, by: Standing, start: datetime, today: date) -> Iterable[_Ranked]:
    scale = risk.matrix_of(place)
    late = and_(Risk.status.in_(ACTIVE), Risk.next_review_on < today)
    for row in _rows(
        session, Risk, place, by, Risk.raised_at > start, Risk.rescored_at > start, Risk.closed_at > start, late
    ):
        news = _news_of_risk(row, start)
        band = Band(row.band)
        over = news is News.RISK_OVER
        fact = Fact(
            ref=f"R-{row.number}",
            title=row.title,
            news=news,
            size=_OVER[row.status] if over else f"{band.title()} {scale.shown(row.probability, row.impact)}",
            was=row.previous_score if news is News.RISK_RESCORED else None,
            on=row.next_review_on if news is News.RISK_UNREVIEWED else None,
        )
        yield _Ranked(GOOD_NEWS if over else _BY_BAND[band], -row.score, row.number, fact, risk.card_key(row.id))


def _news_of_risk(row: Risk, start: datetime) -> News:
    if row.status in _OVER:
        return News.RISK_OVER
    if row.raised_at > start:
        return News.RISK_NEW
    return News.RISK_RESCORED if row.rescored_at and row.rescored_at > start else News.RISK_UNREVIEWED


def _issues(session: Session, place: Place, by: Standing, start: datetime) -> Iterable[_Ranked]:
    new = and_(Issue.status.in_(UNRESOLVED), Issue.opened_at > start)
    over = and_(Issue.status.not_in(UNRESOLVED), or_(Issue.resolved_at > start, Issue.closed_at > start))
    for row in _rows(session, Issue, place, by, new, over):
        is_open = IssueStatus(row.status) in UNRESOLVED
        fact = Fact(
            ref=f"I-{row.number}",
            title=row.title,
            news=News.ISSUE_NEW if is_open else News.ISSUE_OVER,
            size=row.severity,
        )
        rank = _BY_SEVERITY[row.severity] if is_open else GOOD_NEWS
        yield _Ranked(rank, 0, row.number, fact, issue.card_key(row.id))


def _decisions(session: Session, place: Place, by: Standing, start: datetime, today: date) -> Iterable[_Ranked]:
    made = and_(Decision.status == DecisionStatus.ACCEPTED, Decision.decided_at > start)
    overdue = and_(Decision.status.in_(OPEN), Decision.due_on < today)
    for row in _rows(session, Decision, place, by, made, overdue):
        is_made = row.status == DecisionStatus.ACCEPTED
        fact = Fact(
            ref=f"D-{row.number}",
            title=row.title,
            news=News.DECISION_MADE if is_made else News.DECISION_OVERDUE,
            on=None if is_made else row.due_on,
        )
        rank = GOOD_NEWS if is_made else _OVERDUE_DECISION
        yield _Ranked(rank, 0, row.number, fact, decision.card_key(row.id))
