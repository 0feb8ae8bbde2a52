"""Emptying the outbox: claim, look, send, record. Killed between any two steps, nothing is lost."""

import logging
import threading
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from bot.jobs.sending import Sent, Trouble, find_lost, send
from bot.runtime import Runtime
from bot.services import delivery, outbox
from bot.services import workspace as workspaces
from models.schemas.delivery import Claim, Operation, Posted

logger = logging.getLogger(__name__)

PACE = timedelta(seconds=1)
"""Slack takes about one message a second in one channel."""

WAIT_FOR_PARENT = timedelta(seconds=2)


class Courier:
    """Sends what is due. One per process; several processes share the outbox."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._last_sent: dict[str, datetime] = {}
        self._alone = threading.Lock()

    def deliver_due(self) -> int:
        """Everything due now, batch by batch. Returns how many were claimed."""
        with self._alone:
            return self._deliver_batches()

    def _deliver_batches(self) -> int:
        total = 0
        while True:
            with self._runtime.database.everywhere() as session:
                claims = outbox.claim_due(session, now=self._runtime.now())
            for claim in claims:
                self._deliver(claim)
            total += len(claims)
            if not claims:
                return total

    def _deliver(self, claim: Claim) -> None:
        runtime = self._runtime
        with runtime.database.write(claim.workspace_id) as session:
            if outbox.is_superseded(session, claim):
                outbox.record_superseded(session, claim)
                return
            standing = delivery.posted(session, [claim.message_key]).get(claim.message_key)
            held = self._held_until(session, claim, standing)
            if held is not None:
                outbox.hold(session, claim, until=held)
                return
        if claim.operation is Operation.POST:
            self._last_sent[claim.target] = runtime.now()
        outcome, doubled = self._send_once(claim, standing)  # no transaction is open while we talk to Slack
        with runtime.database.write(claim.workspace_id) as session:
            self._record(session, claim, outcome, doubled=doubled)

    def _held_until(self, session: Session, claim: Claim, standing: Posted | None) -> datetime | None:
        now = self._runtime.now()
        if claim.operation is Operation.UPDATE and standing is None and outbox.is_on_its_way(session, claim):
            return now + WAIT_FOR_PARENT
        last = self._last_sent.get(claim.target)
        if claim.operation is Operation.POST and last is not None and now < last + PACE:
            return last + PACE
        return None

    def _send_once(self, claim: Claim, standing: Posted | None) -> tuple[Sent | Trouble, bool]:
        """An attempt whose answer nobody recorded is looked for once before it is repeated."""
        doubled = False
        if claim.unsure_since is not None and claim.operation is Operation.POST and standing is None:
            found, could_look = find_lost(self._runtime, claim, since=claim.unsure_since)
            if found is not None:
                return Sent(found), False
            doubled = not could_look
        return send(self._runtime, claim, standing), doubled

    def _record(self, session: Session, claim: Claim, outcome: Sent | Trouble, *, doubled: bool) -> None:
        now = self._runtime.now()
        if isinstance(outcome, Sent):
            outbox.record_sent(session, claim, outcome.posted, now=now, doubled=doubled)
            if outcome.without_tables:
                workspaces.remember_refused_tables(session)
        elif outcome.unknown:
            outbox.record_unknown(session, claim, outcome.error, now=now)
        else:
            outbox.record_refused(session, claim, outcome.error, now=now, retry=outcome.retry, wait=outcome.wait)
        if isinstance(outcome, Trouble):
            logger.warning("%s of %s to %s: %s", claim.operation, claim.message_key, claim.target, outcome.error)
