"""What is done to a risk: each act checks who may, what the state allows and what it needs, then changes it once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain import risk as rules
from bot.domain.policy import Standing
from bot.domain.risk_machine import MACHINE, roles_for
from bot.domain.wall_time import WorkingHours
from bot.errors import NotFound, UserError
from bot.services import issue, register
from bot.services.history import record_change
from bot.services.risk import KIND, find_by_id, get, score_values
from models.schemas.people import PersonCard
from models.schemas.risk import STATE_WORDS, STRATEGIES, Kind, RiskCard, RiskStatus, Strategy
from models.schemas.risk_acts import (
    AcceptDraft,
    AssessDraft,
    EditDraft,
    HappenDraft,
    ReasonDraft,
    ResponseDraft,
    ReviewDraft,
)
from models.tables import Risk

UNDONE = "undone"
MINOR_UNITS = 100
VERBS = {"happen": "mark {ref} as happened", "settle": "close", "respond": "plan the response of", "resume": "treat"}
"""Where the action's own word does not read well in 'You cannot ... R-12'."""


def check(session: Session, risk_id: int | None, action: str, by: Standing, *, now: datetime) -> RiskCard:
    """The risk, where this person may do this to it as it is now. Raises NotFound, NotPossible, Refused."""
    risk = find_by_id(session, risk_id)
    if risk is None:
        raise NotFound("this risk")
    held = register.roles(session, KIND, risk, by, logged_at=risk.raised_at, now=now)
    register.require_sight(KIND, risk, held, "this risk", action=action)
    transition = register.step(session, MACHINE, risk, action, STATE_WORDS) if action in MACHINE.actions else None
    if transition is None:
        _require_state(risk, action)
    allowed = transition.roles if transition else policy.allowed(f"{KIND}.{action}")
    if transition and action == "accept":
        allowed = roles_for(transition, risk.band)
    register.require(session, KIND, risk, held, allowed, action=action, verb=VERBS.get(action, action))
    return risk


def act(
    session: Session,
    risk_id: int | None,
    action: str,
    draft: BaseModel | None,
    by: Standing,
    *,
    now: datetime,
    owner: PersonCard | None = None,
) -> RiskCard:
    """Do it. Of two who press at once the second sees what the first made of it."""
    row = register.lock(session, Risk, risk_id)
    risk = check(session, risk_id, action, by, now=now)
    assert row is not None
    if action == "close" and not _may_close_alone(session, risk, by, now):
        return _ask_to_close(session, row, draft, by, now)
    if action == "acknowledge" and row.acknowledged_at is not None:
        return risk
    values = ACTS[action](risk, draft, now) | _persons(risk, action, by, owner, now)
    if action == "happen":
        _become_issue(session, risk, draft, owner, by, now)
    then = values.pop("then", {})
    reason = getattr(draft, "reason", None) or values.get("status_reason")
    for changes in (values, then):
        changes |= _scored(session, risk, changes, action, by, now, reason)
        register.change(session, KIND, row, changes, by=by.person, now=now, reason=reason)
        row = register.lock(session, Risk, risk.id) or row  # a changed row is read anew
    return get(session, risk.id)


def _require_state(risk: RiskCard, action: str) -> None:
    """Acts that are no transitions: of an open risk, and each where it makes sense."""
    if not risk.is_active:
        raise UserError(f"{risk.ref} is {STATE_WORDS[risk.status].lower()}. Nothing was changed.")


def _may_close_alone(session: Session, risk: RiskCard, by: Standing, now: datetime) -> bool:
    held = register.roles(session, KIND, risk, by, logged_at=risk.raised_at, now=now)
    return bool(held & policy.CLOSES_ALONE[risk.band])


def _ask_to_close(session: Session, row: Risk, draft: BaseModel | None, by: Standing, now: datetime) -> RiskCard:
    """A High or Extreme risk is closed by two: its owner says why, the project's owner or manager confirms."""
    assert isinstance(draft, ReasonDraft)
    values = {"close_asked_by_id": by.person.id, "close_asked_reason": draft.reason}
    register.change(session, KIND, row, values, by=by.person, now=now, reason=draft.reason)
    return get(session, row.id)


def _become_issue(
    session: Session, risk: RiskCard, draft: BaseModel | None, owner: PersonCard | None, by: Standing, now: datetime
) -> None:
    assert isinstance(draft, HappenDraft) and owner is not None and risk.place is not None
    issue.log_issue(
        session,
        title=draft.title,
        severity=draft.severity,
        place=risk.place,
        owner=owner,
        author=by.person,
        now=now,
        from_risk_id=risk.id,
    )


def _scored(
    session: Session,
    risk: RiskCard,
    values: Mapping[str, Any],
    action: str,
    by: Standing,
    now: datetime,
    reason: str | None,
) -> dict[str, Any]:
    """Score, band and the sort key follow; a changed or reopened score leaves its own row for burn-downs."""
    if not {"probability", "impact", "status"} & values.keys():
        return {}
    probability = values.get("probability", risk.probability)
    impact = values.get("impact", risk.impact)
    scored = score_values(risk.place, RiskStatus(values.get("status", risk.status)), probability, impact)
    changed = (probability, impact) != (risk.probability, risk.impact)
    if changed or action == "reopen":
        old = {"probability": risk.probability, "impact": risk.impact}
        new = {"probability": probability, "impact": impact}
        record_change(
            session, KIND, risk.id, at=now, actor_id=by.person.id, field="score", old=old, new=new, reason=reason
        )
    return scored | ({"previous_score": risk.points, "rescored_at": now} if changed else {})


def _persons(risk: RiskCard, action: str, by: Standing, owner: PersonCard | None, now: datetime) -> dict[str, Any]:
    """Who accepted it; a new owner of a new risk has to acknowledge it, in their own hours."""
    if action == "accept":
        return {"accepted_by_id": by.person.id}
    if action != "edit" or owner is None:
        return {}
    if owner.id == risk.owner.id or risk.status is not RiskStatus.IDENTIFIED:
        return {"owner_id": owner.id}
    until = rules.acknowledge_by(now, risk.band, WorkingHours(owner.tz))
    acknowledged = now if owner.id == by.person.id else None
    return {"owner_id": owner.id, "acknowledged_at": acknowledged, "acknowledge_by": until}


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
    values = draft.model_dump(exclude={"owner", "cost_impact"}, mode="python")
    values |= {"kind": draft.kind.value, "category": draft.category.value}
    values["next_review_on"] = draft.next_review_on or risk.next_review_on
    cost = None if draft.cost_impact is None else draft.cost_impact * MINOR_UNITS
    values["cost_impact"] = -cost if cost and draft.kind is Kind.OPPORTUNITY else cost
    return values


ACTS: Mapping[str, Callable[[RiskCard, Any, datetime], dict[str, Any]]] = {
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
