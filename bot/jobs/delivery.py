"""Emptying the outbox: claim, look, send, record. Killed between any two steps, nothing is lost."""

import logging
import threading
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm import Session

from bot.database import was_deadlocked
from bot.domain.stops import Meaning, meaning_of
from bot.domain.turns import POSTS
from bot.jobs.members import summons_in_vain
from bot.jobs.outcome import Sent, Trouble
from bot.jobs.preparing import prepare
from bot.jobs.senders import Result, Senders
from bot.jobs.sending import send
from bot.jobs.stopping import Gate, tell_instead
from bot.runtime import NotInstalled, Runtime
from bot.services import claiming, limits, outbox, pace, sent
from bot.services import workspace as workspaces
from bot.services.claiming import Round
from bot.services.sent import Arrival
from bot.slack_client import may_look
from models.schemas.delivery import Claim, Operation, Posted

logger = logging.getLogger(__name__)

WITH_FILES = (Operation.EXPORT, Operation.PICTURE)
"""Seconds or minutes, where a message takes a moment: the others do not wait."""

SHARE = 0.75
"""Of those who send, for one workspace among several: one whose Slack is slow does not hold up the others."""

TRIES = 3
"""How often what became of messages is recorded."""

NOTHING = Round([], has_more=False)


class Courier:
    """Sends what is due. One per process; several processes share the outbox."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._senders = Senders(runtime.senders)
        self._gate = Gate()
        self._first = 0
        """The workspace that is asked next: each has its turn."""
        self._alone = threading.Lock()
        self._stopping = threading.Event()

    def stop(self) -> None:
        """What is on its way arrives and is recorded; nothing else is claimed."""
        self._stopping.set()
        self._senders.call()

    def deliver_due(self) -> int:
        """Everything that is due now, in its turn and at Slack's pace. Returns how many were claimed."""
        with self._alone:
            try:
                return self._deliver()
            except Exception:
                self._bring_home()
                raise
            finally:
                self._senders.forget()

    def wake(self) -> None:
        """Something was queued while others are under way."""
        self._senders.call()

    def _deliver(self) -> int:
        total = 0
        while True:
            claimed, found_some = self._claim()
            total += claimed
            back = self._senders.gather()
            self._record_all(back)
            if not (found_some or back or self._senders.in_hand):
                return total

    def _bring_home(self) -> None:
        """The database failed for a moment, while calls were out: what becomes of them is recorded if it can be, or it
        would be looked for, and what cannot be looked for said twice."""
        while self._senders.in_hand:
            with suppress(SQLAlchemyError):
                self._record_all(self._senders.gather())

    def _claim(self) -> tuple[int, bool]:
        """As many as there is somebody to send them, shared among the workspaces in which something is due. Answers
        how many, and whether another look may find more."""
        claimed, found_some, due = 0, False, [] if self._stopping.is_set() or not self._free else self._due()
        for place, workspace_id in enumerate(due):
            if not self._free:
                self._first = workspace_id
                break
            found = self._claim_in(workspace_id, self._share(workspace_id, len(due) - place))
            claimed += len(found.claims)
            found_some = found_some or found.has_more
        return claimed, found_some

    @property
    def _free(self) -> int:
        return max(0, self._senders.number - len(self._senders.in_hand))

    def _due(self) -> list[int]:
        """The workspaces in which something is due, each as often the first as another."""
        with self._runtime.database.look() as connection:
            due = claiming.workspaces_due(connection, serves=self._runtime.serves, now=self._runtime.now())
        return sorted(due, key=lambda workspace_id: (workspace_id < self._first, workspace_id))

    def _share(self, workspace_id: int, others: int) -> int:
        if len(self._runtime.serves) == 1:
            return self._free
        most = max(1, int(self._senders.number * SHARE))
        return max(0, min(most - len(self._under_way_in(workspace_id)), -(-self._free // others)))

    def _claim_in(self, workspace_id: int, limit: int) -> Round:
        """Where it cannot be claimed, the other workspaces have their turn."""
        if limit == 0:
            return NOTHING
        now, prepared = self._runtime.now(), list[tuple[Claim, Posted | None]]()
        try:
            with self._runtime.database.write(workspace_id) as session:
                found = claiming.claim(
                    session,
                    limit=limit,
                    most_posts=self._most_posts(workspace_id, limit),
                    ours={claim.id for claim in self._senders.in_hand},
                    rates=self._runtime.rates,
                    now=now,
                )
                if found.claims:
                    prepared = self._prepare(session, found.claims, now)
            self._runtime.tally.count("claims", by=len(found.claims))
        except Exception:
            logger.exception("claiming in workspace %s failed", workspace_id)
            return NOTHING
        for claim, standing in prepared:
            self._start(claim, standing)
        return found

    def _prepare(self, session: Session, claims: Sequence[Claim], now: datetime) -> list[tuple[Claim, Posted | None]]:
        passing = self._gate.passing(session, claims, now=now)
        prepared = prepare(session, passing, now=now)
        leaving = {claim.id for claim, _ in prepared}
        for claim in passing:
            if claim.id not in leaving:
                self._gate.not_tried(session, claim, now=now)
        return prepared

    def _under_way_in(self, workspace_id: int) -> list[Claim]:
        return [claim for claim in self._senders.in_hand if claim.workspace_id == workspace_id]

    def _most_posts(self, workspace_id: int, limit: int) -> int:
        """Where we may not look for a message whose answer was lost, no two are under way: a kill would say more than
        one of them twice."""
        if self._senders.number == 1:
            return limit
        try:
            if may_look(self._runtime.within(workspace_id).slack):
                return limit
        except NotInstalled:
            return limit
        return 1 - len([claim for claim in self._under_way_in(workspace_id) if claim.operation in POSTS])

    def _start(self, claim: Claim, standing: Posted | None) -> None:
        if claim.operation in WITH_FILES:
            self._runtime.later(lambda: self._record_all([self._attempt(claim, standing)]))
        else:
            self._senders.send(claim, lambda: self._attempt(claim, standing))

    def _attempt(self, claim: Claim, standing: Posted | None) -> Result:
        """What became of it. Whatever goes wrong with one message, the next ones leave."""
        try:
            runtime = self._runtime.within(claim.workspace_id)
            outcome = send(runtime, claim, standing)
            in_vain = isinstance(outcome, Sent) and summons_in_vain(runtime, claim, outcome.posted)
            return Result(claim, outcome, in_vain)
        except NotInstalled:
            return Result(claim, Trouble("not_installed", retry=True))
        except Exception as problem:
            logger.exception("sending %s failed", claim.message_key)
            return Result(claim, Trouble(type(problem).__name__, retry=True, unknown=True))

    def _record_all(self, results: Sequence[Result]) -> None:
        by_workspace: defaultdict[int, list[Result]] = defaultdict(list)
        for result in results:
            by_workspace[result.claim.workspace_id].append(result)
        failed: Exception | None = None
        for workspace_id, found in by_workspace.items():
            try:
                self._record_in(workspace_id, found)
            except Exception as problem:  # what became of the others is recorded all the same
                failed = problem
        if failed is not None:
            raise failed

    def _record_in(self, workspace_id: int, results: Sequence[Result]) -> None:
        """What another process undid, because both waited for each other, is done again."""
        for tries_left in reversed(range(TRIES)):
            try:
                with self._runtime.database.write(workspace_id) as session:
                    self._record(session, results)
                return self._count(results)
            except DBAPIError as problem:
                if not (was_deadlocked(problem) and tries_left):
                    raise

    def _record(self, session: Session, results: Sequence[Result]) -> None:
        """In one unit for all that are back, as nothing of it may be lost and little of it differs."""
        now = self._runtime.now()
        pace.take_turn(session, now=now)
        arrived = [(each, each.outcome) for each in results if isinstance(each.outcome, Sent)]
        arrivals = [Arrival(each.claim, outcome.posted, outcome.doubled) for each, outcome in arrived]
        for claim in sent.record_sent(session, arrivals, now=now):
            self._gate.sent(session, claim, now=now)
        if any(outcome.without_tables for _, outcome in arrived):
            workspaces.remember_refused_tables(session)
        for each in results:
            if each.in_vain:
                tell_instead(session, each.claim, now=now)
            if isinstance(each.outcome, Trouble):
                self._record_trouble(session, each.claim, each.outcome, now)

    def _count(self, results: Sequence[Result]) -> None:
        tally = self._runtime.tally
        for each in results:
            arrived = isinstance(each.outcome, Sent)
            tally.count("deliveries", each.claim.operation.value, "sent" if arrived else "trouble")
            tally.count("possibly_doubled", by=int(isinstance(each.outcome, Sent) and each.outcome.doubled))

    def _record_trouble(self, session: Session, claim: Claim, trouble: Trouble, now: datetime) -> None:
        if trouble.limited:
            limits.hold_back(session, claim, trouble.error, method=trouble.method, wait=trouble.wait, now=now)
        elif trouble.unknown:
            outbox.record_unknown(session, claim, trouble.error, now=now, wait=trouble.wait)
        else:
            if not self._gate.refused(session, claim, trouble.error, now=now):
                outbox.record_refused(session, claim, trouble.error, now=now, retry=trouble.retry, wait=trouble.wait)
            if meaning_of(trouble.error) is Meaning.PLACE and claim.operation is not Operation.REMOVE:
                tell_instead(session, claim, now=now)
        level = logging.INFO if trouble.expected else logging.WARNING
        logger.log(level, "%s of %s to %s: %s", claim.operation, claim.message_key, claim.target, trouble.error)
