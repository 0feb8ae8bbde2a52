"""The thread that empties the outbox: woken by whoever queued something, here or in another process."""

import logging
import threading

from bot import logs
from bot.jobs.delivery import Courier
from bot.listening import Listener
from bot.runtime import Runtime
from bot.services import outbox

logger = logging.getLogger(__name__)

NET = 5.0
"""Seconds after which the outbox is looked at although nobody woke the postman."""

SHORTEST = 0.05


class Postman:
    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._courier = Courier(runtime)
        self._woken = threading.Event()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._deliver_until_stopped, name="postman", daemon=True)
        database = runtime.database
        self._listener = None if database.is_sqlite else Listener(database.url, heard=self.wake)

    def start(self) -> None:
        self._thread.start()
        if self._listener is not None:
            self._listener.start()
        self.wake()

    def stop(self, seconds: float = 15) -> bool:
        """What is on its way arrives and is recorded; nothing else is claimed. False where that took longer."""
        self._stopping.set()
        self._courier.stop()
        self._woken.set()
        if self._listener is not None:
            self._listener.stop()
        if self._thread.is_alive():
            self._thread.join(timeout=max(0.0, seconds))
        return not self._thread.is_alive()

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def wake(self) -> None:
        """Something was queued: it leaves now, not at the next tick."""
        self._woken.set()
        self._courier.wake()

    def deliver_due(self) -> None:
        """What the outbox holds for this instant, until it holds nothing more."""
        while self._courier.deliver_due():
            pass

    def _deliver_until_stopped(self) -> None:
        while not self._stopping.is_set():
            try:
                with logs.about("delivery"):
                    self._courier.deliver_due()
                pause = self._pause()
            except Exception:
                logger.exception("delivering failed; trying again")
                self._runtime.tally.count("delivery_failures")
                pause = NET
            self._woken.wait(timeout=pause)
            self._woken.clear()

    def _pause(self) -> float:
        """Seconds until a queued message is due, so that a held one leaves on time."""
        with self._runtime.database.everywhere() as session:
            due = outbox.next_due(session, serves=self._runtime.serves)
        if due is None:
            return NET
        return min(NET, max(SHORTEST, (due - self._runtime.now()).total_seconds()))
