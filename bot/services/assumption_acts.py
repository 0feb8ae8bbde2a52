"""What is done to an assumption: each act checks who may and what the state allows, then changes it once."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from pydantic import BaseModel
from sqlalchemy.orm import Session

from bot.domain import policy
from bot.domain.assumption import MACHINE
from bot.domain.policy import Standing
from bot.domain.wall_time import local_date
from bot.errors import UserError
from bot.services import register
from bot.services.assumption import KIND, find_by_id, get
from models.schemas.assumption import STATE_WORDS, AssumptionCard, AssumptionStatus
from models.schemas.assumption_acts import AssumptionEditDraft
from models.schemas.dates import day_words
from models.schemas.people import PersonCard
from models.schemas.register import UNDONE
from models.tables import Assumption

BESIDES = ("edit", "undo")
"""Acts that are no transitions of the machine: of an assumption that nobody settled."""


def check(session: Session, assumption_id: int | None, action: str, by: Standing, *, now: datetime) -> AssumptionCard:
    """The assumption, where this person may do this to it as it is now. Raises NotFound, NotPossible, Refused."""
    assumption, held = register.seen(session, KIND, find_by_id(session, assumption_id), by, action=action, now=now)
    if action in BESIDES and assumption.status is AssumptionStatus.UNVALIDATED:
        allowed = policy.allowed(f"{KIND}.{action}")
    else:
        allowed = register.step(session, MACHINE, assumption, action, STATE_WORDS).roles
    register.require(session, KIND, assumption, held, allowed, action=action, verb=action)
    return assumption


def act(
    session: Session,
    assumption_id: int | None,
    action: str,
    draft: BaseModel | None,
    by: Standing,
    *,
    now: datetime,
    owner: PersonCard | None = None,
) -> AssumptionCard:
    """Do it. Of two who press at once the second sees what the first made of it."""
    row = register.lock(session, Assumption, assumption_id)
    assumption = check(session, assumption_id, action, by, now=now)
    assert row is not None
    if isinstance(draft, AssumptionEditDraft):
        _require_date(assumption, draft, by, now)
    values = ACTS[action](assumption, draft, now) | ({"owner_id": owner.id} if owner else {})
    register.change(session, KIND, row, values, by=by.person, now=now, reason=values.get("status_reason"))
    return get(session, assumption.id)


def _require_date(assumption: AssumptionCard, draft: AssumptionEditDraft, by: Standing, now: datetime) -> None:
    today = local_date(now, by.person.tz)
    if draft.validate_by != assumption.validate_by and draft.validate_by < today:
        raise UserError(f"This date is past. Choose {day_words(today)} or later.", field="validate_by")


def _confirm(assumption: AssumptionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": AssumptionStatus.VALIDATED.value, "settled_at": now, "status_reason": None}


def _refute(assumption: AssumptionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": AssumptionStatus.INVALIDATED.value, "settled_at": now, "status_reason": draft.reason}


def _undo(assumption: AssumptionCard, draft: Any, now: datetime) -> dict[str, Any]:
    """Taken back by its author. The machine has no state for it, so it counts as no longer open (invalidated) with
    `UNDONE` as its reason: lists of what is open leave it out by themselves, its card never says that it was
    refuted, and who leads the project can still reopen it."""
    return {"status": AssumptionStatus.INVALIDATED.value, "settled_at": now, "status_reason": UNDONE}


def _reopen(assumption: AssumptionCard, draft: Any, now: datetime) -> dict[str, Any]:
    return {"status": AssumptionStatus.UNVALIDATED.value, "settled_at": None, "status_reason": draft.reason}


def _edit(assumption: AssumptionCard, draft: Any, now: datetime) -> dict[str, Any]:
    assert isinstance(draft, AssumptionEditDraft)
    return {"title": draft.title, "validate_by": draft.validate_by}


ACTS: Mapping[str, Callable[[AssumptionCard, Any, datetime], dict[str, Any]]] = {
    "confirm": _confirm,
    "refute": _refute,
    "undo": _undo,
    "reopen": _reopen,
    "edit": _edit,
}
"""Each gives the columns that change."""
