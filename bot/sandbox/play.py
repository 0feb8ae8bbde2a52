"""Moving the clock from the page: one journey at a time, in the background."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.sandbox.answers import Json
from bot.sandbox.tokens import Clock

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Upcoming:
    """Something the app will do by itself."""

    at: datetime
    what: str


class ClockControls(Protocol):
    """How an app in the same process lets the time pass. Each call returns when its journey is over."""

    def play(self, until: datetime) -> None:
        """Everything that is due until then happens, in order."""
        ...

    def jump(self, until: datetime) -> None:
        """Downtime until then: only what still matters is caught up."""
        ...

    def upcoming(self) -> Sequence[Upcoming]:
        """What is due next, the soonest first."""
        ...


@runtime_checkable
class Movable(Protocol):
    def move_to(self, instant: datetime) -> None:
        """Forward only."""
        ...


@dataclass(frozen=True)
class Journey:
    start: datetime
    until: datetime
    travel: Callable[[datetime], None]


class Player:
    def __init__(self, clock: Clock, controls: ClockControls | None, on_change: Callable[[], None]) -> None:
        self.problem = ""
        self._clock = clock
        self._controls = controls
        self._on_change = on_change
        self._journey: Journey | None = None
        self._starting = threading.Lock()

    @property
    def is_moving(self) -> bool:
        return self._journey is not None

    @property
    def ways(self) -> dict[str, Callable[[datetime], None]]:
        """How this clock can be moved. In another process than the app's it can be jumped at most."""
        if self._controls is not None:
            return {"play": self._controls.play, "jump": self._controls.jump}
        return {"jump": self._clock.move_to} if isinstance(self._clock, Movable) else {}

    def now(self) -> datetime:
        return self._clock.now()

    def state(self) -> Json:
        """The clock as the page shows it."""
        journey = self._journey
        return {
            "now": self._clock.now().isoformat(),
            "playing": journey is not None,
            "can_play": "play" in self.ways,
            "can_jump": "jump" in self.ways,
            "journey": _shown(journey) if journey else None,
            "problem": self.problem,
        }

    def upcoming(self) -> list[Json]:
        events = self._controls.upcoming() if self._controls else ()
        return [{"at": event.at.isoformat(), "what": event.what} for event in events]

    def start(self, way: str, until: datetime) -> bool:
        """False when a journey is under way."""
        with self._starting:
            if self._journey is not None:
                return False
            self._journey = journey = Journey(self._clock.now(), until, self.ways[way])
        self.problem = ""
        threading.Thread(target=self._run, args=(journey,), name="sandbox-clock", daemon=True).start()
        return True

    def _run(self, journey: Journey) -> None:
        self._on_change()
        try:
            journey.travel(journey.until)
        except Exception:
            logger.exception("the clock stopped on its way to %s", journey.until.isoformat())
            self.problem = "The clock stopped on its way: something failed. The terminal says what."
        finally:
            self._journey = None
            self._on_change()


def _shown(journey: Journey) -> Json:
    return {"from": journey.start.isoformat(), "until": journey.until.isoformat()}
