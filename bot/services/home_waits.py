"""What a person waits for from others, and from whom."""

from datetime import date
from typing import Any

from sqlalchemy import Row, func, or_
from sqlalchemy.orm import Session

from bot.services import decision, issue, people, risk
from bot.services.home_lists import (
    IS_NEW_ISSUE,
    IS_NEW_RISK,
    ISSUE,
    ME,
    NOW,
    PROGRAM,
    PROJECT,
    RISK,
    RISK_PRESET,
    TODAY,
    Reader,
    Source,
    by_its_opening,
    columns,
    late_issue,
    led_by_me,
    listing,
    new_risk,
    placed,
    read,
    scored,
    sorted_by,
    with_links,
)
from models.schemas.decision import OPEN as UNDECIDED
from models.schemas.home import AskKind, HomeWait, Stretch
from models.schemas.issue import Severity
from models.schemas.people import PersonCard
from models.schemas.risk import ACTIVE, Band
from models.tables import Decision
from models.tables.unit import THIS_WORKSPACE

_DECISION = Decision.__table__


def page(session: Session, reader: Reader, *, start: int, most: int) -> Stretch[HomeWait]:
    found = {kind: read(session, source.statement, reader, start + most) for kind, source in SOURCES.items()}
    rows = [(kind, row) for kind, listed in found.items() for row in listed.rows]
    in_order = sorted(rows, key=lambda each: _rank(each[0], each[1], reader))[start : start + most]
    who = people.cards(session, (row.whom for _, row in in_order))
    waits = [_wait(kind, row, who[row.whom], reader) for kind, row in in_order]
    total = sum(each.total for each in found.values())
    return Stretch(items=with_links(session, SOURCES, waits), total=total, start=start)


def _rank(kind: AskKind, row: Row[Any], reader: Reader) -> tuple[bool, bool, date]:
    return not row.is_overdue, not row.is_urgent, sorted_by(SOURCES[kind].facts(row, reader), reader)


def _wait(kind: AskKind, row: Row[Any], person: PersonCard, reader: Reader) -> HomeWait:
    facts = SOURCES[kind].facts(row, reader) | {"id": row.id, "title": row.title, "is_overdue": bool(row.is_overdue)}
    return HomeWait(kind=kind, ref=f"{SOURCES[kind].letter}-{row.number}", person=person, **facts)


def _decision(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return {"due_on": row.due_on}


_SCORE = ("band", "probability", "impact")
_RISKS = RISK.c.workspace_id == THIS_WORKSPACE
_LEAD = func.coalesce(PROJECT.c.owner_id, PROGRAM.c.manager_id)
_STILL_SEEN = or_(
    RISK.c.owner_id == ME,
    RISK.c.author_id == ME,
    func.coalesce(PROJECT.c.visibility, PROGRAM.c.visibility, "open") == "open",
    led_by_me(),
)
"""Who asked for a close may have handed the risk over since, in a place that is closed to them now."""

SOURCES = {
    AskKind.DECIDE: Source(
        "D",
        listing(
            [*columns(_DECISION, "due_on"), _DECISION.c.approver_id.label("whom")],
            _DECISION,
            _DECISION.c.workspace_id == THIS_WORKSPACE,
            _DECISION.c.driver_id == ME,
            _DECISION.c.approver_id != ME,
            _DECISION.c.status.in_(UNDECIDED),
            due=_DECISION.c.due_on,
            overdue=_DECISION.c.due_on < TODAY,
            key=_DECISION.c.id,
        ),
        _decision,
        decision.card_key,
    ),
    AskKind.READ_RISK: Source(
        "R",
        listing(
            [*columns(RISK, *_SCORE, "acknowledge_by"), RISK_PRESET, RISK.c.owner_id.label("whom")],
            placed(RISK),
            _RISKS,
            RISK.c.author_id == ME,
            RISK.c.owner_id != ME,
            IS_NEW_RISK,
            due=RISK.c.acknowledge_by,
            overdue=RISK.c.acknowledge_by <= NOW,
            urgent=RISK.c.band == Band.EXTREME,
            key=RISK.c.id,
        ),
        new_risk,
        risk.card_key,
    ),
    AskKind.CLOSE_RISK: Source(
        "R",
        listing(
            [*columns(RISK, *_SCORE), RISK_PRESET, _LEAD.label("whom")],
            placed(RISK),
            _RISKS,
            RISK.c.status.in_(ACTIVE),
            RISK.c.close_asked_by_id == ME,
            _LEAD.is_not(None),
            _LEAD != ME,
            _STILL_SEEN,
            due=RISK.c.next_review_on,
            urgent=RISK.c.band == Band.EXTREME,
            key=RISK.c.id,
        ),
        scored,
        risk.card_key,
    ),
    AskKind.READ_ISSUE: Source(
        "I",
        listing(
            [*columns(ISSUE, "severity", "opened_at", "resolve_by"), ISSUE.c.owner_id.label("whom")],
            ISSUE,
            ISSUE.c.workspace_id == THIS_WORKSPACE,
            ISSUE.c.author_id == ME,
            ISSUE.c.owner_id != ME,
            IS_NEW_ISSUE,
            due=ISSUE.c.opened_at,
            overdue=late_issue(Severity),
            urgent=ISSUE.c.severity == Severity.SEV1,
            key=ISSUE.c.id,
        ),
        by_its_opening,
        issue.card_key,
    ),
}
