"""One clock for several processes on this machine: it runs, and whoever holds it moves it forward for all of them."""

import mmap
import struct
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path

AHEAD = struct.Struct("d")
"""The one fact that is shared: by how many seconds the clock was moved. Eight bytes are read and written at once."""


class SharedClock:
    """Reading it costs no call to anybody; a process that is forked or pickled elsewhere reads the same."""

    def __init__(self, start: datetime, kept_in: Path) -> None:
        self._start, self._since = start, time.monotonic()  # the machine's, and so the same in every process
        self._kept_in = kept_in
        kept_in.write_bytes(AHEAD.pack(0))

    def now(self) -> datetime:
        return self._start + timedelta(seconds=time.monotonic() - self._since + self._ahead())

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)

    def move_to(self, instant: datetime) -> None:
        """Forward only. Nobody else moves it at the same time."""
        further = max(0.0, (instant - self.now()).total_seconds())
        self._shared[:] = AHEAD.pack(self._ahead() + further)

    def __reduce__(self) -> tuple[Callable[..., "SharedClock"], tuple[object, ...]]:
        return _opened, (self._start, self._since, self._kept_in)

    def _ahead(self) -> float:
        seconds: float = AHEAD.unpack(self._shared)[0]
        return seconds

    @cached_property
    def _shared(self) -> mmap.mmap:
        with self._kept_in.open("r+b") as file:
            return mmap.mmap(file.fileno(), AHEAD.size)


def _opened(start: datetime, since: float, kept_in: Path) -> SharedClock:
    clock = SharedClock.__new__(SharedClock)
    clock._start, clock._since, clock._kept_in = start, since, kept_in
    return clock
