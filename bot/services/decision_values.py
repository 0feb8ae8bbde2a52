"""What each act on a decision changes in its row, and what it needs first. Who may stands in `decision_acts`."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.decision import missing_for_review
from bot.domain.wall_time import local_date
from bot.errors import UserError
from bot.services.decision_options import detailed, renamed, scored
from models.schemas import decision_acts as drafts
from models.schemas.decision import DecisionCard, DecisionStatus, EditDraft, option_names
from models.schemas.register import UNDONE

S = DecisionStatus


def _propose(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    if decision.due_on is None:
        raise UserError(f"{decision.ref} needs a date by which it is decided. Press Edit first. Nothing was changed.")
    return {"status": S.PROPOSED.value}


def _review(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    missing = missing_for_review(decision.reversibility, len(decision.options), len(decision.contributors))
    if missing:
        needs = f"A one-way door needs {' and '.join(missing)} before it is reviewed."
        raise UserError(f"{needs} Press Edit on {decision.ref} first. Nothing was changed.")
    return {"status": S.IN_REVIEW.value}


def _decide(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, drafts.DecideDraft)
    if decision.options and draft.chosen not in {option.id for option in decision.options}:
        raise UserError("Choose one of the options.", field="chosen")
    return {
        "status": S.ACCEPTED.value,
        "chosen": draft.chosen if decision.options else None,
        "rationale": draft.rationale,
        "decided_at": now,
        "outcome_review_on": draft.outcome_review_on,
    }


def _reject(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": S.REJECTED.value, "status_reason": draft.reason, "decided_at": now}


def _defer(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, drafts.DeferDraft)
    if draft.due_on <= local_date(now, decision.zone):
        raise UserError("Choose a day after today. To decide today, close this form.", field="due_on")
    return {"status": S.DEFERRED.value, "status_reason": draft.reason, "due_on": draft.due_on}


def _resume(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": S.PROPOSED.value}


def _withdraw(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": S.WITHDRAWN.value, "status_reason": draft.reason}


def _undo(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": S.WITHDRAWN.value, "status_reason": UNDONE}


def _deprecate(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": S.DEPRECATED.value, "status_reason": draft.reason}


def _edit(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, EditDraft)
    if draft.due_on != decision.due_on and draft.due_on < local_date(now, decision.zone):
        raise UserError("This date is past. Choose today or later.", field="due_on")
    names = option_names(draft.options or "")
    same = names == [option.name for option in decision.options]
    return {
        "title": draft.title,
        "due_on": draft.due_on,
        "reversibility": draft.reversibility.value,
        "context": draft.context,
        **({} if same else {"options": renamed(decision.options, names)}),
    }


def _criteria(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, drafts.CriteriaDraft)
    return {"criteria": drafts.stored_criteria(drafts.read_criteria(draft.criteria or ""))}


def _score(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, drafts.ScoreDraft)
    return {"options": scored(decision.options, draft.scores)}


def _details(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, drafts.DetailsDraft)
    return {"options": detailed(decision.options, draft.details)}


def _grade(decision: DecisionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, drafts.GradeDraft)
    return {"outcome": draft.outcome, "outcome_grade": draft.outcome_grade.value, "outcome_reviewed_at": now}


ACTS: Mapping[str, Callable[[DecisionCard, Any, datetime], dict[str, Any]]] = {
    "propose": _propose,
    "review": _review,
    "decide": _decide,
    "reject": _reject,
    "defer": _defer,
    "resume": _resume,
    "withdraw": _withdraw,
    "undo": _undo,
    "deprecate": _deprecate,
    "edit": _edit,
    "criteria": _criteria,
    "score": _score,
    "details": _details,
    "grade": _grade,
}
"""Each gives the columns that change."""
