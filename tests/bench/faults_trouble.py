"""The ways in which Slack fails while couriers are at work, each with how often it does."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.sandbox.faults import Fault
from tests.bench.faults_yard import Yard

CALLS = ("chat.postMessage", "chat.update", "conversations.open", "conversations.history", "conversations.replies")
OUTAGE = timedelta(seconds=30)
HANGS = 4.0
"""Seconds: longer than a courier waits in that row."""


@dataclass
class Trouble:
    """`share` is that of messages at which it begins."""

    kinds: tuple[str, ...] = ()
    share: float = 0
    seconds: float | None = None
    rate_limits: float = 0
    most_in_a_row: int = 3
    timeout: float = 10
    """Real seconds that a courier waits for an answer; leases are of Slack's time, which is moved."""

    def before(self, due: datetime) -> datetime:
        """No later than what is due, or than what happens before."""
        return due

    def begin(self, yard: Yard, dice: random.Random) -> None:
        kind, times = dice.choice(self.kinds), dice.randint(1, self.most_in_a_row)
        yard.sandbox.faults.add(Fault(kind, CALLS, times, self.seconds))

    def goes_on(self, yard: Yard) -> None:
        """Once in every look."""


@dataclass
class Outage(Trouble):
    """All connections are refused for so long."""

    until: datetime | None = field(default=None)

    def before(self, due: datetime) -> datetime:
        return due if self.until is None else min(due, self.until)

    def begin(self, yard: Yard, dice: random.Random) -> None:
        yard.server.refuse_connections()
        self.until = yard.clock.now() + OUTAGE

    def goes_on(self, yard: Yard) -> None:
        if self.until is not None and yard.clock.now() >= self.until:
            yard.server.take_connections()
            self.until = None


MAKE_TROUBLE: Mapping[str, Callable[[], Trouble]] = {
    "429": lambda: Trouble(("rate_limited",), share=0.01, seconds=20, rate_limits=20),
    "500": lambda: Trouble(("http_500", "http_503"), share=0.02),
    "reset": lambda: Trouble(("reset",), share=0.02),
    "lost_answer": lambda: Trouble(("lost_answer",), share=0.02),
    "hang": lambda: Trouble(("hang", "hang_done"), share=0.002, seconds=HANGS, most_in_a_row=2, timeout=HANGS / 2),
    "refused": lambda: Outage(share=0.0001),
}


@dataclass
class Everything(Trouble):
    """All of them, each in its turn."""

    turns: int = 0

    def __post_init__(self) -> None:
        self._all = [replace(trouble, most_in_a_row=1) for trouble in (make() for make in MAKE_TROUBLE.values())]

    def before(self, due: datetime) -> datetime:
        return min(trouble.before(due) for trouble in self._all)

    def begin(self, yard: Yard, dice: random.Random) -> None:
        self._all[self.turns % len(self._all)].begin(yard, dice)
        self.turns += 1

    def goes_on(self, yard: Yard) -> None:
        for trouble in self._all:
            trouble.goes_on(yard)
