"""One row's world: a local Slack served to other processes, a database, and people who keep saying things."""

import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from pydantic import SecretStr
from sqlalchemy import select

from bot.app import connect
from bot.config import Settings
from bot.database import Database
from bot.runtime import Runtime
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import Message
from bot.sandbox.workspace import Change
from bot.services import delivery, outbox
from models.tables import Outbox
from tests.bench.faults_count import Arrived, Line, Queued
from tests.post_office import say
from tests.shared_clock import SharedClock
from tests.slack_client import SandboxClient
from tests.town import MANIFEST, MONDAY

MESSAGES_IN_A_PLACE = 50
FEWEST_PLACES, MOST_PLACES = 5, 100
"""Channels, and as many people: enough messages in each that their order says something."""
REPLIES, CARDS = 0.2, 0.15
"""Shares of the messages for channels that are replies, and that are cards which change later."""
MOST_CHANGES = 3
OUR_RATE = 240
"""Messages a minute that we send where Slack's own limits hold."""
AS_MANY_AS_THEY_LIKE = 100_000
PORTIONS = 10
"""What people say comes in so many parts, while the couriers are at work; with each some cards change."""


class Yard:
    def __init__(
        self,
        database: Database,
        folder: Path,
        *,
        seed: int,
        messages: int,
        without_optional_scopes: bool = False,
        rate_limits: float = 0,
    ) -> None:
        self.clock = SharedClock(MONDAY, folder / "clock")
        self.sandbox = Sandbox(
            self.clock, MANIFEST, without_optional_scopes=without_optional_scopes, rate_limits=rate_limits
        )
        self._rate_limits = rate_limits
        places = min(MOST_PLACES, max(FEWEST_PLACES, messages // MESSAGES_IN_A_PLACE // 2))
        self._people = [f"UPERSON{number}" for number in range(places)]
        self._channels = [f"CTEAM{number}" for number in range(places)]
        for user in self._people:
            self.sandbox.add_person(user, user.lower())
        for channel in self._channels:
            self.sandbox.add_channel(channel, channel.lower(), [self._people[0], self.sandbox.bot_user_id])
        self.database = database
        self.queued = Queued()
        self.kept = 0
        """How many messages Slack has taken, changed ones once more."""
        self.heard = threading.Event()
        self.sandbox.workspace.subscribe(self._hear)
        self.server = SandboxServer(self.sandbox, page_dir=folder)
        self._dice = random.Random(seed)
        self._parents: dict[str, list[str]] = {}
        self._cards: dict[str, tuple[str, int]] = {}
        self._serves = _known(self)

    @contextmanager
    def open(self) -> Iterator[Settings]:
        """For the couriers' processes."""
        self.server.start()
        try:
            yield Settings(
                _env_file=None,
                slack_bot_token=SecretStr(self.sandbox.bot_token),
                slack_api_url=f"{self.server.url}/api/",
                database_url=self.database.url,
                STATIONMASTER_MESSAGES_PER_MINUTE=int(OUR_RATE * self._rate_limits) or AS_MANY_AS_THEY_LIKE,
            )
        finally:
            self.server.stop()

    def say(self, number: int, *, first: int) -> None:
        """So many new messages, numbered from `first`, and some of the cards that stand already change."""
        now = self.clock.now()
        with self.database.write(1) as session:
            for key in range(first, first + number):
                self._say_one(session, f"m{key}", now)
            for key in self._dice.sample(sorted(self._cards), len(self._cards) // 4):
                self._change(session, key, now)

    def catch_up(self) -> None:
        """All that was asked of Slack so far is done, also for those who did not wait for it or were killed."""
        with suppress(OSError):
            for _ in range(2):
                urlopen(f"{self.server.url}/sandbox/clock", timeout=60).close()

    def next_due(self) -> datetime | None:
        with self.database.everywhere() as session:
            return outbox.next_due(session, serves=self._serves)

    def arrived(self) -> dict[Line, list[Arrived]]:
        """All that the app said and everybody in the place sees, by what Slack's own channels hold."""
        found: dict[Line, list[Arrived]] = {}
        with self.sandbox.workspace.reading() as world:
            for channel in world.channels.values():
                keys = {message.ts: _key(message) for message in channel.messages.values() if message.by_app}
                place = channel.members[0] if channel.kind == "im" else channel.id
                for message in channel.messages.values():
                    if message.ts in keys:
                        under = keys.get(str(message.thread_ts), "?") if message.is_reply else ""
                        said = Arrived(keys[message.ts], message.text)
                        found.setdefault(Line(place, under), []).append(said)
        return found

    def possibly_doubled(self) -> set[str]:
        """What the bot itself says it may have said twice."""
        with self.database.read(1) as session:
            return set(session.scalars(select(Outbox.message_key).where(Outbox.possibly_doubled)))

    def given_up(self) -> dict[str, int]:
        """Errors of what will not be tried again."""
        with self.database.read(1) as session:
            errors = session.scalars(select(Outbox.error).where(Outbox.state == "failed")).all()
        return {str(error): errors.count(error) for error in errors}

    def _say_one(self, session: Any, key: str, now: datetime) -> None:
        place = self._dice.choice(self._channels if self._dice.random() < 0.6 else self._people)
        kind, parents = self._dice.random(), self._parents.setdefault(place, [])
        if place in self._channels and parents and kind < REPLIES:
            under = self._dice.choice(parents[-3:])
            delivery.reply(session, say(key), key=key, under=under, to=place, now=now)
            self.queued.add(Line(place, under), key, key)
            return
        if kind > 1 - CARDS:
            delivery.show(session, say(f"{key} v1"), key=key, to=place, version=1, now=now)
            self._cards[key] = (place, 1)
            self.queued.add(Line(place), key, f"{key} v1")
        else:
            delivery.post(session, say(key), key=key, to=place, now=now)
            self.queued.add(Line(place), key, key)
        parents.append(key)

    def _change(self, session: Any, key: str, now: datetime) -> None:
        place, version = self._cards.pop(key)
        version += 1
        delivery.show(session, say(f"{key} v{version}"), key=key, to=place, version=version, now=now)
        self.queued.words[key] = f"{key} v{version}"
        if version <= MOST_CHANGES:
            self._cards[key] = (place, version)

    def _hear(self, change: Change) -> None:
        if change.kind == "message":
            self.kept += 1
            self.heard.set()


def _key(message: Message) -> str:
    return str((message.metadata or {}).get("event_payload", {}).get("key", "?"))


def _known(yard: Yard) -> set[int]:
    runtime = Runtime(
        database=yard.database, slack=SandboxClient(yard.sandbox), answer=lambda url, body: 404, clock=yard.clock
    )
    connect(runtime)
    return runtime.serves
