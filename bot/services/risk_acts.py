"""What is done to a risk: each act checks who may, what the state allows and what it needs, then changes it once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain import risk as rules
from bot.domain.escalation import SERIOUS
from bot.domain.policy import Standing
from bot.domain.risk_machine import MACHINE, roles_for
from bot.errors import Attempt, UserError
from bot.services import calendars, issue, register, register_roles, watch
from bot.services.history import record_change
from bot.services.risk import KIND, cards, find_by_id, get, score_values
from bot.services.risk_values import VALUES
from models.schemas.dates import day_words
from models.schemas.issue import HappenDraft
from models.schemas.parameters import DEFAULTS
from models.schemas.people import PersonCard
from models.schemas.register import ReasonDraft
from models.schemas.risk import STATE_WORDS, RiskCard, RiskStatus
from models.tables import Risk

VERBS = {"happen": "mark {ref} as happened", "settle": "close", "respond": "plan the response of", "resume": "treat"}
"""Where the action's own word does not read well in 'You cannot ... R-12'."""


KEEPS_OPEN = ("review", "respond", "treat", "accept", "monitor", "resume")
"""Who could confirm that a risk is closed, and goes on with it instead, has answered who asked for it."""


def check(session: Session, risk_id: int | None, action: str, by: Standing, *, now: datetime) -> RiskCard:
    """The risk, where this person may do this to it as it is now. Raises NotFound, NotPossible, Refused."""
    risk, held = register.seen(session, KIND, find_by_id(session, risk_id), by, action=action, now=now)
    transition = register.step(session, MACHINE, risk, action, STATE_WORDS) if action in MACHINE.actions else None
    if transition is None and not risk.is_active:
        raise register.not_possible(session, MACHINE, risk, action, STATE_WORDS)
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
    values = VALUES[action](risk, draft, now) | _persons(risk, action, by, owner, now)
    if risk.close_asked_by is not None and action in KEEPS_OPEN and _may_close_alone(session, risk, by, now):
        values |= {"close_asked_by_id": None, "close_asked_reason": None}
    _require_approver(session, risk, values, by, now)
    if action == "happen":
        _become_issue(session, risk, draft, owner, by, now)
    absent = _stood_in_for(session, risk, action, by)
    then = values.pop("then", {})
    reason = getattr(draft, "reason", None) or values.get("status_reason")
    for changes in (values, then):
        changes |= _scored(session, risk, changes, action, by, now, reason)
        register.change(session, KIND, row, changes, by=by.person, now=now, reason=reason, instead_of=absent)
        row = register.lock(session, Risk, risk.id) or row  # a changed row is read anew
    after = get(session, risk.id)
    if after.band in SERIOUS and after.acknowledged_at is None and after.place is not None:
        watch.look_soon(session, after.place.program_id, at=now)
    return after


def _stood_in_for(session: Session, risk: RiskCard, action: str, by: Standing) -> PersonCard | None:
    """Only what is asked of an absent owner is answered in their place."""
    permission = f"{KIND}.{action}"
    allowed = policy.PERMISSIONS.get(permission)
    return register_roles.stood_in_for(session, risk, by, allowed) if allowed else None


def _require_approver(session: Session, risk: RiskCard, values: Mapping[str, Any], by: Standing, now: datetime) -> None:
    """An acceptance ends on the day that its approver chose: a later one is chosen by who could accept it now."""
    until, later = risk.next_review_on, values.get("next_review_on")
    if risk.status is not RiskStatus.ACCEPTED or until is None or later is None or later <= until:
        return
    allowed = policy.ACCEPTS[risk.band]
    if not register_roles.roles(session, KIND, risk, by, now=now) & allowed:
        who = policy.who_may(allowed, risk.place, register_roles.names(session, risk))
        words = f"{risk.ref} is accepted until {day_words(until)}. A later day is chosen by {who}."
        raise UserError(words, field="next_review_on", attempt=Attempt(KIND, risk.id, "extend"))


def _may_close_alone(session: Session, risk: RiskCard, by: Standing, now: datetime) -> bool:
    held = register_roles.roles(session, KIND, risk, by, now=now)
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
    limits = risk.place.rules.risk if risk.place else DEFAULTS.risk
    until = rules.acknowledge_by(now, risk.band, calendars.of_person(owner, now=now), limits)
    acknowledged = now if owner.id == by.person.id else None
    return {"owner_id": owner.id, "acknowledged_at": acknowledged, "acknowledge_by": until}


def shown_anew(session: Session, risk_ids: Sequence[int]) -> list[RiskCard]:
    """These risks, their versions raised: their cards say something that is no part of them."""
    if not risk_ids:
        return []
    session.execute(
        update(Risk).where(Risk.id.in_(risk_ids)).values(version=Risk.version + 1),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    return cards(session, select(Risk).where(Risk.id.in_(risk_ids)).order_by(Risk.id))
