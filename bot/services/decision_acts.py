"""What is done to a decision: each act checks who may, what the state allows and needs, then changes it once."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.decision import MACHINE
from bot.domain.machine import Transition
from bot.domain.policy import Standing
from bot.errors import Attempt, NotPossible, Refused, UserError
from bot.services import register, register_roles
from bot.services.decision import KIND, find_by_id, get
from bot.services.decision_values import ACTS
from bot.services.history import record_change
from models.schemas.decision import (
    FROZEN,
    STATE_WORDS,
    UNDECIDED,
    DecisionCard,
    DecisionStatus,
    EditDraft,
)
from models.schemas.people import PersonCard
from models.schemas.roles import Role
from models.tables import Decision, DecisionContributor
from models.tables.unit import add_row

S = DecisionStatus
WORDS = {**STATE_WORDS, S.DRAFT: "a draft", S.PROPOSED: "proposed", S.DEPRECATED: "no longer valid"}
"""As in 'D-4 is proposed already'."""
NEW_ONE = "superseded by a new decision"
VERBS = {
    "criteria": "edit the criteria of",
    "details": "edit the options of",
    "replace": "supersede",
    "resume": "propose",
}
"""Where the action's own word does not read well in 'You cannot ... D-4'."""

STATES: Mapping[str, Collection[DecisionStatus]] = {
    "edit": UNDECIDED,
    "criteria": UNDECIDED,
    "details": UNDECIDED,
    "score": UNDECIDED,
    "undo": (S.DRAFT, S.PROPOSED, S.IN_REVIEW),
    "grade": FROZEN,
    "replace": (S.ACCEPTED,),
}
"""Acts that are no transitions, and where each makes sense. `replace` asks for a decision that supersedes this one."""
PERMITTED_BY = {"criteria": "edit", "details": "edit"}


def check(session: Session, decision_id: int | None, action: str, by: Standing, *, now: datetime) -> DecisionCard:
    """The decision, where this person may do this to it as it is now. Raises NotFound, NotPossible, Refused."""
    decision, held = register.seen(session, KIND, find_by_id(session, decision_id), by, action=action, now=now)
    allowed = _allowed(session, decision, action)
    verb = VERBS.get(action, action)
    if action == "decide" and not held & allowed:
        who = f"{decision.approver.handle} decides this one. Reply in the thread."
        raise Refused(f"You cannot decide {decision.ref}", who, attempt=Attempt(KIND, decision.id, action))
    register.require(session, KIND, decision, held, allowed, action=verb, verb=verb)
    return decision


def act(
    session: Session,
    decision_id: int | None,
    action: str,
    draft: BaseModel | None,
    by: Standing,
    *,
    now: datetime,
    people: Mapping[str, PersonCard] | None = None,
) -> DecisionCard:
    """Do it. `people` are those whom the draft names, by Slack id. Of two who press at once the second is told."""
    row = register.lock(session, Decision, decision_id)
    decision = check(session, decision_id, action, by, now=now)
    assert row is not None
    absent = register_roles.stood_in_for(session, decision, by, _allowed(session, decision, action))
    values = ACTS[action](decision, draft, now)
    heard = False
    if isinstance(draft, EditDraft):
        _require_named_by_another(decision, draft, people or {}, by)
        values |= _persons(decision, draft, people or {})
        heard = _hear(session, decision, draft, people or {}, by.person, now)
    reason = getattr(draft, "reason", None) or getattr(draft, "rationale", None) or values.get("status_reason")
    changed = register.change(session, KIND, row, values, by=by.person, now=now, reason=reason, instead_of=absent)
    if heard and not changed:
        raise_version = update(Decision).where(Decision.id == decision.id).values(version=Decision.version + 1)
        session.execute(raise_version, execution_options={"synchronize_session": False})
        session.expire_all()
    if action == "decide":
        _supersede(session, decision, now)
    return get(session, decision.id)


def come_back(session: Session, decision_id: int, *, now: datetime) -> DecisionCard | None:
    """The day came to which it was deferred: it is proposed again, by itself. None if it is not deferred any more."""
    row = register.lock(session, Decision, decision_id)
    if row is None or row.status != S.DEFERRED:
        return None
    register.change(session, KIND, row, {"status": S.PROPOSED.value}, by=None, now=now, reason="its day has come")
    return get(session, decision_id)


def _allowed(session: Session, decision: DecisionCard, action: str) -> frozenset[Role]:
    if action in MACHINE.actions:
        return _step(session, decision, action).roles
    if decision.status not in STATES[action]:
        _step(session, decision, VERBS.get(action, action))
    return policy.allowed(f"{KIND}.{PERMITTED_BY.get(action, action)}")


def _step(session: Session, decision: DecisionCard, action: str) -> Transition:
    """What was accepted is told to be superseded: the way on that is no act on the old one."""
    try:
        return register.step(session, MACHINE, decision, action, WORDS)
    except NotPossible as problem:
        if decision.status is not S.ACCEPTED:
            raise
        raise NotPossible(
            problem.ref,
            problem.state,
            link=problem.link,
            since=problem.since,
            legal=(NEW_ONE, *problem.legal),
            attempt=problem.attempt,
        ) from None


def _require_named_by_another(
    decision: DecisionCard, draft: EditDraft, people: Mapping[str, PersonCard], by: Standing
) -> None:
    """Whoever prepares a decision does not take it over: the program manager, or above, may."""
    takes_over = people[draft.approver].id == by.person.id != decision.approver.id
    if takes_over and not policy.roles(by, decision.place) & {Role.MANAGER, Role.ADMIN}:
        words = "You cannot make yourself the approver. The program manager or the sponsor can."
        raise UserError(words, field="approver", attempt=Attempt(KIND, decision.id, "take over"))


def _persons(decision: DecisionCard, draft: EditDraft, people: Mapping[str, PersonCard]) -> dict[str, Any]:
    """Names that an import brought and that are no people here, or are here no more, stay among the informed."""
    informed = [people[slack_id].handle for slack_id in dict.fromkeys(draft.informed)]
    informed += [person.handle for person in decision.informed if not _can_be_chosen(person)]
    return {
        "driver_id": people[draft.driver].id,
        "approver_id": people[draft.approver].id,
        "informed": [*informed, *decision.informed_elsewhere],
    }


def _hear(
    session: Session,
    decision: DecisionCard,
    draft: EditDraft,
    people: Mapping[str, PersonCard],
    by: PersonCard,
    now: datetime,
) -> bool:
    """The contributors as the draft names them; those who are not in Slack (any more) cannot be chosen, and stay."""
    chosen = [people[slack_id].id for slack_id in dict.fromkeys(draft.contributors)]
    before = [person.id for person in decision.contributors]
    after = [*chosen, *(person.id for person in decision.contributors if not _can_be_chosen(person))]
    if set(before) == set(after):
        return False
    gone = DecisionContributor.decision_id == decision.id, DecisionContributor.person_id.not_in(after)
    session.execute(delete(DecisionContributor).where(*gone), execution_options={"synchronize_session": False})
    for person_id in after:
        if person_id not in before:
            add_row(session, DecisionContributor, decision_id=decision.id, person_id=person_id)
    record_change(
        session, KIND, decision.id, at=now, actor_id=by.id, field="contributors", old=list(before), new=list(after)
    )
    return True


def _can_be_chosen(person: PersonCard) -> bool:
    return person.slack_id is not None and not person.deleted


def _supersede(session: Session, decision: DecisionCard, now: datetime) -> None:
    """Both links in one transaction. What it named is valid no more only if it still was."""
    if decision.supersedes is None:
        return
    old = register.lock(session, Decision, decision.supersedes.id)
    if old is None or old.status != S.ACCEPTED:
        new = register.lock(session, Decision, decision.id)
        if new is not None:
            register.change(session, KIND, new, {"supersedes_id": None}, by=None, now=now)
        return
    values = {"status": S.SUPERSEDED.value, "superseded_by_id": decision.id}
    register.change(session, KIND, old, values, by=None, now=now, reason=f"{decision.ref} takes its place")
