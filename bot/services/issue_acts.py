"""What is done to an issue: each act checks who may and what the state allows, then changes it once."""

from collections.abc import Callable, Collection, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import BaseModel
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import issue as rules
from bot.domain import policy
from bot.domain.issue import MACHINE
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.services import register, register_roles, risk
from bot.services.issue import KIND, find_by_id, get, own_resolve_by
from models.schemas.issue import STATE_WORDS, UNRESOLVED, IssueCard, IssueEditDraft, IssueStatus
from models.schemas.people import PersonCard
from models.schemas.register import UNDONE
from models.schemas.risk import RiskCard
from models.tables import Issue, Risk

BESIDES = ("acknowledge", "edit", "undo")
"""Acts that are no transitions of the machine: of an issue that is not resolved."""

NOBODY_REOPENED = f"Nobody reopened it for {rules.CLOSES_AFTER_WORKING_DAYS} working days"
SOONEST_CLOSE = timedelta(days=rules.CLOSES_AFTER_WORKING_DAYS - 1)
"""Five working days have passed in no zone sooner than this."""

MOST_AT_ONCE = 200


def check(session: Session, issue_id: int | None, action: str, by: Standing, *, now: datetime) -> IssueCard:
    """The issue, where this person may do this to it as it is now. Raises NotFound, NotPossible, Refused."""
    issue, held = register.seen(session, KIND, find_by_id(session, issue_id), by, action=action, now=now)
    if action in BESIDES and issue.status in UNRESOLVED:
        allowed = policy.allowed(f"{KIND}.{action}")
    else:
        allowed = register.step(session, MACHINE, issue, action, STATE_WORDS).roles
    register.require(session, KIND, issue, held, allowed, action=action, verb=action)
    return issue


def act(
    session: Session,
    issue_id: int | None,
    action: str,
    draft: BaseModel | None,
    by: Standing,
    *,
    now: datetime,
    owner: PersonCard | None = None,
) -> IssueCard:
    """Do it. Of two who press at once the second sees what the first made of it."""
    row = register.lock(session, Issue, issue_id)
    issue = check(session, issue_id, action, by, now=now)
    assert row is not None
    values = ACTS[action](issue, draft, now) | _persons(issue, action, by, owner, now)
    absent = register_roles.stood_in_for(session, issue, by, policy.PERMISSIONS.get(f"{KIND}.{action}", ()))
    reason = values.get("status_reason")
    register.change(session, KIND, row, values, by=by.person, now=now, reason=reason, instead_of=absent)
    return get(session, issue.id)


def behind(session: Session, issue: IssueCard) -> RiskCard | None:
    """The risk that became this issue, its version raised: its card says how the issue stands."""
    if issue.from_risk_id is None:
        return None
    session.execute(
        update(Risk).where(Risk.id == issue.from_risk_id).values(version=Risk.version + 1),
        execution_options={"synchronize_session": False},
    )
    session.expire_all()
    return risk.find_by_id(session, issue.from_risk_id)


def workspaces_to_close_in(session: Session, *, serves: Collection[int], now: datetime) -> list[int]:
    """Of these workspaces: where an issue was resolved long enough ago, perhaps."""
    found = session.scalars(select(Issue.workspace_id).where(*_perhaps_due(now)).distinct())
    return sorted({*found}.intersection(serves))


def close_due(session: Session, *, now: datetime) -> Iterator[tuple[IssueCard, IssueCard]]:
    """Close what nobody reopened for five working days of its program's zone; before and after, one by one."""
    due = select(Issue.id).where(*_perhaps_due(now)).order_by(Issue.resolved_at, Issue.id).limit(MOST_AT_ONCE)
    for issue_id in session.scalars(due).all():
        row = register.lock(session, Issue, issue_id)
        before = get(session, issue_id)
        if row is None or before.status is not IssueStatus.RESOLVED or not _is_due(before, now):
            continue
        values = _close(before, None, now)
        register.change(session, KIND, row, values, by=None, now=now, reason=NOBODY_REOPENED)
        yield before, get(session, issue_id)


def _perhaps_due(now: datetime) -> tuple[Any, ...]:
    return Issue.status == IssueStatus.RESOLVED, Issue.resolved_at <= now - SOONEST_CLOSE


def _is_due(issue: IssueCard, now: datetime) -> bool:
    zone = issue.place.tz if issue.place else issue.owner.tz
    return issue.closes_on is not None and local_date(now, zone) >= issue.closes_on


def _persons(issue: IssueCard, action: str, by: Standing, owner: PersonCard | None, now: datetime) -> dict[str, Any]:
    """An owner who works on it has read it; a new owner of an open issue has to."""
    is_owner = by.person.id == issue.owner.id
    if action in ("start", "resolve") and is_owner and issue.acknowledged_at is None:
        return {"acknowledged_at": now}
    if action != "edit" or owner is None:
        return {}
    if owner.id == issue.owner.id or issue.status is not IssueStatus.OPEN:
        return {"owner_id": owner.id}
    return {"owner_id": owner.id, "acknowledged_at": now if owner.id == by.person.id else None}


def _acknowledge(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"acknowledged_at": issue.acknowledged_at or now}


def _work(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    """Started or unblocked: what stood in the way, or why it was reopened, is history."""
    return {"status": IssueStatus.IN_PROGRESS.value, "status_reason": None}


def _block(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": IssueStatus.BLOCKED.value, "status_reason": draft.reason}


def _resolve(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": IssueStatus.RESOLVED.value, "resolved_at": now}


def _close(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": IssueStatus.CLOSED.value, "closed_at": now}


def _drop(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": IssueStatus.WONT_FIX.value, "status_reason": draft.reason, "closed_at": now}


def _undo(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    """Taken back by its author: dropped for good, so its number stays and nothing of it is counted as open."""
    return {"status": IssueStatus.WONT_FIX.value, "status_reason": UNDONE, "closed_at": now}


def _reopen(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {
        "status": IssueStatus.OPEN.value,
        "status_reason": draft.reason,
        "resolved_at": None,
        "closed_at": None,
    }


def _edit(issue: IssueCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, IssueEditDraft)
    values = {"title": draft.title, "severity": draft.severity.value, "workaround": draft.workaround}
    if draft.severity is issue.severity:
        return values
    return values | {"resolve_by": own_resolve_by(issue.place, draft.severity, issue.opened_at)}


ACTS: Mapping[str, Callable[[IssueCard, Any, datetime], dict[str, Any]]] = {
    "acknowledge": _acknowledge,
    "start": _work,
    "block": _block,
    "unblock": _work,
    "resolve": _resolve,
    "close": _close,
    "drop": _drop,
    "undo": _undo,
    "reopen": _reopen,
    "edit": _edit,
}
"""Each gives the columns that change."""
