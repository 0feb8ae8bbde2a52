"""Everything the bot takes from the outside world, in one place, so that a test can replace it."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO, Self

from slack_sdk import WebClient

from bot.clock import Clock, SystemClock
from bot.config import ERASE_AFTER_DAYS
from bot.database import Database
from bot.domain.pace import UNCOUNTED, Rates
from bot.tally import Tally
from bot.tenants import NotInstalled, Tenants

__all__ = ["Answer", "NotInstalled", "PutFile", "Runtime", "Tenants"]

Answer = Callable[[str, dict[str, Any]], int]
"""Posts to a response_url and returns the HTTP status."""

PutFile = Callable[[str, BinaryIO, int], int]
"""Posts so many bytes to an upload address of Slack's and returns the HTTP status, 0 where none came."""


def no_upload(url: str, stream: BinaryIO, length: int) -> int:
    return 0


def new_code() -> str:
    """A short code that a person reads to an admin, as '7F3A-21'."""
    code = secrets.token_hex(3).upper()
    return f"{code[:4]}-{code[4:]}"


@dataclass(frozen=True)
class Runtime:
    database: Database
    slack: WebClient
    """Of the only workspace; `within` gives that of one among several."""
    answer: Answer
    clock: Clock = field(default_factory=SystemClock)
    later: Callable[[Callable[[], None]], object] = lambda step: step()
    """Runs what follows an acknowledgement: in a pool of ours, or at once in a test."""
    finish_later: Callable[[float], bool] = lambda seconds: True
    """Waits at most so many seconds for what was begun by `later`. False: some of it still runs."""
    tally: Tally = field(default_factory=Tally)
    code: Callable[[], str] = new_code
    put_file: PutFile = no_upload
    serves: set[int] = field(default_factory=set)
    """The workspaces whose token we hold; nothing is sent or asked for any other that the database may hold."""
    admins: frozenset[str] = frozenset()
    """Slack ids named as admins in the settings, beside Slack's own admins and owners."""
    senders: int = 1
    """Calls to Slack at once where messages are delivered; with one, whoever delivers makes them."""
    rates: Rates = UNCOUNTED
    """How often each workspace's Slack may be called."""

    client_of: Callable[[int], WebClient] | None = None
    """Where the app is installed in several workspaces: each one's own Slack. Raises NotInstalled."""
    tenants: Tenants | None = None
    """Whose installation serves whom, in several workspaces. None where the settings hold the only token."""
    install_url: str | None = None
    """Where the app can be added to a workspace, if anywhere."""
    keeps: timedelta = timedelta(days=ERASE_AFTER_DAYS)
    """What we know of a workspace is kept so long after the app was removed from it."""

    def now(self) -> datetime:
        return self.clock.now()

    def within(self, workspace_id: int) -> Self:
        """The same, with `slack` speaking in this workspace's name. Raises NotInstalled."""
        return self if self.client_of is None else replace(self, slack=self.client_of(workspace_id))
