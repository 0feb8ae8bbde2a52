"""What each act changes in a risk: the columns, from its card and what was filled in. Nothing is written here."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.domain.risk_money import MINOR_UNITS
from bot.errors import UserError
from models.schemas.register import UNDONE
from models.schemas.risk import STRATEGIES, Kind, RiskCard, RiskStatus, Strategy
from models.schemas.risk_acts import AcceptDraft, AssessDraft, EditDraft, ResponseDraft, ReviewDraft


def _acknowledge(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"acknowledged_at": now}


def _assess(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    """With a response it goes on to treatment at once."""
    if not isinstance(draft, AssessDraft):
        if risk.statement is None or risk.acknowledged_at is None:
            raise UserError("It needs its cause and consequence first.", field="statement")
        return {"status": RiskStatus.ASSESSED.value}
    values: dict[str, Any] = {
        "status": RiskStatus.ASSESSED.value,
        "statement": draft.statement,
        "acknowledged_at": risk.acknowledged_at or now,
    }
    if draft.next_review_on:
        values["next_review_on"] = draft.next_review_on
    if draft.response_strategy and draft.response_plan:
        _require_fitting(risk, draft.response_strategy)
        values |= {"response_strategy": draft.response_strategy.value, "response_plan": draft.response_plan}
        values["then"] = {"status": RiskStatus.TREATING.value}
    return values


def _respond(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    """From New on in one go: acknowledged, assessed and treated; later the plan changes and the state stays."""
    assert isinstance(draft, ResponseDraft)
    _require_fitting(risk, draft.response_strategy)
    if draft.statement is None and risk.statement is None:
        raise UserError("Say what causes it and what follows, in 10 to 1,000 characters.", field="statement")
    values = draft.model_dump(exclude_none=True)
    values["response_strategy"] = draft.response_strategy.value
    if risk.status is RiskStatus.IDENTIFIED:
        values |= {"status": RiskStatus.ASSESSED.value, "acknowledged_at": risk.acknowledged_at or now}
    if risk.status in (RiskStatus.IDENTIFIED, RiskStatus.ASSESSED):
        values["then"] = {"status": RiskStatus.TREATING.value}
    return values


def _require_fitting(risk: RiskCard, strategy: Strategy) -> None:
    if strategy not in STRATEGIES[risk.kind]:
        fitting = ", ".join(STRATEGIES[risk.kind])
        raise UserError(f"A {risk.kind} is answered by one of: {fitting}.", field="response_strategy")


def _accept(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, AcceptDraft)
    return {
        "status": RiskStatus.ACCEPTED.value,
        "status_reason": draft.reason,
        "next_review_on": draft.next_review_on,
        "response_strategy": "accept",
    }


def _monitor(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": RiskStatus.MONITORING.value}


def _resume(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    if not (risk.response_plan and risk.response_strategy):
        raise UserError("It has no plan to treat it by. Plan the response first.", field="reason")
    return {"status": RiskStatus.TREATING.value, "status_reason": draft.reason, "accepted_by_id": None}


def _happen(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": RiskStatus.MATERIALISED.value}


def _close(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": RiskStatus.CLOSED.value, "status_reason": draft.reason, "closed_at": now}


def _settle(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    if risk.issue is not None and not risk.issue.is_over:
        raise UserError(f"{risk.issue.ref} is not resolved yet. Then {risk.ref} can be closed. Nothing was changed.")
    reason = f"{risk.issue.ref} is resolved" if risk.issue else "it happened"
    return {"status": RiskStatus.CLOSED.value, "status_reason": reason, "closed_at": now}


def _reject(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": RiskStatus.REJECTED.value, "status_reason": draft.reason, "closed_at": now}


def _undo(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": RiskStatus.REJECTED.value, "status_reason": UNDONE, "closed_at": now}


def _reopen(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {
        "status": RiskStatus.ASSESSED.value,
        "status_reason": draft.reason,
        "closed_at": None,
        "close_asked_by_id": None,
        "close_asked_reason": None,
        "acknowledged_at": risk.acknowledged_at or now,
    }


def _review(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, ReviewDraft)
    return draft.model_dump(exclude={"reason"})


def _edit(risk: RiskCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, EditDraft)
    values = draft.model_dump(exclude={"owner", "cost_impact", "schedule_days"}, mode="python")
    values |= {"kind": draft.kind.value, "category": draft.category.value}
    values["next_review_on"] = draft.next_review_on or risk.next_review_on
    cost = _cost(risk, draft.cost_impact)
    values["cost_impact"] = -cost if cost and draft.kind is Kind.OPPORTUNITY else cost
    if draft.schedule_days != risk.schedule_days:
        values["schedule_impact"] = None if draft.schedule_days is None else {"m": draft.schedule_days}
    return values


def _cost(risk: RiskCard, whole: int | None) -> int | None:
    """In minor units. A form shows whole ones: what an import knew more exactly stays so where they are the same."""
    known = None if risk.cost_impact is None else abs(risk.cost_impact)
    if whole is None or (known is not None and known // MINOR_UNITS == whole):
        return known if whole is not None else None
    return whole * MINOR_UNITS


VALUES: Mapping[str, Callable[[RiskCard, Any, datetime], dict[str, Any]]] = {
    "acknowledge": _acknowledge,
    "assess": _assess,
    "respond": _respond,
    "treat": _respond,
    "accept": _accept,
    "monitor": _monitor,
    "resume": _resume,
    "happen": _happen,
    "close": _close,
    "settle": _settle,
    "reject": _reject,
    "undo": _undo,
    "reopen": _reopen,
    "review": _review,
    "edit": _edit,
}
"""Each gives the columns that change."""
