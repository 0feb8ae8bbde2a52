"""How much is let in at Slack's door: so many requests at work, so many waiting, and nobody waits for nothing."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from time import monotonic

PATIENCE = 1.5
"""Seconds until one that waits is turned away: Slack gives up after three, and its answer has a way to go."""

Step = Callable[[], None]


@dataclass(frozen=True)
class Waiting:
    since: float
    work: Step
    turn_away: Step


class Gate:
    """At most `threads` requests at work and `room` more waiting; the others are turned away, with words.

    `work` and `turn_away` answer for their own errors. One of the two is run, once. Without `turn_away` it waits as
    long as it takes, behind those who have no time: what Slack would only bring again.
    """

    def __init__(self, threads: int, room: int, *, patience: float = PATIENCE, pool: Executor | None = None) -> None:
        self._threads = threads
        self._room = room
        self._patience = patience
        self._pool = pool or ThreadPoolExecutor(threads, thread_name_prefix="request")
        self._change = threading.Condition()
        self._waiting: deque[Waiting] = deque()
        self._patient: deque[Step] = deque()
        self._unwelcome: deque[Step] = deque()
        self._busy = 0
        self._closing = False
        self._doorman: threading.Thread | None = None

    @property
    def busy(self) -> int:
        return self._busy

    @property
    def waiting(self) -> int:
        return len(self._waiting) + len(self._patient)

    @property
    def is_busy(self) -> bool:
        """Whoever comes now waits, or is turned away."""
        return self._busy >= self._threads

    def enter(self, work: Step, turn_away: Step | None) -> None:
        with self._change:
            if self._busy < self._threads and not self._closing:
                self._busy += 1
                self._pool.submit(self._work, work)
                return
            if turn_away is None:
                self._patient.append(work)
                return
            if not self._closing:
                if len(self._waiting) < self._room:
                    self._waiting.append(Waiting(monotonic(), work, turn_away))
                else:
                    self._unwelcome.append(turn_away)
                self._call_doorman()
                return
        turn_away()

    def wait_until_empty(self, seconds: float) -> bool:
        """Until nobody is at work or waits. False: somebody still is."""
        with self._change:
            return self._change.wait_for(self._is_empty, timeout=max(0.0, seconds))

    def close(self, seconds: float) -> bool:
        """What is at work goes on to its end, if it ends in time; whoever comes now is turned away."""
        with self._change:
            is_empty = self._change.wait_for(self._is_empty, timeout=max(0.0, seconds))
            self._closing = True
            self._unwelcome.extend(each.turn_away for each in self._waiting)
            self._waiting.clear()
            self._patient.clear()
            self._change.notify_all()
        if self._doorman is not None:
            self._doorman.join(timeout=1)
        self._pool.shutdown(wait=is_empty)
        return is_empty

    def _is_empty(self) -> bool:
        return not (self._busy or self._waiting or self._patient or self._unwelcome)

    def _work(self, work: Step) -> None:
        """One after another, for as long as somebody waits."""
        while True:
            work()
            with self._change:
                if self._waiting:
                    work = self._waiting.popleft().work
                elif self._patient:
                    work = self._patient.popleft()
                else:
                    self._busy -= 1
                    self._change.notify_all()
                    return

    def _call_doorman(self) -> None:
        """He comes with the first who has to wait: most bots never meet him."""
        if self._doorman is None:
            self._doorman = threading.Thread(target=self._mind_the_door, name="doorman", daemon=True)
            self._doorman.start()
        self._change.notify_all()

    def _mind_the_door(self) -> None:
        while (turn_away := self._next_to_go()) is not None:
            turn_away()
            with self._change:
                self._unwelcome.popleft()
                self._change.notify_all()

    def _next_to_go(self) -> Step | None:
        """Waits for one that finds no room, or whose patience ends. None: the door is closed."""
        with self._change:
            while not self._unwelcome:
                pause = self._waiting[0].since + self._patience - monotonic() if self._waiting else None
                if pause is not None and pause <= 0:
                    self._unwelcome.append(self._waiting.popleft().turn_away)
                elif self._closing:
                    return None
                else:
                    self._change.wait(pause)
            return self._unwelcome[0]
