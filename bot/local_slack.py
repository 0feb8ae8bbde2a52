"""`./run sandbox`: a local Slack by itself. A bot in another process takes it for the real one (`SLACK_API_URL`)."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import yaml

from bot.clock import MovableClock, SystemClock
from bot.manifest import MANIFEST
from bot.sandbox import PAGE, PORTFOLIO, Sandbox, seed_from_portfolio
from bot.sandbox.server import SandboxServer

ASK_AGAIN = 1.0
"""Seconds between two questions whether somebody listens at the request URL."""

logger = logging.getLogger(__name__)


class LocalSlack:
    """The demo's people and channels, and an app made from the manifest that nobody has invited yet."""

    def __init__(self, *, port: int, manifest: Path = MANIFEST, request_url: str | None = None) -> None:
        if request_url and not request_url.startswith(("http://", "https://")):
            raise ValueError(f"--request-url is an address like http://127.0.0.1:3000/slack/events, not {request_url}")
        clock = MovableClock(SystemClock().now())
        self._started_at = clock.now()
        self.sandbox = Sandbox(clock, yaml.safe_load(manifest.read_text()))
        seed_from_portfolio(self.sandbox, json.loads(PORTFOLIO.read_text()), with_bot=False)
        self.server = SandboxServer(self.sandbox, page_dir=PAGE, port=port)
        self.request_url = request_url
        self._stopping = threading.Event()
        self._found = threading.Event()
        self._asking = threading.Thread(target=self._find_listener, name="request-url", daemon=True)

    def start(self) -> None:
        self.server.start()
        if self.request_url:
            self._asking.start()

    def stop(self) -> None:
        self._stopping.set()
        self.server.stop()

    @property
    def is_reached(self) -> bool:
        """By HTTP: the app answered at its address. By socket it comes by itself."""
        return self._found.is_set() or self.request_url is None

    @property
    def settings(self) -> dict[str, str]:
        """What the bot has to be started with."""
        url = self.server.url
        door = (
            {"SLACK_SIGNING_SECRET": self.sandbox.signing_secret}
            if self.request_url
            else {"SLACK_APP_TOKEN": self.sandbox.app_token}
        )
        return {
            "SLACK_API_URL": f"{url}/api/",
            "SLACK_BOT_TOKEN": self.sandbox.bot_token,
            **door,
            # The sandbox forgets at its end: a bot that remembered would take the next one's events for repeats.
            "DATABASE_URL": f"sqlite:///data/rehearsal-{self._started_at:%Y%m%d-%H%M%S}.db",
            "STATIONMASTER_CLOCK_URL": f"{url}/sandbox/clock",
        }

    def _find_listener(self) -> None:
        """Slack asks the request URL once whether it is the app's; here the bot may come later."""
        assert self.request_url
        while not self.server.deliver_to(self.request_url, SystemClock().now):
            if self._stopping.wait(ASK_AGAIN):
                return
        self._found.set()
        logger.info("the app answers at %s", self.request_url)


def run_local_slack(*, port: int, manifest: Path, request_url: str | None, wait: Callable[[], None]) -> int:
    try:
        slack = LocalSlack(port=port, manifest=manifest, request_url=request_url)
    except (ValueError, FileNotFoundError, yaml.YAMLError) as problem:
        print(problem)
        return 2
    slack.start()
    print(f"A local Slack is at {slack.server.url}  (Ctrl-C stops it, and it forgets)", flush=True)
    print("A bot takes it for the real one with these settings:\n", flush=True)
    for name, value in slack.settings.items():
        print(f"{name}={value}", flush=True)
    wait()
    slack.stop()
    return 0
