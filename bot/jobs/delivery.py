"""Emptying the outbox: claim, look, send, record. Killed between any two steps, nothing is lost."""

import logging
import threading
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.stops import Meaning, meaning_of
from bot.domain.wall_time import WorkingHours, next_working_instant
from bot.jobs import daily
from bot.jobs.members import summons_in_vain
from bot.jobs.outcome import Sent, Trouble
from bot.jobs.sending import send
from bot.jobs.stopping import Gate
from bot.notices.unreached import tell_directly
from bot.runtime import NotInstalled, Runtime
from bot.services import delivery, outbox
from bot.services import workspace as workspaces
from models.schemas.delivery import Claim, Operation, Posted

logger = logging.getLogger(__name__)

PACE = timedelta(seconds=1)
"""Slack takes about one message a second in one channel."""


WITH_FILES = (Operation.EXPORT, Operation.PICTURE)


class Courier:
    """Sends what is due. One per process; several processes share the outbox."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._last_sent: dict[str, datetime] = {}
        self._gate = Gate()
        self._alone = threading.Lock()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """What is on its way arrives; what is only claimed is given back, so that nobody waits for its lease."""
        self._stopping.set()

    def deliver_due(self) -> int:
        """Everything due now, batch by batch. Returns how many were claimed."""
        with self._alone:
            return self._deliver_batches()

    def _deliver_batches(self) -> int:
        total = 0
        while not self._stopping.is_set():
            with self._runtime.database.everywhere() as session:
                claims = outbox.claim_due(session, serves=self._runtime.serves, now=self._runtime.now())
                passing = self._gate.passing(session, claims, now=self._runtime.now())
            self._gate.tell_directly(self._runtime)
            self._runtime.tally.count("claims", by=len(claims))
            for place, claim in enumerate(passing):
                if self._stopping.is_set():
                    self._give_back(passing[place:])
                    return total + place
                self._deliver(claim)
            total += len(claims)
            if not claims:
                break
        return total

    def _give_back(self, claims: Sequence[Claim]) -> None:
        for claim in claims:
            with self._runtime.database.write(claim.workspace_id) as session:
                outbox.hold(session, claim, until=self._runtime.now())

    def _deliver(self, claim: Claim) -> None:
        with self._runtime.database.write(claim.workspace_id) as session:
            if self._gate.is_shut(session, claim, now=self._runtime.now()):
                return
            standing = delivery.posted(session, [claim.message_key]).get(claim.message_key)
            if not self._is_its_turn(session, claim, standing):
                self._gate.not_tried(session, claim, now=self._runtime.now())
                return
            if "asks" in claim.body:
                drawn = daily.drawn(session, claim, is_new=standing is None, now=self._runtime.now())
                if drawn is None:
                    self._gate.not_tried(session, claim, now=self._runtime.now())
                    return
                claim = drawn
        if _posts(claim, standing):
            self._last_sent[claim.target] = self._runtime.now()
        if claim.operation in WITH_FILES:  # seconds or minutes, where a message takes a moment: the others do not wait
            self._runtime.later(lambda: self._send(claim, standing))
        else:
            self._send(claim, standing)

    def _send(self, claim: Claim, standing: Posted | None) -> None:
        outcome, in_vain = self._attempt(claim, standing)  # no transaction is open while we talk to Slack
        with self._runtime.database.write(claim.workspace_id) as session:
            self._record(session, claim, outcome)
            if in_vain:
                tell_directly(session, claim.message_key, now=self._runtime.now())

    def _is_its_turn(self, session: Session, claim: Claim, standing: Posted | None) -> bool:
        now = self._runtime.now()
        if not outbox.begin_attempt(session, claim, now=now):
            return False
        if outbox.is_superseded(session, claim, standing):
            outbox.record_superseded(session, claim)
            return False
        held = self._held_until(session, claim, standing, now)
        if held is not None:
            outbox.hold(session, claim, until=held)
        return held is None

    def _held_until(self, session: Session, claim: Claim, standing: Posted | None, now: datetime) -> datetime | None:
        changes = claim.operation in (Operation.UPDATE, Operation.PUBLISH_HOME, Operation.REMOVE)
        needed = claim.message_key if changes else claim.body.get("under")
        earlier = outbox.waits_for(session, claim, needed, now=now) if needed else None
        if earlier is not None:
            return earlier
        if not _posts(claim, standing):
            return None
        last, asked_in = self._last_sent.get(claim.target), claim.body.get("asked_in")
        ahead = outbox.waits_in_line(session, claim, now=now)
        turn = max([now, *(moment + PACE for moment in (last, ahead) if moment is not None)])
        at = next_working_instant(turn, WorkingHours(asked_in)) if asked_in else turn
        return at if at > now else None

    def _attempt(self, claim: Claim, standing: Posted | None) -> tuple[Sent | Trouble, bool]:
        """What became of it, and whether it mentions somebody who will not hear of it.

        Whatever goes wrong with one message, the next ones leave.
        """
        try:
            runtime = self._runtime.within(claim.workspace_id)
            outcome = send(runtime, claim, standing)
            return outcome, isinstance(outcome, Sent) and summons_in_vain(runtime, claim, outcome.posted)
        except NotInstalled:
            return Trouble("not_installed"), False
        except Exception as problem:
            logger.exception("sending %s failed", claim.message_key)
            return Trouble(type(problem).__name__, retry=True, unknown=True), False

    def _record(self, session: Session, claim: Claim, outcome: Sent | Trouble) -> None:
        now, tally = self._runtime.now(), self._runtime.tally
        tally.count("deliveries", claim.operation.value, "sent" if isinstance(outcome, Sent) else "trouble")
        tally.count("possibly_doubled", by=int(isinstance(outcome, Sent) and outcome.doubled))
        if isinstance(outcome, Sent):
            outbox.record_sent(session, claim, outcome.posted, now=now, doubled=outcome.doubled)
            self._gate.sent(session, claim, now=now)
            if outcome.without_tables:
                workspaces.remember_refused_tables(session)
            return
        if outcome.unknown:
            outbox.record_unknown(session, claim, outcome.error, now=now, wait=outcome.wait)
        else:
            if not self._gate.refused(session, claim, outcome.error, now=now):
                outbox.record_refused(session, claim, outcome.error, now=now, retry=outcome.retry, wait=outcome.wait)
            if meaning_of(outcome.error) is Meaning.PLACE and claim.operation is not Operation.REMOVE:
                tell_directly(session, claim.message_key, now=now)
        level = logging.INFO if outcome.expected else logging.WARNING
        logger.log(level, "%s of %s to %s: %s", claim.operation, claim.message_key, claim.target, outcome.error)


def _posts(claim: Claim, standing: Posted | None) -> bool:
    """A new message will stand in the channel, at the pace that Slack allows."""
    new = (Operation.POST, Operation.PICTURE)
    return claim.operation in new or (claim.operation is Operation.UPDATE and standing is None)
