"""Milestones: what is known of them, and what their owners do to them."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy import Select, select
from sqlalchemy.orm import Session, aliased

from bot.domain import policy
from bot.domain.milestone import ACCEPTS_GATES, MACHINE, REDATED
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import UserError
from bot.services import people, places, register
from models.schemas.dates import day_words
from models.schemas.milestone import STATE_WORDS, MilestoneCard, MilestoneKind, RedateDraft, Waiting
from models.schemas.people import PersonCard
from models.schemas.plan import OPEN_DEPENDENCY, UNACHIEVED, MilestoneStatus
from models.schemas.roles import Role
from models.tables import Dependency, History, Milestone, MilestoneLink, Project

KIND = "milestone"
VERBS = {"achieve": "mark {ref} as achieved", "redate": "re-date"}


def find(session: Session, number: int) -> MilestoneCard | None:
    return next(iter(cards(session, select(Milestone).where(Milestone.number == number))), None)


def find_by_id(session: Session, milestone_id: int | None) -> MilestoneCard | None:
    return next(iter(cards(session, select(Milestone).where(Milestone.id == milestone_id))), None)


def get(session: Session, milestone_id: int) -> MilestoneCard:
    return cards(session, select(Milestone).where(Milestone.id == milestone_id))[0]


def cards(session: Session, statement: Select[Milestone]) -> list[MilestoneCard]:
    rows = session.scalars(statement).all()
    found = places.by_ids(session, project_ids={row.project_id for row in rows})
    who = people.cards(session, (row.owner_id for row in rows))
    ids = [row.id for row in rows]
    moves, waiting = _moves(session, ids), _waiting(session, ids)
    return [
        MilestoneCard(
            id=row.id,
            ref=f"M-{row.number}",
            place=found.get(f"project:{row.project_id}"),
            title=row.title,
            owner=who[row.owner_id],
            kind=MilestoneKind(row.kind),
            status=MilestoneStatus(row.status),
            status_reason=row.status_reason,
            baseline_on=row.baseline_on,
            due_on=row.due_on,
            achieved_on=row.achieved_on,
            slips=sum(new > old for old, new in moves[row.id]),
            moves=len(moves[row.id]),
            waiting=waiting[row.id],
            created_at=row.created_at,
            version=row.version,
        )
        for row in rows
    ]


def check(session: Session, milestone_id: int | None, action: str, by: Standing, *, now: datetime) -> MilestoneCard:
    """The milestone, where this person may do this to it as it is now. Raises NotFound, NotPossible, Refused."""
    card, held = register.seen(session, KIND, find_by_id(session, milestone_id), by, action=action, now=now)
    if action == "redate" and card.status in REDATED:
        allowed: Collection[Role] = policy.ANSWERERS
    else:
        allowed = register.step(session, MACHINE, card, action, STATE_WORDS).roles
    if action == "achieve" and card.kind is MilestoneKind.GATE:
        allowed = ACCEPTS_GATES
    register.require(session, KIND, card, held, allowed, action=action, verb=VERBS.get(action, action))
    return card


def act(
    session: Session,
    milestone_id: int | None,
    action: str,
    draft: BaseModel | None,
    by: Standing,
    *,
    now: datetime,
    owner: PersonCard | None = None,
) -> MilestoneCard:
    """Do it. Of two who press at once the second sees what the first made of it."""
    row = register.lock(session, Milestone, milestone_id)
    card = check(session, milestone_id, action, by, now=now)
    assert row is not None
    if isinstance(draft, RedateDraft):
        values, reason = _redated(card, draft), draft.reason
    else:
        values, reason = _achieved(card, by, now), None
    register.change(session, KIND, row, values, by=by.person, now=now, reason=reason)
    return get(session, card.id)


def _achieved(card: MilestoneCard, by: Standing, now: datetime) -> dict[str, Any]:
    today = local_date(now, card.place.tz if card.place else by.person.tz)
    return {"status": MilestoneStatus.ACHIEVED.value, "achieved_on": today, "status_reason": None}


def _redated(card: MilestoneCard, draft: RedateDraft) -> dict[str, Any]:
    """Its baseline stays; one that has none keeps the date that it had."""
    if draft.due_on == card.due_on:
        raise UserError(f"It is due {day_words(card.due_on)} already. Choose another date.", field="due_on")
    status = card.status if card.status in REDATED else MilestoneStatus.IN_PROGRESS
    first = {} if card.baseline_on else {"baseline_on": card.due_on}
    return {"due_on": draft.due_on, "status": status.value, "status_reason": draft.reason, **first}


def _moves(session: Session, ids: Sequence[int]) -> Mapping[int, list[tuple[date, date]]]:
    """Every change of the date, the oldest first."""
    found: defaultdict[int, list[tuple[date, date]]] = defaultdict(list)
    changes = session.scalars(
        select(History)
        .where(History.kind == KIND, History.record_id.in_(ids), History.field == "due_on")
        .order_by(History.at, History.id)
    )
    for change in changes:
        if isinstance(change.old, str) and isinstance(change.new, str):
            found[change.record_id].append((date.fromisoformat(change.old), date.fromisoformat(change.new)))
    return found


def _waiting(session: Session, ids: Sequence[int]) -> Mapping[int, list[Waiting]]:
    """Projects to which it was promised, and milestones that follow it; the earliest date first."""
    promised = (
        select(Dependency.provider_milestone_id, Project.name, Dependency.needed_by)
        .join(Project, Project.id == Dependency.get_project_id)
        .where(Dependency.provider_milestone_id.in_(ids), Dependency.state.in_(OPEN_DEPENDENCY))
    )
    after = aliased(Milestone)
    following = (
        select(MilestoneLink.predecessor_id, after.title, after.due_on)
        .join(after, after.id == MilestoneLink.milestone_id)
        .where(MilestoneLink.predecessor_id.in_(ids), after.status.in_(UNACHIEVED))
    )
    found: defaultdict[int, list[Waiting]] = defaultdict(list)
    for is_milestone, statement in ((False, promised), (True, following)):
        for milestone_id, name, by in session.execute(statement):
            found[int(milestone_id or 0)].append(Waiting(name=name, by=by, is_milestone=is_milestone))
    for waiting in found.values():
        waiting.sort(key=lambda each: (each.by, each.name))
    return found
