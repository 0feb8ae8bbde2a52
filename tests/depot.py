"""Couriers in processes of their own, that are killed: the side of the test. Slack is a server that it owns."""

import multiprocessing
import signal
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import select

from bot.config import Settings
from bot.database import Database
from bot.sandbox.server import SandboxServer
from bot.services import delivery, outbox
from models.tables import Outbox
from tests.doomed import IDLE, Fate, deliver_freely, deliver_step_by_step
from tests.post_office import PostOffice

WARM = multiprocessing.get_context("forkserver")
"""Processes are forked from one that has imported everything and has neither threads nor connections."""
WARM.set_forkserver_preload(["tests.doomed"])

CHANNELS = ["CLEDGER", "CFRAUD", *(f"CTEAM{number}" for number in range(18))]
PEOPLE = [f"UPERSON{number}" for number in range(20)]
PATIENCE = 60
STEP = outbox.LEASE / 2
"""What is not due yet is waited for in steps of at least this: two make a lease."""


class Worker:
    """One process, from its first breath to SIGKILL."""

    def __init__(self, work: Callable[..., None], *arguments: object) -> None:
        self._line, theirs = WARM.Pipe()
        self._process = WARM.Process(target=work, args=(*arguments, theirs), daemon=True)
        self._process.start()
        theirs.close()

    def says(self) -> str:
        assert self._line.poll(PATIENCE), "the process says nothing"
        word: str = self._line.recv()
        return word

    def goes_on(self, now: datetime) -> None:
        self._line.send(now)

    def is_killed(self, *, after: float = 0) -> None:
        self._process.join(after)
        self._process.kill()
        self._process.join()
        assert self._process.exitcode == -signal.SIGKILL
        self._process.close()
        self._line.close()


class Depot:
    """What is queued, who is sent out with it, and what arrived."""

    def __init__(self, database: Database, page_dir: Path, *, without_optional_scopes: bool = False) -> None:
        self.office = PostOffice(database, without_optional_scopes=without_optional_scopes)
        sandbox = self.office.sandbox
        for user in PEOPLE:
            sandbox.add_person(user, user.lower())
        for channel in CHANNELS:
            sandbox.add_channel(channel, channel.lower(), ["ULUIS", sandbox.bot_user_id])
        self.queued: defaultdict[str, list[str]] = defaultdict(list)
        """By channel or person, in the order in which it has to arrive."""
        self.newest: dict[str, int] = {}
        self.server = SandboxServer(sandbox, page_dir=page_dir)
        self.server.start()
        self._settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(sandbox.bot_token),
            slack_api_url=f"{self.server.url}/api/",
            database_url=database.url,
            STATIONMASTER_CLOCK_URL=f"{self.server.url}/sandbox/clock",
        )

    def close(self) -> None:
        self.server.stop()

    def post(self, key: str, *, to: str) -> None:
        self.office.post(key, to=to)
        self.queued[to].append(key)

    def show(self, key: str, *, to: str) -> None:
        """A card, or what it says from now on."""
        if key not in self.newest:
            self.queued[to].append(key)
        self.newest[key] = self.newest.get(key, 0) + 1
        self.office.show(key, self.newest[key], to=to)

    def publish_home(self, user: str) -> None:
        now = self.office.clock.now()
        with self.office.runtime.database.write(1) as session:
            delivery.remember_home(session, user, now=now)
            delivery.publish_home(session, [user], now=now)

    def kill_by(self, fate: Fate) -> str:
        """A new process works until its fate meets it. Returns the call at which it was killed."""
        worker = self._step_by_step(fate)
        while (word := worker.says()) == IDLE:
            assert self._let_time_pass(), "nothing is left to be killed with"
            worker.goes_on(self.office.clock.now())
        worker.is_killed()
        return word

    def kill_after(self, seconds: float) -> None:
        """A new process works at its own speed, and is killed wherever it stands then."""
        worker = Worker(deliver_freely, self._settings)
        worker.says()
        worker.is_killed(after=seconds)

    def finish(self) -> None:
        """One more process, that is left alone until nothing is due any more."""
        worker = self._step_by_step(None)
        worker.says()
        while self._let_time_pass():
            worker.goes_on(self.office.clock.now())
            worker.says()
        worker.is_killed()

    def arrived(self) -> dict[str, list[str]]:
        """The keys of what stands in Slack, as `queued`."""
        return {place: [key for key, _ in self.read(place)] for place in self.queued}

    def read(self, place: str) -> list[tuple[str, dict[str, Any]]]:
        """The messages in a channel or in a person's direct messages, oldest first, each with its key."""
        if place in PEOPLE:
            messages = self.office.sandbox.person(place).direct_messages()
        else:
            messages = self.office.sandbox.person("ULUIS").reads(place)
        return [(message["metadata"]["event_payload"]["key"], message) for message in messages]

    def rows(self) -> list[Outbox]:
        with self.office.runtime.database.read(1) as session:
            return list(session.scalars(select(Outbox).order_by(Outbox.id)))

    def _step_by_step(self, fate: Fate | None) -> Worker:
        return Worker(deliver_step_by_step, self._settings, fate, self.office.clock.now())

    def _let_time_pass(self) -> bool:
        """Until the outbox has something to do. False: it has nothing left."""
        with self.office.runtime.database.everywhere() as session:
            due = outbox.next_due(session, serves=self.office.runtime.serves)
        if due is not None:
            self.office.clock.move_to(max(due, self.office.clock.now() + STEP))
        return due is not None
