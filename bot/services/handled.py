"""What Slack delivered and we saved: a repeat gets the same answer and changes nothing."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, bindparam, delete, select, update
from sqlalchemy.orm import Session

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


def begin(session: Session, key: str, *, now: datetime) -> dict[str, Any] | None:
    """None if this is the first time; else the answer that was given then."""
    if add_row_once(session, HandledDelivery, key=key, at=now, answer={}) is not None:
        return None
    answer: dict[str, Any] = session.scalars(select(HandledDelivery.answer).where(HandledDelivery.key == key)).one()
    return answer


def remember(session: Session, key: str, answer: dict[str, Any]) -> None:
    run_later(session, _REMEMBER, handled=key, given=answer)


def forget_old(session: Session, *, now: datetime) -> None:
    """Across workspaces: handled ids after 2 days, the bodies of what was sent after 7."""
    session.execute(delete(HandledDelivery).where(HandledDelivery.at < now - KEPT))
    full = Outbox.body.cast(String) != "{}"
    session.execute(update(Outbox).where(Outbox.sent_at < now - SENT_BODIES_KEPT, full).values(body={}))
