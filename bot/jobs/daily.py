"""A daily message at the moment it leaves: on its own day, inside its person's hours, and as things stand now."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.nudges import allowed_at
from bot.notices import asks
from bot.services import calendars, desk, outbox
from bot.services.delivery import body_of
from models.schemas.delivery import Claim


def drawn(session: Session, claim: Claim, *, is_new: bool, now: datetime) -> Claim | None:
    """The claim as it is sent now. None: it is held, or nothing of it is sent any more.

    An outage brings no message of an old day, and no second one of a day: what waits is asked on the next.
    """
    person, on = int(claim.body["asks"]["person"]), date.fromisoformat(claim.body["asks"]["on"])
    if is_new and not _may_leave(session, claim, person, on, now):
        return None
    if not claim.body.get("draw"):
        return claim
    message = asks.draw(session, person, on, is_new=is_new, now=now)
    if message is None:
        outbox.record_superseded(session, claim)
        return None
    return claim.model_copy(update={"body": claim.body | body_of(message, claim.message_key, claim.version)})


def _may_leave(session: Session, claim: Claim, person: int, on: date, now: datetime) -> bool:
    reach = calendars.reaches(session, [person], now=now)[person]
    at = allowed_at(now, reach)
    if at == now and reach.today(now) == on:
        return True
    if at > now and reach.today(at) == on:
        outbox.hold(session, claim, until=at)
    else:
        outbox.record_superseded(session, claim)
        desk.let_go(session, person, on, again_at=at)
    return False
