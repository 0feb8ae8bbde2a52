"""The one place that reads the time. Everything below takes `now` as an argument."""

import json
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol
from urllib.request import urlopen


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...

    def wait(self, seconds: float) -> None:
        """Let `seconds` of this clock's time pass."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


class MovableClock:
    """Runs at normal speed from `start` and can be moved forward; not `running`, it stands still between moves."""

    def __init__(self, start: datetime, *, running: bool = True, kept_in: Path | None = None) -> None:
        self._running = running
        self._kept_in = kept_in
        self._moved = threading.Condition()
        # Whoever plays the time and whoever saves now and then meet here.
        self._keeping = threading.Lock()
        self._set(_kept(kept_in) or start)

    def now(self) -> datetime:
        with self._moved:
            return self._now()

    def wait(self, seconds: float) -> None:
        """Returns when the clock has run or moved that far; a standing clock is moved by the wait itself."""
        with self._moved:
            until = self._now() + timedelta(seconds=seconds)
            if not self._running:
                self._set(until)
            while self._now() < until:
                self._moved.wait((until - self._now()).total_seconds())

    def move_to(self, instant: datetime) -> None:
        """Forward only: a clock that goes back would repeat what it said."""
        with self._moved:
            self._set(max(instant, self._now()))
            self._moved.notify_all()
        self.keep()

    def run(self) -> None:
        """From now on at normal speed."""
        with self._moved:
            self._set(self._now())
            self._running = True

    def keep(self) -> None:
        """Remember the present instant for the next start; a kill leaves the last one, never half of one."""
        if self._kept_in is not None:
            with self._keeping:
                fresh = self._kept_in.with_suffix(".new")
                fresh.write_text(json.dumps({"now": self.now().isoformat()}))
                fresh.replace(self._kept_in)

    def _now(self) -> datetime:
        passed = time.monotonic() - self._since if self._running else 0.0
        return self._start + timedelta(seconds=passed)

    def _set(self, instant: datetime) -> None:
        self._start, self._since = instant, time.monotonic()


class RemoteClock:
    """The clock of a sandbox in another process, read over loopback at every question."""

    def __init__(self, url: str) -> None:
        self._url = url

    def now(self) -> datetime:
        with urlopen(self._url, timeout=5) as answer:
            return datetime.fromisoformat(json.load(answer)["now"]).astimezone(UTC)

    def wait(self, seconds: float) -> None:
        time.sleep(seconds)


def _kept(path: Path | None) -> datetime | None:
    if path is None or not path.exists():
        return None
    return datetime.fromisoformat(json.loads(path.read_text())["now"]).astimezone(UTC)
