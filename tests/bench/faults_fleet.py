"""Couriers in processes of their own: so many at a time, each that is killed replaced at once by a new one."""

import random
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection, wait
from typing import Literal

from bot.clock import Clock
from bot.config import Settings
from tests.depot import WARM
from tests.doomed import AT_WORK, IDLE, deliver_on_demand

SENT_ON_AFTER = 0.05
"""Seconds for which an idle one rests while others are at work: what is due may be due for it by now."""
LOOKED_AFTER = 0.02

State = Literal["starting", "at work", "idle"]


class Replica:
    """One process, from its first breath to its end."""

    def __init__(self, settings: Settings, clock: Clock, timeout: float) -> None:
        self.line, theirs = WARM.Pipe()
        self._process = WARM.Process(target=deliver_on_demand, args=(settings, clock, timeout, theirs), daemon=True)
        self._process.start()
        theirs.close()
        self.state: State = "starting"
        self.since = time.monotonic()

    def hears(self) -> None:
        """All that it says of itself. One that ended without being asked is a bug, told with its exit code."""
        try:
            while self.line.poll():
                word = self.line.recv()
                self.state = "idle" if word == IDLE else "at work"
                assert word in (IDLE, AT_WORK), word
        except EOFError:
            self._process.join()
            raise RuntimeError(f"a courier ended by itself, with {self._process.exitcode}") from None

    def goes_on(self) -> None:
        self.line.send(None)
        self.state, self.since = "at work", time.monotonic()

    def is_killed(self) -> None:
        self._process.kill()
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL
        self._process.close()
        self.line.close()


class Fleet:
    def __init__(self, settings: Settings, clock: Clock, timeout: float, number: int, dice: random.Random) -> None:
        self._known = (settings, clock, timeout)
        self._dice = dice
        self.replicas = [Replica(*self._known) for _ in range(number)]

    @property
    def all_idle(self) -> bool:
        return all(replica.state == "idle" for replica in self.replicas)

    def look(self) -> None:
        """Until somebody says something, but not for long."""
        lines: list[Connection] = [replica.line for replica in self.replicas]
        wait(lines, LOOKED_AFTER)
        for replica in self.replicas:
            replica.hears()

    def send_on(self) -> None:
        for replica in self.replicas:
            if replica.state == "idle":
                replica.goes_on()

    def send_on_rested(self) -> None:
        for replica in self.replicas:
            if replica.state == "idle" and time.monotonic() - replica.since > SENT_ON_AFTER:
                replica.goes_on()

    def kill_one(self) -> bool:
        """One that is at work now, whatever it does. False: nobody is."""
        busy = [place for place, replica in enumerate(self.replicas) if replica.state == "at work"]
        if not busy:
            return False
        place = self._dice.choice(busy)
        self.replicas[place].is_killed()
        self.replicas[place] = Replica(*self._known)
        return True


@contextmanager
def fleet(settings: Settings, clock: Clock, timeout: float, number: int, dice: random.Random) -> Iterator[Fleet]:
    running = Fleet(settings, clock, timeout, number, dice)
    try:
        yield running
    finally:
        for replica in running.replicas:
            replica.is_killed()
