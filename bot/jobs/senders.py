"""Who makes the calls: threads, so that a slow Slack is called several times at once; or, with one, whoever asks."""

import threading
from collections.abc import Callable, Collection
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field

from bot.jobs.outcome import Sent, Trouble
from models.schemas.delivery import Claim

GATHERED = 0.02
"""Seconds that the first who is back waits for others: they are recorded, and new ones claimed, together."""
LOOK = 0.2
"""Seconds after which it is looked for more to send although nobody is back yet."""


@dataclass(frozen=True)
class Result:
    claim: Claim
    outcome: Sent | Trouble
    in_vain: bool = False
    """It mentions somebody who will not hear of it."""


Attempt = Callable[[], Result]


@dataclass
class Senders:
    """One thread gives out and gathers; the others call. Everybody in hand is known by their row."""

    number: int
    _in_hand: dict[int, Claim] = field(default_factory=dict)
    _back: list[Result] = field(default_factory=list)
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _pool: ThreadPoolExecutor | None = None
    _called: bool = False

    @property
    def in_hand(self) -> Collection[Claim]:
        with self._changed:
            return [*self._in_hand.values()]

    def send(self, claim: Claim, attempt: Attempt) -> None:
        with self._changed:
            self._in_hand[claim.id] = claim
        if self.number == 1:
            self._come_back(claim, attempt())
            return
        if self._pool is None:
            self._pool = ThreadPoolExecutor(self.number, thread_name_prefix="sender")
        done = self._pool.submit(attempt)
        done.add_done_callback(lambda future: self._hear(claim, future))

    def gather(self) -> list[Result]:
        """Those who are back. Waits a moment for one, if none is, and for some more."""
        with self._changed:
            if self._in_hand:
                self._changed.wait_for(lambda: self._back or self._called, LOOK)
            if self._back and len(self._back) < len(self._in_hand):
                self._changed.wait_for(lambda: len(self._back) >= len(self._in_hand) / 2, GATHERED)
            self._called = False
            back, self._back = self._back, []
            for result in back:
                del self._in_hand[result.claim.id]
        return back

    def call(self) -> None:
        """Something else may be sent, whoever is out."""
        with self._changed:
            self._called = True
            self._changed.notify_all()

    def forget(self) -> None:
        """Whoever gave out has failed in the middle: what is out comes back to nobody, as after a kill."""
        with self._changed:
            self._in_hand, self._back = {}, []

    def _hear(self, claim: Claim, future: Future[Result]) -> None:
        problem = future.exception()
        if problem is None:
            self._come_back(claim, future.result())
            return
        self._come_back(claim, Result(claim, Trouble(type(problem).__name__, retry=True, unknown=True)))

    def _come_back(self, claim: Claim, result: Result) -> None:
        with self._changed:
            if claim.id in self._in_hand:
                self._back.append(result)
            self._changed.notify_all()
