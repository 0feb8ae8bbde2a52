"""What is known of an installation while it is examined: each check may add what later ones need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.clock import Clock, RemoteClock
from bot.config import Settings
from bot.database import Database
from bot.doctor.line import Line
from bot.manifest import Manifest
from models.schemas.workspace import WorkspaceCard


@dataclass
class Case:
    settings: Settings
    manifest: Manifest
    env_file: Path
    clock: Clock
    """This machine's; `now` is the bot's, which a test may have moved."""
    line: Line
    usable: bool = True
    """Nothing in the settings keeps the bot from starting."""
    identity: Mapping[str, Any] | None = None
    """What Slack says of the bot token."""
    granted: frozenset[str] | None = None
    """The scopes that Slack says the bot token has."""
    database: Database | None = None
    """Open, and up to date."""
    workspace: WorkspaceCard | None = None
    unreachable: bool = False
    """Slack did not answer."""
    refused: set[str] = field(default_factory=set)
    """Names of settings that hold no token of the right kind: they are not sent to Slack."""

    def now(self) -> datetime:
        url = self.settings.clock_url
        return RemoteClock(url).now() if url else self.clock.now()

    @property
    def uses_http(self) -> bool:
        return self.settings.signing_secret is not None

    @property
    def without_slack(self) -> str:
        """Why nothing can be asked in the bot's name."""
        if "SLACK_BOT_TOKEN" in self.refused:
            return "SLACK_BOT_TOKEN has to be mended first"
        return "Slack was not reached" if self.unreachable else "Slack did not accept the bot token"

    @property
    def without_database(self) -> str:
        """Why there is nothing of this workspace to read."""
        closed = "the database cannot be read yet"
        return closed if self.database is None else "the database does not know this workspace yet"

    @property
    def bot_name(self) -> str:
        name: str = (self.identity or {}).get("user") or self.manifest["features"]["bot_user"]["display_name"]
        return name
