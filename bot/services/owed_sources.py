"""Everything that a person can owe: where each kind comes from. The Home and the daily message both read this."""

from collections.abc import Mapping

from sqlalchemy import and_, case, func, select

from bot.services import assumption, decision, issue, owed_facts, risk
from bot.services.duties import Duty
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
    columns,
    late_issue,
    led_by_me,
    placed,
)
from bot.services.owed_kinds import CHECK_IN, FINDING, MILESTONE
from bot.services.owed_parts import of_table
from bot.services.owed_status import READ_STATUS, STATUS
from models.schemas.assumption import AssumptionStatus
from models.schemas.decision import OPEN as UNDECIDED
from models.schemas.decision import DecisionStatus
from models.schemas.home import AskKind
from models.schemas.issue import UNRESOLVED, Severity
from models.schemas.risk import ACTIVE, Band
from models.tables import Assumption, Decision, History, Person
from models.tables.unit import THIS_WORKSPACE

_DECISION, _ASSUMPTION, _PERSON = Decision.__table__, Assumption.__table__, Person.__table__
_HISTORY = History.__table__

PRESSING = (Severity.SEV1, Severity.SEV2)
"""Issues that wait for their owner once they should be resolved."""

_SCORE = ("band", "probability", "impact", "status")
_ACTIVE_RISK = (RISK.c.workspace_id == THIS_WORKSPACE, RISK.c.status.in_(ACTIVE))
_ISSUES = ISSUE.c.workspace_id == THIS_WORKSPACE
_DECISIONS = _DECISION.c.workspace_id == THIS_WORKSPACE
_ASKER = and_(_PERSON.c.id == RISK.c.close_asked_by_id, _PERSON.c.workspace_id == THIS_WORKSPACE)
_LEAD = func.coalesce(PROJECT.c.owner_id, PROGRAM.c.manager_id)
_EXTREME = RISK.c.band == Band.EXTREME

_close_asked_at = (
    select(func.max(_HISTORY.c.at))
    .where(
        _HISTORY.c.workspace_id == THIS_WORKSPACE,
        _HISTORY.c.kind == risk.KIND,
        _HISTORY.c.record_id == RISK.c.id,
        _HISTORY.c.field == "close_asked_by_id",
    )
    .correlate(RISK)
    .scalar_subquery()
)


DUTIES: Mapping[AskKind, Duty] = {
    AskKind.READ_RISK: Duty(
        "R",
        [*columns(RISK, *_SCORE, "acknowledge_by", "raised_at"), RISK_PRESET],
        placed(RISK),
        [*_ACTIVE_RISK, IS_NEW_RISK],
        **of_table(RISK),
        due=RISK.c.acknowledge_by,
        overdue=RISK.c.acknowledge_by <= NOW,
        urgent=_EXTREME,
        facts=owed_facts.read_risk,
        card_key=risk.card_key,
    ),
    AskKind.REVIEW_RISK: Duty(
        "R",
        [*columns(RISK, *_SCORE, "next_review_on"), RISK_PRESET],
        placed(RISK),
        [*_ACTIVE_RISK, ~IS_NEW_RISK],
        **of_table(RISK),
        begins=[RISK.c.next_review_on <= TODAY],
        due=RISK.c.next_review_on,
        overdue=RISK.c.next_review_on < TODAY,
        urgent=_EXTREME,
        facts=owed_facts.review_risk,
        card_key=risk.card_key,
    ),
    AskKind.CLOSE_RISK: Duty(
        "R",
        [
            *columns(RISK, *_SCORE, "close_asked_reason", "raised_at"),
            RISK_PRESET,
            _PERSON.c.handle,
            _close_asked_at.label("asked_at"),
        ],
        placed(RISK).join(_PERSON, _ASKER),
        [*_ACTIVE_RISK, RISK.c.close_asked_by_id.is_not(None)],
        **of_table(RISK, whose=case((RISK.c.close_asked_by_id != _LEAD, _LEAD), else_=PROGRAM.c.manager_id)),
        mine=and_(led_by_me(), RISK.c.close_asked_by_id != ME),
        due=RISK.c.next_review_on,
        urgent=_EXTREME,
        facts=owed_facts.close_risk,
        card_key=risk.card_key,
    ),
    AskKind.READ_ISSUE: Duty(
        "I",
        columns(ISSUE, "severity", "status", "opened_at", "resolve_by"),
        ISSUE,
        [_ISSUES, IS_NEW_ISSUE],
        **of_table(ISSUE),
        due=ISSUE.c.opened_at,
        overdue=late_issue(Severity),
        urgent=ISSUE.c.severity == Severity.SEV1,
        facts=owed_facts.read_issue,
        card_key=issue.card_key,
    ),
    AskKind.SOLVE_ISSUE: Duty(
        "I",
        columns(ISSUE, "severity", "status", "opened_at", "resolve_by"),
        ISSUE,
        [_ISSUES, ISSUE.c.status.in_(UNRESOLVED), ~IS_NEW_ISSUE],
        **of_table(ISSUE),
        begins=[late_issue(PRESSING)],
        due=ISSUE.c.opened_at,
        overdue=late_issue(PRESSING),
        urgent=ISSUE.c.severity == Severity.SEV1,
        facts=owed_facts.solve_issue,
        card_key=issue.card_key,
    ),
    AskKind.DECIDE: Duty(
        "D",
        columns(_DECISION, "due_on", "reversibility"),
        _DECISION,
        [_DECISIONS, _DECISION.c.status.in_(UNDECIDED)],
        **of_table(_DECISION, whose=_DECISION.c.approver_id),
        due=_DECISION.c.due_on,
        overdue=_DECISION.c.due_on < TODAY,
        facts=owed_facts.decide,
        card_key=decision.card_key,
    ),
    AskKind.SETTLE: Duty(
        "A",
        columns(_ASSUMPTION, "validate_by"),
        _ASSUMPTION,
        [_ASSUMPTION.c.workspace_id == THIS_WORKSPACE, _ASSUMPTION.c.status == AssumptionStatus.UNVALIDATED],
        **of_table(_ASSUMPTION),
        begins=[_ASSUMPTION.c.validate_by <= TODAY],
        due=_ASSUMPTION.c.validate_by,
        overdue=_ASSUMPTION.c.validate_by < TODAY,
        facts=owed_facts.settle,
        card_key=assumption.card_key,
    ),
    AskKind.GRADE: Duty(
        "D",
        columns(_DECISION, "outcome_review_on", "options", "chosen"),
        _DECISION,
        [
            _DECISIONS,
            _DECISION.c.status == DecisionStatus.ACCEPTED,
            _DECISION.c.outcome_grade.is_(None),
            _DECISION.c.outcome_reviewed_at.is_(None),
        ],
        **of_table(_DECISION, whose=_DECISION.c.driver_id),
        begins=[_DECISION.c.outcome_review_on <= TODAY],
        due=_DECISION.c.outcome_review_on,
        overdue=_DECISION.c.outcome_review_on < TODAY,
        facts=owed_facts.grade,
        card_key=decision.card_key,
    ),
    AskKind.MILESTONE: MILESTONE,
    AskKind.FINDING: FINDING,
    AskKind.CHECK_IN: CHECK_IN,
    AskKind.STATUS: STATUS,
    AskKind.READ_STATUS: READ_STATUS,
}
"""Of asks of one date the earlier kind stands first."""
