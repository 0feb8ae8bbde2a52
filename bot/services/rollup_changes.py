"""What changed in a program's records since its last rollup, read from their own instants."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.services import decision, delivery, issue, risk
from models.schemas.decision import DecisionStatus
from models.schemas.issue import IssueStatus
from models.schemas.risk import ACTIVE, Kind, RiskCard, RiskStatus
from models.schemas.rollup import Change, Changes
from models.tables import Decision, Issue, Risk


def since(session: Session, program_id: int, *, hidden_projects: set[int], start: datetime, now: datetime) -> Changes:
    """In (start, now]; nothing of projects that the program's channel may not see."""
    threats = (Risk.program_id == program_id, Risk.kind == Kind.THREAT, _open_to_all(Risk.project_id, hidden_projects))
    new = select(Risk).where(*threats, Risk.raised_at > start, Risk.raised_at <= now, Risk.status.in_(ACTIVE))
    over = select(Risk).where(*threats, Risk.closed_at > start, Risk.closed_at <= now, Risk.status == RiskStatus.CLOSED)
    issues = (Issue.program_id == program_id, _open_to_all(Issue.project_id, hidden_projects))
    opened = select(Issue).where(
        *issues, Issue.opened_at > start, Issue.opened_at <= now, Issue.status != IssueStatus.WONT_FIX
    )
    resolved = select(Issue).where(*issues, Issue.resolved_at > start, Issue.resolved_at <= now)
    decided = select(Decision).where(
        Decision.program_id == program_id,
        _open_to_all(Decision.project_id, hidden_projects),
        Decision.decided_at > start,
        Decision.decided_at <= now,
        Decision.status == DecisionStatus.ACCEPTED,
    )
    return Changes(
        new_risks=_risks(risk.cards(session, new.order_by(Risk.worst_first, Risk.id))),
        closed_risks=_risks(risk.cards(session, over.order_by(Risk.number))),
        opened_issues=_issues(session, opened.order_by(Issue.severity, Issue.id)),
        resolved_issues=_issues(session, resolved.order_by(Issue.number)),
        decided=_decisions(session, session.scalars(decided.order_by(Decision.number)).all()),
    )


def _open_to_all(project: InstrumentedAttribute[int | None], hidden: set[int]) -> ColumnElement[bool]:
    return project.is_(None) | project.not_in(hidden)


def _risks(cards: Sequence[RiskCard]) -> list[Change]:
    return [Change(ref=card.ref, link=card.link, words=f"{card.band.title()} {card.points}") for card in cards]


def _issues(session: Session, statement: Select[Issue]) -> list[Change]:
    rows = session.scalars(statement).all()
    links = delivery.links(session, (issue.card_key(row.id) for row in rows))
    return [Change(ref=f"I-{row.number}", link=links.get(issue.card_key(row.id)), words=row.severity) for row in rows]


def _decisions(session: Session, rows: Sequence[Decision]) -> list[Change]:
    links = delivery.links(session, (decision.card_key(row.id) for row in rows))
    return [Change(ref=f"D-{row.number}", link=links.get(decision.card_key(row.id)), words=row.title) for row in rows]
