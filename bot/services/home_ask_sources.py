"""What can wait for a person: where each kind of ask comes from, and what its rows say."""

from typing import Any

from sqlalchemy import Row, and_, func, or_, select

from bot.services import assumption, decision, issue, risk
from bot.services.decision_reading import read_options
from bot.services.home_lists import (
    IS_NEW_ISSUE,
    IS_NEW_RISK,
    ISSUE,
    ME,
    NOW,
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
    scored,
)
from models.schemas.assumption import AssumptionStatus
from models.schemas.decision import OPEN as UNDECIDED
from models.schemas.decision import DecisionStatus, Reversibility
from models.schemas.home import AskKind
from models.schemas.issue import UNRESOLVED, IssueStatus, Severity
from models.schemas.risk import ACTIVE, Band, RiskStatus
from models.schemas.schedule import OPEN_REQUEST, OccurrenceState
from models.schemas.status import Health
from models.tables import Assumption, Decision, Occurrence, Person, StatusUpdate
from models.tables.unit import THIS_WORKSPACE

_DECISION, _ASSUMPTION = Decision.__table__, Assumption.__table__
_REQUEST, _UPDATE, _PERSON = Occurrence.__table__, StatusUpdate.__table__, Person.__table__

PRESSING = (Severity.SEV1, Severity.SEV2)
"""Issues that wait for their owner once they should be resolved."""


def _status(row: Row[Any], reader: Reader) -> dict[str, Any]:
    health = Health(row.health) if row.health else None
    return {"ref": f"project:{row.id}", "due_at": row.due_at, "health": health}


def _reviewed_risk(row: Row[Any], reader: Reader) -> dict[str, Any]:
    accepted = row.status == RiskStatus.ACCEPTED
    return scored(row, reader) | {"due_on": row.next_review_on, "is_accepted": accepted}


def _closed_risk(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return scored(row, reader) | {"asked_by": row.handle, "reason": row.close_asked_reason}


def _issue(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return by_its_opening(row, reader) | {"issue_status": IssueStatus(row.status)}


def _decision(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return {"due_on": row.due_on, "is_one_way": row.reversibility == Reversibility.ONE_WAY}


def _outcome(row: Row[Any], reader: Reader) -> dict[str, Any]:
    chosen = (option.name for option in read_options(row.options) if option.id == row.chosen)
    return {"due_on": row.outcome_review_on, "choice": next(chosen, None)}


def _assumption(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return {"due_on": row.validate_by}


def _last_health() -> Any:
    """The health of a project's current update."""
    last = select(_UPDATE.c.health).where(
        _UPDATE.c.workspace_id == THIS_WORKSPACE,
        _UPDATE.c.project_id == _REQUEST.c.project_id,
        _UPDATE.c.superseded_by_id.is_(None),
    )
    return last.order_by(_UPDATE.c.posted_at.desc()).limit(1).scalar_subquery()


_SCORE = ("band", "probability", "impact", "status")
_ACTIVE_RISK = (RISK.c.workspace_id == THIS_WORKSPACE, RISK.c.status.in_(ACTIVE))
_MY_ISSUE = (ISSUE.c.workspace_id == THIS_WORKSPACE, ISSUE.c.owner_id == ME)
_DECISIONS = _DECISION.c.workspace_id == THIS_WORKSPACE
_ASKER = and_(_PERSON.c.id == RISK.c.close_asked_by_id, _PERSON.c.workspace_id == THIS_WORKSPACE)

_OF_PROJECT = (PROJECT.c.id, PROJECT.c.number, PROJECT.c.name.label("title"))
_ITS_PROJECT = and_(PROJECT.c.id == _REQUEST.c.project_id, PROJECT.c.workspace_id == THIS_WORKSPACE)

SOURCES = {
    AskKind.READ_RISK: Source(
        "R",
        listing(
            [*columns(RISK, *_SCORE, "acknowledge_by"), RISK_PRESET],
            placed(RISK),
            *_ACTIVE_RISK,
            RISK.c.owner_id == ME,
            IS_NEW_RISK,
            due=RISK.c.acknowledge_by,
            overdue=RISK.c.acknowledge_by <= NOW,
            urgent=RISK.c.band == Band.EXTREME,
            key=RISK.c.id,
        ),
        new_risk,
        risk.card_key,
    ),
    AskKind.REVIEW_RISK: Source(
        "R",
        listing(
            [*columns(RISK, *_SCORE, "next_review_on"), RISK_PRESET],
            placed(RISK),
            *_ACTIVE_RISK,
            RISK.c.owner_id == ME,
            RISK.c.next_review_on <= TODAY,
            ~IS_NEW_RISK,
            due=RISK.c.next_review_on,
            overdue=RISK.c.next_review_on < TODAY,
            urgent=RISK.c.band == Band.EXTREME,
            key=RISK.c.id,
        ),
        _reviewed_risk,
        risk.card_key,
    ),
    AskKind.CLOSE_RISK: Source(
        "R",
        listing(
            [*columns(RISK, *_SCORE, "close_asked_reason"), RISK_PRESET, _PERSON.c.handle],
            placed(RISK).join(_PERSON, _ASKER),
            *_ACTIVE_RISK,
            RISK.c.close_asked_by_id.is_not(None),
            RISK.c.close_asked_by_id != ME,
            led_by_me(),
            due=RISK.c.next_review_on,
            urgent=RISK.c.band == Band.EXTREME,
            key=RISK.c.id,
        ),
        _closed_risk,
        risk.card_key,
    ),
    AskKind.READ_ISSUE: Source(
        "I",
        listing(
            columns(ISSUE, "severity", "status", "opened_at"),
            ISSUE,
            *_MY_ISSUE,
            IS_NEW_ISSUE,
            due=ISSUE.c.opened_at,
            overdue=late_issue(Severity),
            urgent=ISSUE.c.severity == Severity.SEV1,
            key=ISSUE.c.id,
        ),
        _issue,
        issue.card_key,
    ),
    AskKind.SOLVE_ISSUE: Source(
        "I",
        listing(
            columns(ISSUE, "severity", "status", "opened_at"),
            ISSUE,
            *_MY_ISSUE,
            ISSUE.c.status.in_(UNRESOLVED),
            ~IS_NEW_ISSUE,
            late_issue(PRESSING),
            due=ISSUE.c.opened_at,
            overdue=late_issue(PRESSING),
            urgent=ISSUE.c.severity == Severity.SEV1,
            key=ISSUE.c.id,
        ),
        _issue,
        issue.card_key,
    ),
    AskKind.DECIDE: Source(
        "D",
        listing(
            columns(_DECISION, "due_on", "reversibility"),
            _DECISION,
            _DECISIONS,
            _DECISION.c.approver_id == ME,
            _DECISION.c.status.in_(UNDECIDED),
            due=_DECISION.c.due_on,
            overdue=_DECISION.c.due_on < TODAY,
            key=_DECISION.c.id,
        ),
        _decision,
        decision.card_key,
    ),
    AskKind.SETTLE: Source(
        "A",
        listing(
            columns(_ASSUMPTION, "validate_by"),
            _ASSUMPTION,
            _ASSUMPTION.c.workspace_id == THIS_WORKSPACE,
            _ASSUMPTION.c.owner_id == ME,
            _ASSUMPTION.c.status == AssumptionStatus.UNVALIDATED,
            _ASSUMPTION.c.validate_by <= TODAY,
            due=_ASSUMPTION.c.validate_by,
            overdue=_ASSUMPTION.c.validate_by < TODAY,
            key=_ASSUMPTION.c.id,
        ),
        _assumption,
        assumption.card_key,
    ),
    AskKind.GRADE: Source(
        "D",
        listing(
            columns(_DECISION, "outcome_review_on", "options", "chosen"),
            _DECISION,
            _DECISIONS,
            _DECISION.c.driver_id == ME,
            _DECISION.c.status == DecisionStatus.ACCEPTED,
            _DECISION.c.outcome_grade.is_(None),
            _DECISION.c.outcome_reviewed_at.is_(None),
            _DECISION.c.outcome_review_on <= TODAY,
            due=_DECISION.c.outcome_review_on,
            overdue=_DECISION.c.outcome_review_on < TODAY,
            key=_DECISION.c.id,
        ),
        _outcome,
        decision.card_key,
    ),
    AskKind.STATUS: Source(
        "P",
        listing(
            [*_OF_PROJECT, _REQUEST.c.due_at, _last_health().label("health")],
            _REQUEST.join(PROJECT, _ITS_PROJECT),
            _REQUEST.c.workspace_id == THIS_WORKSPACE,
            _REQUEST.c.person_id == ME,
            _REQUEST.c.state.in_(OPEN_REQUEST),
            due=_REQUEST.c.due_at,
            overdue=or_(_REQUEST.c.state == OccurrenceState.OVERDUE, _REQUEST.c.due_at <= NOW),
            urgent=func.coalesce(_last_health(), "") == Health.RED,
            key=_REQUEST.c.id,
        ),
        _status,
    ),
}
"""Of asks of one date the earlier kind stands first."""
