"""The workspace behind every door: state, lock, clock, and who wants to know about changes."""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

from bot.sandbox.answers import Json
from bot.sandbox.faults import Faults
from bot.sandbox.manifest import Installed
from bot.sandbox.state import EXAMPLE, Channel, Identity, Member, View, World
from bot.sandbox.tokens import Clock, Tokens
from bot.sandbox.traffic import Traffic
from bot.sandbox.triggers import Triggers

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Change:
    """Something a page may have to draw anew. `audience` None means everyone."""

    kind: Literal["message", "deleted", "modals", "home", "membership", "read"]
    audience: frozenset[str] | None = None
    channel: str = ""
    ts: str = ""


@dataclass(frozen=True)
class Broadcast:
    """A live @channel, @here, @everyone or user group in something the app said."""

    name: str
    channel: str
    ts: str


@dataclass(frozen=True)
class Mention:
    """One person was notified: named in a new message, or written to directly."""

    user: str
    channel: str
    ts: str


Listener = Callable[[Change], None]


class Workspace:
    def __init__(
        self,
        clock: Clock,
        manifest: Mapping[str, Any],
        *,
        without_optional_scopes: bool,
        identity: Identity = EXAMPLE,
    ) -> None:
        self.clock = clock
        self.identity = identity
        self.installed = Installed(manifest, without_optional_scopes=without_optional_scopes)
        self.tokens = Tokens(clock, identity, rotates=self.installed.rotates)
        self.world = World()
        self.base_url = "http://127.0.0.1"
        self.open_socket: Callable[[], str] | None = None
        self.stray_threads = False
        self.looks_before_files_are_ready = 0
        self.faults = Faults()
        self.triggers = Triggers(self.faults)
        self.traffic = Traffic(clock.now)
        self.broadcasts: list[Broadcast] = []
        self.mentions: list[Mention] = []
        # By person, block_id and action_id: the options of menus that ask the app for them.
        self.suggested: dict[tuple[str, str, str], list[Json]] = {}
        self._lock = threading.RLock()
        self._listeners: list[Listener] = []
        self._changes: list[Change] = []
        self.bot_user_id = identity.bot_user_id
        bot = Member(self.bot_user_id, self.installed.bot_name.lower(), self.installed.app_name, is_bot=True)
        self.world.members[bot.id] = bot

    @contextmanager
    def changing(self) -> Iterator[World]:
        """The world, for one thread at a time. Who listens is told after the lock is released. Never nested."""
        try:
            with self._lock:
                yield self.world
        finally:
            with self._lock:
                changes, self._changes = self._changes, []
            for change in changes:
                for listener in tuple(self._listeners):
                    listener(change)

    @contextmanager
    def reading(self) -> Iterator[World]:
        with self._lock:
            yield self.world

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` after every change; the returned function ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self, change: Change) -> None:
        self._changes.append(change)

    def next_id(self, prefix: str) -> str:
        self.world.counter += 1
        return f"{prefix}{self.world.counter:08X}"

    def next_ts(self) -> str:
        """The clock's instant as a message's name: unique, and always later than the one before."""
        instant = (self.clock.now() - EPOCH) // timedelta(microseconds=1)
        self.world.last_ts = max(instant, self.world.last_ts + 1)
        return f"{self.world.last_ts // 1_000_000}.{self.world.last_ts % 1_000_000:06d}"

    def seconds(self) -> int:
        return int(self.clock.now().timestamp())

    def next_hash(self) -> str:
        self.world.counter += 1
        return f"{self.seconds()}.{self.world.counter:08x}"

    def dm_with(self, user: str) -> Channel:
        """The conversation of a person with the app, opened when first needed."""
        channel_id = f"D{user[1:]}"
        if channel_id not in self.world.channels:
            dm = Channel(channel_id, "", "im", [user, self.bot_user_id], created=self.seconds())
            self.world.channels[channel_id] = dm
            self.changed(Change("membership", frozenset({user})))
        return self.world.channels[channel_id]

    def open_view(self, view_id: str) -> View | None:
        """A modal somebody has open, or somebody's Home."""
        return next((view for view in self.all_views() if view.id == view_id), None)

    def all_views(self) -> list[View]:
        modals = [view for stack in self.world.modals.values() for view in stack]
        return [*modals, *self.world.homes.values()]
