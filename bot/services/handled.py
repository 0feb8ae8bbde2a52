"""What Slack delivered and we saved: a repeat gets the same answer and changes nothing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, String, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from models.schemas.delivery import OutboxState
from models.tables import HandledDelivery, Outbox
from models.tables.ready import Ready
from models.tables.unit import THIS_WORKSPACE, add_row_once, run_later

_HANDLED = HandledDelivery.__table__
_REMEMBER = Ready(
    update(HandledDelivery)
    .where(_HANDLED.c.workspace_id == THIS_WORKSPACE, _HANDLED.c.key == bindparam("handled"))
    .values(answer=bindparam("given", type_=_HANDLED.c.answer.type))
)

KEPT = timedelta(days=2)
SENT_BODIES_KEPT = timedelta(days=7)
FAILED_BODIES_KEPT = timedelta(days=30)
"""What could not be sent can be tried again until then."""
MOST_AT_ONCE = 5_000


def begin(session: Session, key: str, *, now: datetime) -> dict[str, Any] | None:
    """None if this is the first time; else the answer that was given then."""
    if add_row_once(session, HandledDelivery, key=key, at=now, answer={}) is not None:
        return None
    answer: dict[str, Any] = session.scalars(select(HandledDelivery.answer).where(HandledDelivery.key == key)).one()
    return answer


def remember(session: Session, key: str, answer: dict[str, Any]) -> None:
    run_later(session, _REMEMBER, handled=key, given=answer)


def forget_old(session: Session, *, now: datetime, at_once: int = MOST_AT_ONCE) -> bool:
    """Across workspaces: handled ids after 2 days, the bodies of what was sent after 7, of what never left after 30.

    A part of them: others write between one part and the next. True while there is more.
    """
    old = select(HandledDelivery.id).where(HandledDelivery.at < now - KEPT).limit(at_once)
    handled = _count(session, delete(HandledDelivery).where(HandledDelivery.id.in_(old)))
    full = Outbox.body.cast(String) != "{}"
    sent = (Outbox.state == OutboxState.SENT) & (Outbox.sent_at < now - SENT_BODIES_KEPT)
    failed = (Outbox.state == OutboxState.FAILED) & (Outbox.due_at < now - FAILED_BODIES_KEPT)
    over = select(Outbox.id).where(or_(sent, failed), full).limit(at_once)
    emptied = _count(session, update(Outbox).where(Outbox.id.in_(over)).values(body={}))
    return at_once in (handled, emptied)


def _count(session: Session, change: Any) -> int:
    changed: CursorResult[Any] = session.execute(change, execution_options={"synchronize_session": False})  # type: ignore[assignment]
    return changed.rowcount
