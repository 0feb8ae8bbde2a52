"""What goes wrong on purpose: with calls, with triggers, with deliveries. Switched on and off while everything runs."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from bot.sandbox.answers import Answer
from bot.sandbox.fault_kinds import KINDS, Call, Course

ALL = "*"


@dataclass(frozen=True)
class Fault:
    """`methods` are exact names, `response_url`, `upload` or "*"; `times` None lasts until it is cleared."""

    kind: str
    methods: tuple[str, ...] = (ALL,)
    times: int | None = None
    seconds: float | None = None

    def hits(self, method: str) -> bool:
        return KINDS[self.kind].course is not None and (ALL in self.methods or method in self.methods)


class Faults:
    """Any thread may add, clear and meet them. Of several that fit, the one added first is met."""

    def __init__(self) -> None:
        self._active: list[Fault] = []
        self._pauses: set[Future[None]] = set()
        self._lock = threading.Lock()

    def add(self, fault: Fault) -> None:
        kind = KINDS.get(fault.kind)
        if kind is None:
            raise ValueError(f"no fault is called {fault.kind!r}; there are {', '.join(KINDS)}")
        if fault.times is not None and fault.times < 1:
            raise ValueError("a fault happens at least once")
        if fault.seconds is not None and (kind.seconds is None or fault.seconds < 0):
            raise ValueError(f"{fault.seconds} is not a number of seconds that {fault.kind} could take")
        with self._lock:
            self._active.append(fault if fault.seconds is not None else replace(fault, seconds=kind.seconds))

    def clear(self, kind: str | None = None) -> None:
        """All, or those of one kind. What hangs goes on when nothing makes it hang any more."""
        with self._lock:
            self._active = [fault for fault in self._active if kind not in (None, fault.kind)]
        if kind in (None, "hang", "hang_done", "slow"):
            self.end_pauses()

    def active(self) -> list[Fault]:
        """In the order they were added; `times` says how often each is still going to happen."""
        with self._lock:
            return list(self._active)

    def take(self, kind: str) -> Fault | None:
        """The fault of this kind that happens now, if there is one; it counts as having happened."""
        return self._take(lambda fault: fault.kind == kind)

    def around(self, method: str, call: Call) -> Answer:
        """The call as it goes for an app in this process."""
        course = self._course(method)
        self._wait(course.before)
        answer = course.run(call)
        self._wait(course.after)
        if answer is None:
            raise ConnectionResetError(f"{method} was cut off")
        return answer

    async def around_served(self, method: str, call: Call) -> Answer | None:
        """The call as it goes over a connection; None when that breaks."""
        course = self._course(method)
        await self._sleep(course.before)
        answer = course.run(call)
        await self._sleep(course.after)
        return answer

    def end_pauses(self) -> None:
        """Whatever hangs or is slow goes on now."""
        with self._lock:
            pauses, self._pauses = self._pauses, set()
        for pause in pauses:
            pause.set_result(None)

    def _course(self, method: str) -> Course:
        fault = self._take(lambda fault: fault.hits(method))
        course = KINDS[fault.kind].course if fault else None
        return Course() if fault is None or course is None else course(fault.seconds or 0)

    def _take(self, fits: Callable[[Fault], bool]) -> Fault | None:
        with self._lock:
            place = next((place for place, fault in enumerate(self._active) if fits(fault)), None)
            if place is None:
                return None
            fault = self._active[place]
            if fault.times is not None:
                self._active[place : place + 1] = [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
            return fault

    def _wait(self, seconds: float) -> None:
        if seconds:
            with self._pause() as pause, suppress(TimeoutError):
                pause.result(seconds)

    async def _sleep(self, seconds: float) -> None:
        if seconds:
            with self._pause() as pause:
                await asyncio.wait([asyncio.wrap_future(pause)], timeout=seconds)

    @contextmanager
    def _pause(self) -> Iterator[Future[None]]:
        pause: Future[None] = Future()
        with self._lock:
            self._pauses.add(pause)
        yield pause
        with self._lock:
            self._pauses.discard(pause)
