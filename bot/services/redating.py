"""The date that an escalated record hangs on is moved, with a reason: by those who may move it anyway."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.escalation import elapsed
from bot.domain.policy import Involved, Standing
from bot.errors import Attempt, Refused, UserError
from bot.services import calendars, decision_acts, register, register_roles, risk_acts
from bot.services import decision as decisions
from models.schemas.dates import day_words
from models.schemas.escalation import DATED, EscalationCard, RedateDraft
from models.schemas.plan import DependencyState
from models.schemas.risk_acts import ReviewDraft
from models.schemas.roles import Role
from models.tables import Decision, Dependency, Finding

NEEDS_A_NEW_COMMITMENT = 5
"""Working days: a commitment whose date moves further counts no more (domain 3.4)."""

PLAN: Mapping[str, tuple[type[Any], str]] = {
    "dependency": (Dependency, "needed_by"),
    "finding": (Finding, "due_on"),
}
"""Kinds without a card of their own: their table, and the column of their date."""


@dataclass(frozen=True)
class Moved:
    """A record with a card, before and after."""

    kind: str
    before: Any
    after: Any


def check(session: Session, card: EscalationCard, by: Standing, *, now: datetime) -> None:
    """Raises NotFound, Refused, or says why there is no date to move."""
    if card.rule not in DATED or card.subject.kind not in (*KINDS, *PLAN):
        raise UserError(f"{card.ref} hangs on no date of its own. Its other buttons answer it. Nothing was changed.")
    subject = card.subject
    if subject.kind == "risk":
        risk_acts.check(session, subject.id, "review", by, now=now)
    elif subject.kind == "decision":
        decision_acts.check(session, subject.id, "edit", by, now=now)
    else:
        _require(session, card, by)


def redate(session: Session, card: EscalationCard, draft: RedateDraft, by: Standing, *, now: datetime) -> Moved | None:
    """Do it. None of what has no card: nobody but its thread has to be told."""
    check(session, card, by, now=now)
    if draft.new_due_on == card.subject.due_on:
        raise UserError(f"It is {day_words(draft.new_due_on)} already. Choose another date.", field="new_due_on")
    return KINDS.get(card.subject.kind, _redate_plan)(session, card, draft, by, now)


def _risk(session: Session, card: EscalationCard, draft: RedateDraft, by: Standing, now: datetime) -> Moved:
    before = risk_acts.check(session, card.subject.id, "review", by, now=now)
    review = ReviewDraft(
        probability=before.probability,
        impact=before.impact,
        next_review_on=draft.new_due_on,
        reason=draft.reason,
    )
    return Moved("risk", before, risk_acts.act(session, before.id, "review", review, by, now=now))


def _decision(session: Session, card: EscalationCard, draft: RedateDraft, by: Standing, now: datetime) -> Moved:
    row = register.lock(session, Decision, card.subject.id)
    before = decision_acts.check(session, card.subject.id, "edit", by, now=now)
    assert row is not None
    values = {"due_on": draft.new_due_on}
    register.change(session, "decision", row, values, by=by.person, now=now, reason=draft.reason)
    return Moved("decision", before, decisions.get(session, before.id))


def _redate_plan(session: Session, card: EscalationCard, draft: RedateDraft, by: Standing, now: datetime) -> None:
    kind = card.subject.kind
    table, column = PLAN[kind]
    row = register.lock(session, table, card.subject.id)
    values: dict[str, object] = {column: draft.new_due_on}
    if kind == "dependency" and _loses_its_commitment(session, card, row, draft.new_due_on, now):
        values["state"] = DependencyState.PROPOSED.value
    register.change(session, kind, cast(Any, row), values, by=by.person, now=now, reason=draft.reason)


def _loses_its_commitment(session: Session, card: EscalationCard, row: Any, new: date, now: datetime) -> bool:
    hours = calendars.of_place(card.place, now=now)
    old: date = row.needed_by
    far = max(elapsed(old, new, hours), elapsed(new, old, hours)) > NEEDS_A_NEW_COMMITMENT
    return row.state == DependencyState.COMMITTED and far


def _require(session: Session, card: EscalationCard, by: Standing) -> None:
    """Its owner where it has one, and whoever leads the project."""
    subject = card.subject
    involved = Involved({Role.OWNER: {subject.owner.id} if subject.owner else set()})
    held = policy.roles(by, card.place, involved)
    register.require_sight("escalation", card, held, "this escalation", action="redate")
    allowed = policy.allowed(f"{subject.kind}.redate")
    if not held & allowed:
        who = policy.who_may(allowed, card.place, register_roles.names(session, card))
        attempt = Attempt("escalation", card.id, "redate")
        raise Refused(
            f"You cannot re-date {subject.ref or subject.title}", f"{who[0].upper()}{who[1:]} can.", attempt=attempt
        )


KINDS: Mapping[str, Callable[[Session, EscalationCard, RedateDraft, Standing, datetime], Moved | None]] = {
    "risk": _risk,
    "decision": _decision,
}
