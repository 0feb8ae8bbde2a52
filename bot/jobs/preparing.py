"""Between claim and call, still in the unit that claimed: what has become of each meanwhile, and where it goes."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from bot.domain.pace import IN_A_CHANNEL, channel_bucket
from bot.domain.turns import POSTS
from bot.domain.wall_time import WorkingHours, next_working_instant
from bot.jobs import daily
from bot.services import delivery, outbox, pace, people
from models.schemas.delivery import Claim, Operation, Posted

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Preparation:
    session: Session
    now: datetime
    standing: dict[str, Posted]
    """Of the messages themselves, and of those that they are replies to."""
    direct: dict[str, str]
    """By person the channel of their direct messages."""


def prepare(session: Session, claims: Sequence[Claim], *, now: datetime) -> list[tuple[Claim, Posted | None]]:
    """Those that leave now, each with where it stands already. The others are held, or never said."""
    keys = {key for claim in claims for key in (claim.message_key, claim.body.get("under")) if key}
    places = {place for claim in claims for place in (claim.target, claim.reader) if place is not None}
    persons = {place for place in places if place.startswith(("U", "W"))}
    known = Preparation(session, now, delivery.posted(session, keys), people.direct_channels(session, persons))
    prepared = [(_prepared(known, claim), known.standing.get(claim.message_key)) for claim in claims]
    return [(claim, standing) for claim, standing in prepared if claim is not None]


def _prepared(known: Preparation, claim: Claim) -> Claim | None:
    standing = known.standing.get(claim.message_key)
    if outbox.is_superseded(known.session, claim, standing):
        outbox.record_superseded(known.session, claim)
        return None
    held = _held_until(known, claim, standing)
    if held is not None:
        outbox.hold(known.session, claim, until=held)
        return None
    if "asks" in claim.body:
        return _drawn(known, claim, is_new=standing is None)
    return _addressed(known, claim)


def _drawn(known: Preparation, claim: Claim, *, is_new: bool) -> Claim | None:
    """One that cannot be drawn holds up no other."""
    try:
        with known.session.begin_nested():
            drawn = daily.drawn(known.session, claim, is_new=is_new, now=known.now)
    except Exception as problem:
        logger.exception("drawing %s failed", claim.message_key)
        outbox.record_refused(known.session, claim, type(problem).__name__, now=known.now, retry=True)
        return None
    return drawn and _addressed(known, drawn)


def _addressed(known: Preparation, claim: Claim) -> Claim:
    """With what the call needs to know of the database, read for all of them at once."""
    under = known.standing.get(claim.body.get("under", ""))
    found: dict[str, Any] = {"direct": known.direct, "thread_ts": under.ts if under else None}
    return claim.model_copy(update=found)


def _held_until(known: Preparation, claim: Claim, standing: Posted | None) -> datetime | None:
    under = claim.body.get("under")
    if under is not None:
        stands = under in known.standing
        earlier = outbox.waits_for(known.session, claim, under, stands=stands, now=known.now)
        if earlier is not None:
            return earlier
    if claim.operation is Operation.UPDATE and standing is None:
        turn = _turn_in_channel(known, claim)
    elif claim.operation in POSTS:
        turn = known.now
    else:
        return None
    asked_in = claim.body.get("asked_in")
    at = next_working_instant(turn, WorkingHours(asked_in)) if asked_in else turn
    return at if at > known.now else None


def _turn_in_channel(known: Preparation, claim: Claim) -> datetime:
    """A change of what does not stand is posted anew, and keeps the pace of what is posted."""
    bucket = channel_bucket(claim.target)
    free_at = pace.free_at(known.session, [bucket]).get(bucket)
    if free_at is not None and free_at > known.now:
        return free_at
    pace.keep(known.session, {bucket: IN_A_CHANNEL.after(free_at, known.now)})
    return known.now
