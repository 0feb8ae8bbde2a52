"""What an answer brought, in a few words behind the name of the record. Plain text: it is escaped when it is shown."""

from datetime import date
from typing import Any

from bot.views.milestone import slip_words
from bot.views.text import day
from models.schemas.assumption import AssumptionCard, AssumptionStatus
from models.schemas.decision import GRADE_WORDS, DecisionCard, DecisionStatus
from models.schemas.finding import STATE_WORDS as FINDING_WORDS
from models.schemas.finding import FindingCard
from models.schemas.issue import STATE_WORDS as ISSUE_WORDS
from models.schemas.issue import IssueCard, IssueStatus
from models.schemas.milestone import MilestoneCard
from models.schemas.plan import UNACHIEVED, MilestoneStatus
from models.schemas.register import UNDONE
from models.schemas.risk import RiskCard, RiskStatus


def effect_of(record: Any, *, today: date) -> str:
    """As it is now."""
    if record.status_reason == UNDONE:
        return "was taken back"
    if isinstance(record, RiskCard):
        return _risk(record, today)
    if isinstance(record, IssueCard):
        return _issue(record)
    if isinstance(record, DecisionCard):
        return _decision(record, today)
    if isinstance(record, MilestoneCard):
        return _milestone(record, today)
    if isinstance(record, FindingCard):
        return f"updated: {FINDING_WORDS[record.status].lower()}, {record.status_reason or ''}".rstrip(", ")
    return _assumption(record, today) if isinstance(record, AssumptionCard) else "answered"


def _milestone(milestone: MilestoneCard, today: date) -> str:
    if milestone.status is MilestoneStatus.ACHIEVED:
        return "achieved"
    if milestone.moves and milestone.status in UNACHIEVED:
        return f"re-dated to {day(milestone.due_on, today)}, {slip_words(milestone, milestone.due_on)}"
    return "updated"


def _risk(risk: RiskCard, today: date) -> str:
    score = f"{risk.band.title()} {risk.points}"
    if risk.status is RiskStatus.IDENTIFIED:
        return f"acknowledged: {score}"
    if risk.status is RiskStatus.ACCEPTED and risk.next_review_on:
        return f"accepted until {day(risk.next_review_on, today)}"
    if risk.is_active:
        review = f", next review {day(risk.next_review_on, today)}" if risk.next_review_on else ""
        return f"reviewed: now {score}{review}"
    if risk.status is RiskStatus.MATERIALISED and risk.issue:
        return f"happened: now {risk.issue.ref}"
    return "closed" if risk.status is RiskStatus.CLOSED else "rejected"


def _issue(issue: IssueCard) -> str:
    if issue.status is IssueStatus.OPEN:
        return "acknowledged"
    return f"updated: {ISSUE_WORDS[issue.status].lower()}"


def _decision(decision: DecisionCard, today: date) -> str:
    if decision.outcome_grade:
        return f"turned out {GRADE_WORDS[decision.outcome_grade]}"
    chosen = decision.chosen_option
    if decision.status is DecisionStatus.ACCEPTED:
        return f"decided: {chosen.id} {chosen.name}" if chosen else "decided"
    if decision.status is DecisionStatus.DEFERRED and decision.due_on:
        return f"deferred to {day(decision.due_on, today)}"
    if decision.is_open and decision.due_on:
        return f"is due {day(decision.due_on, today)} now"
    return decision.status.value.replace("_", " ")


def _assumption(assumption: AssumptionCard, today: date) -> str:
    if assumption.status is AssumptionStatus.UNVALIDATED:
        until = assumption.validate_by
        return f"is to be confirmed by {day(until, today)}" if until else "changed"
    return "confirmed" if assumption.status is AssumptionStatus.VALIDATED else "refuted"
