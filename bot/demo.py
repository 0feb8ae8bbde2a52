"""`./run demo`: the bot, unchanged, against a local Slack with a web page, seeded with a reference portfolio."""

import json
import logging
import threading
import webbrowser
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from pydantic import SecretStr

from bot.clock import MovableClock
from bot.config import Settings
from bot.manifest import load_manifest
from bot.sandbox import PAGE, PORTFOLIO, Sandbox, seed_from_portfolio
from bot.sandbox.play import Upcoming
from bot.sandbox.seed import channel_id, user_id
from bot.sandbox.server import SandboxServer
from bot.services import workspace as workspaces
from bot.services.importing import import_portfolio
from bot.services.importing_reading import read_portfolio
from bot.services.upcoming import upcoming
from bot.start import Bot
from bot.views.upcoming import upcoming_line
from models.schemas.portfolio import Portfolio

SAVE_EVERY = 5.0
"""Seconds."""

logger = logging.getLogger(__name__)


class Demo:
    """One process: the sandbox's server, the bot by real Socket Mode, and a clock that can be played."""

    def __init__(self, folder: Path, *, port: int) -> None:
        portfolio = json.loads(PORTFOLIO.read_text())
        self._folder = folder
        as_of = datetime.fromisoformat(portfolio["as_of"])
        self.clock = MovableClock(as_of, running=False, kept_in=folder / "clock.json")
        self.sandbox = _workspace(folder / "workspace.json", self.clock, portfolio)
        self.server = SandboxServer(self.sandbox, page_dir=PAGE, port=port, controls=self)
        self._stopping = threading.Event()
        self._saver = threading.Thread(target=self._save_now_and_then, name="saver", daemon=True)
        self.bot = Bot(_settings(folder, self.sandbox, self.server.url), clock=self.clock)

    def start(self) -> None:
        self.server.start()
        self.bot.prepare()
        self._seed()
        self.clock.run()
        self.bot.start()
        self._saver.start()

    def stop(self) -> None:
        self.bot.stop()
        self.server.stop()
        self._stopping.set()
        self._saver.join()
        self._save()

    def play(self, until: datetime) -> None:
        """The time until then happens in order, as it would have."""
        self.bot.timetable.play(self.clock, until)

    def jump(self, until: datetime) -> None:
        self.bot.timetable.jump(self.clock, until)

    def upcoming(self) -> list[Upcoming]:
        runtime = self.bot.runtime
        (workspace,) = runtime.serves
        with runtime.database.read(workspace) as session:
            events = upcoming(session, now=self.clock.now())
        return [Upcoming(event.at, upcoming_line(event)) for event in events]

    def _save_now_and_then(self) -> None:
        """So that a demo that was killed goes on where it was, give or take a few seconds."""
        while not self._stopping.wait(SAVE_EVERY):
            self._save()

    def _save(self) -> None:
        self.clock.keep()
        self.sandbox.save(self._folder / "workspace.json")

    def _seed(self) -> None:
        """Importing the same file again adds what an upgrade can hold now, and changes nothing else."""
        portfolio = read_portfolio(json.loads(PORTFOLIO.read_text()))
        database = self.bot.runtime.database
        with database.everywhere() as session:
            (workspace,) = workspaces.all_workspaces(session)
        with database.write(workspace.id) as session:
            summary = import_portfolio(
                session,
                portfolio,
                slack_ids={person.handle: user_id(person.handle) for person in portfolio.people},
                channel_ids=_channel_ids(portfolio),
                now=self.clock.now(),
            )
        if any(summary.added.values()):
            skipped = ", ".join(f"{count} {kind}" for kind, count in sorted(summary.skipped.items()))
            logger.info("the portfolio is in; no place yet for %s", skipped)


def run_demo(folder: Path, *, port: int, browser: bool, fresh: bool, wait: Callable[[], None]) -> int:
    """Serves until `wait` returns. `fresh` forgets what happened in the demo so far."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if fresh:
        for kept in (*folder.glob("stationmaster.db*"), folder / "clock.json", folder / "workspace.json"):
            kept.unlink(missing_ok=True)
    demo = Demo(folder, port=port)
    demo.start()
    print(f"Stationmaster's demo is at {demo.server.url}  (Ctrl-C stops it)", flush=True)
    if browser:
        webbrowser.open(demo.server.url)
    wait()
    demo.stop()
    return 0


def _workspace(kept: Path, clock: MovableClock, portfolio: dict[str, Any]) -> Sandbox:
    manifest = load_manifest()
    if kept.exists():
        return Sandbox.load(kept, clock, manifest)
    sandbox = Sandbox(clock, manifest)
    seed_from_portfolio(sandbox, portfolio)
    return sandbox


def _settings(folder: Path, sandbox: Sandbox, url: str) -> Settings:
    """Nothing of the machine's own settings: a demo never touches a real workspace."""
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_app_token=SecretStr(sandbox.app_token),
        slack_signing_secret=SecretStr(""),
        admin_port=None,
        slack_api_url=f"{url}/api/",
        database_url=f"sqlite:///{folder / 'stationmaster.db'}",
        admins=frozenset(),
        clock_url=None,
    )


def _channel_ids(portfolio: Portfolio) -> dict[str, str]:
    """The sandbox made a channel for each program and project of the same file."""
    names = [program.channel for program in portfolio.programs] + [project.channel for project in portfolio.projects]
    return {name: channel_id(name) for name in names if name}
