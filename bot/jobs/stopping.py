"""At the postman's side of what is stopped: what has to wait, the one message that tries, and what its answer means."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.stops import Meaning, is_person, meaning_of, next_probe, stopped_by
from bot.notices import stops as notices
from bot.notices.unreached import tell_directly
from bot.services import outbox, stops
from models.schemas.delivery import Claim, Operation
from models.schemas.unsent import Stop

logger = logging.getLogger(__name__)

A_MOMENT = timedelta(seconds=2)
"""Another process tries at this instant."""


class Gate:
    """One per process."""

    def __init__(self) -> None:
        self._trying: dict[int, str] = {}
        """By claim the target that it tries."""

    def passing(self, session: Session, claims: Sequence[Claim], *, now: datetime) -> list[Claim]:
        """In the unit that claimed them: those that may leave. The others wait again, and cost no call."""
        held = stops.of_claims(session, claims)
        if not held:
            return list(claims)
        waits: dict[int, list[Claim]] = {}
        for claim in claims:
            if claim.id in held:
                waits.setdefault(held[claim.id].id, []).append(claim)
        let_through = [self._let_one_try(session, held[those[0].id], those, now) for those in waits.values()]
        return [claim for claim in claims if claim.id not in held or claim in let_through]

    def sent(self, session: Session, claim: Claim, *, now: datetime) -> None:
        """Where it tried, all that waits follows."""
        target = self._trying.pop(claim.id, None)
        if target is not None:
            notices.tell_lifted(session, stops.lift(session, target, now=now), now=now)

    def not_tried(self, session: Session, claim: Claim, *, now: datetime) -> None:
        """Held for its own hour, or not said any more."""
        target = self._trying.pop(claim.id, None)
        if target is not None:
            stops.not_tried(session, target, now=now)

    def refused(self, session: Session, claim: Claim, error: str, *, now: datetime) -> bool:
        """True: it is not this message that is wrong. It waits with all others there; a lead is told once."""
        self._trying.pop(claim.id, None)
        target = stopped_by(error, claim.operation, claim.target)
        if target is None:
            return False
        until = next_probe(target, 0, now)
        if not outbox.hold_back(session, claim, error, until=until):
            return True
        stopped, is_news = stops.stop(session, target, error, now=now)
        if stopped.probe_at > until:
            stops.wait_until(session, claim, stopped.probe_at)
        if is_news:
            notices.tell_stopped(session, stopped, now=now)
        return True

    def _let_one_try(self, session: Session, stopped: Stop, claims: list[Claim], now: datetime) -> Claim | None:
        again_at = stops.take_probe(session, stopped, now=now) if stopped.probe_at <= now else None
        first = claims[0] if again_at is not None else None
        if first is not None:
            self._trying[first.id] = stopped.target
        later = [claim for claim in claims if claim is not first]
        if later:
            _hold(session, later, stopped, until=again_at or max(stopped.probe_at, now + A_MOMENT), now=now)
        return first


def tell_instead(session: Session, claim: Claim, *, now: datetime) -> None:
    """Whoever it would have summoned is told directly. Where that fails the others are claimed and recorded all the
    same."""
    try:
        with session.begin_nested():
            tell_directly(session, claim.message_key, now=now)
    except Exception:
        logger.exception("whom %s summons was not told directly", claim.message_key)


def _hold(session: Session, claims: list[Claim], stopped: Stop, *, until: datetime, now: datetime) -> None:
    """Of what waits for a channel for the first time, whoever it summons is told at once."""
    new = stops.hold_back(session, claims, stopped, until=until)
    if meaning_of(stopped.error) is Meaning.PLACE and not is_person(stopped.target):
        for claim in filter(_summons, new):
            tell_instead(session, claim, now=now)


def _summons(claim: Claim) -> bool:
    """A reply says nothing that its thread's head does not."""
    return claim.operation is not Operation.REMOVE and "under" not in claim.body
