"""Playing the clock from the page: one run at a time, in the background."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Play = Callable[[float], None]


@dataclass
class Player:
    play: Play
    on_change: Callable[[], None]
    note: str = ""
    _running: threading.Lock = field(default_factory=threading.Lock)

    @property
    def is_playing(self) -> bool:
        return self._running.locked()

    def start(self, seconds: float) -> bool:
        """False when a run is under way."""
        if not self._running.acquire(blocking=False):
            return False
        threading.Thread(target=self._run, args=(seconds,), name="sandbox-clock", daemon=True).start()
        return True

    def _run(self, seconds: float) -> None:
        try:
            self.on_change()
            self.play(seconds)
        finally:
            self.note = ""
            self._running.release()
            self.on_change()
