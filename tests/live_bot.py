"""The bot as it is started, connected to a local Slack by real sockets and real calls; the clock stands until moved."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.clock import MovableClock
from bot.config import Settings
from bot.sandbox import Person, Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from bot.start import Bot
from tests.town import MANIFEST, MONDAY

PATIENCE = 1
"""Seconds that this bot waits for an answer of Slack's; started by `./run`, it waits longer."""

RISK = {"probability": "4", "impact": "5", "category": "vendor"}


class LiveBot:
    """luis owns the project of #ledger; dana is a member. The bot is not in #aside."""

    def __init__(self, folder: Path) -> None:
        self.clock = MovableClock(MONDAY, running=False)
        self.sandbox = Sandbox(self.clock, MANIFEST)
        for user in ("ULUIS", "UDANA"):
            self.sandbox.add_person(user, user[1:].lower())
        self.sandbox.add_channel("CLEDGER", "ledger", ["ULUIS", "UDANA", self.sandbox.bot_user_id])
        self.sandbox.add_channel("CASIDE", "aside", ["ULUIS", "UDANA"])
        self.server = SandboxServer(self.sandbox, page_dir=folder)
        self.bot = Bot(self._settings(folder), clock=self.clock)
        self.luis, self.dana = self.sandbox.person("ULUIS"), self.sandbox.person("UDANA")

    def start(self) -> None:
        self.server.start()
        self.bot.prepare()
        self.bot.runtime.slack.timeout = PATIENCE
        self.bot.start()
        self.luis.types("CLEDGER", "/pm setup Ledger Migration")
        self.luis.submits({"target_on": "2026-05-22"})
        assert self.luis.form_errors == {}
        self.pass_time(minutes=1)

    def stop(self) -> None:
        self.sandbox.faults.clear()
        self.bot.stop()
        if self.bot.door:
            self.bot.door.close()  # once more, for a socket that was being opened meanwhile
        self.server.stop()

    def goes_wrong(self, kind: str, *methods: str, times: int | None = None, seconds: float | None = None) -> None:
        self.sandbox.faults.add(Fault(kind, methods or ("*",), times, seconds))

    def pass_time(self, **span: float) -> None:
        """What is due on the way happens, also what was held back for a moment."""
        self.bot.timetable.play(self.clock, self.clock.now() + timedelta(**span))
        self.sandbox.redeliver_events(only_due=True)

    def logs_risk(self, person: Person, title: str, **answers: str) -> None:
        person.types("CLEDGER", f"/risk {title}")
        assert person.submits(RISK | answers).error is None
        assert person.form_errors == {}

    def cards(self, title: str) -> list[str]:
        """What stands in #ledger for everybody and names the risk."""
        return [shown["text"] for shown in self._public("CLEDGER") if title in str(shown["blocks"])]

    def greetings(self, channel: str) -> list[str]:
        return [shown["text"] for shown in self._public(channel) if shown["user"] == self.sandbox.bot_user_id]

    def asked(self, method: str) -> int:
        """How many calls of the method Slack has seen."""
        return len([call for call in self.sandbox.calls if call.method == method])

    def _public(self, channel: str) -> list[dict[str, Any]]:
        return [shown for shown in self.luis.reads(channel) if not shown.get("ephemeral")]

    def _settings(self, folder: Path) -> Settings:
        return Settings(
            _env_file=None,
            slack_bot_token=SecretStr(self.sandbox.bot_token),
            slack_app_token=SecretStr(self.sandbox.app_token),
            slack_api_url=f"{self.server.url}/api/",
            database_url=f"sqlite:///{folder / 'bot.db'}",
        )
