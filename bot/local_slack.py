"""`./run sandbox`: a local Slack by itself. A bot in another process takes it for the real one (`SLACK_API_URL`)."""

import json
import logging
import threading
from collections.abc import Callable
from pathlib import Path

import yaml

from bot.clock import MovableClock, SystemClock
from bot.config import INSTALL_PATH, SLACK_PATH
from bot.manifest import MANIFEST, for_several
from bot.sandbox import PAGE, PORTFOLIO, Sandbox, seed_from_portfolio
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import EXAMPLE, Identity

TWO = (
    Identity(bot_token=""),
    Identity("T0OTHER", "Other Workspace", "other-workspace", bot_id="B0OTHER", bot_token=""),
)
"""That nobody has added the app to yet."""

ASK_AGAIN = 1.0
"""Seconds between two questions whether somebody listens at the request URL."""

logger = logging.getLogger(__name__)


class LocalSlack:
    """The demo's people and channels, and an app made from the manifest that nobody has invited yet."""

    def __init__(
        self, *, port: int, manifest: Path = MANIFEST, request_url: str | None = None, several: bool = False
    ) -> None:
        if request_url and not request_url.startswith(("http://", "https://")):
            raise ValueError(f"--request-url is an address like http://127.0.0.1:3000/slack/events, not {request_url}")
        if several and not request_url:
            raise ValueError("--several needs --request-url: where several install the app, Slack calls it by HTTP")
        clock = MovableClock(SystemClock().now())
        self._started_at = clock.now()
        made = yaml.safe_load(manifest.read_text())
        self._several = several
        if several:
            made = for_several(made)
            made["oauth_config"]["redirect_urls"] = [_address(request_url)]
        self.sandbox, *others = [Sandbox(clock, made, identity=who) for who in (TWO if several else [EXAMPLE])]
        for sandbox in (self.sandbox, *others):
            seed_from_portfolio(sandbox, json.loads(PORTFOLIO.read_text()), with_bot=False)
        self.server = SandboxServer(self.sandbox, page_dir=PAGE, port=port, also=others)
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
            **({} if self._several else {"SLACK_BOT_TOKEN": self.sandbox.bot_token}),
            **door,
            **(self._of_several() if self._several else {}),
            # The sandbox forgets at its end: a bot that remembered would take the next one's events for repeats.
            "DATABASE_URL": f"sqlite:///data/rehearsal-{self._started_at:%Y%m%d-%H%M%S}.db",
            "STATIONMASTER_CLOCK_URL": f"{url}/sandbox/clock",
        }

    def _of_several(self) -> dict[str, str]:
        from bot.seal import new_key

        return {
            "SLACK_CLIENT_ID": self.sandbox.identity.client_id,
            "SLACK_CLIENT_SECRET": self.sandbox.identity.client_secret,
            "STATIONMASTER_URL": _address(self.request_url),
            "STATIONMASTER_KEYS": new_key(),
        }

    def _find_listener(self) -> None:
        """Slack asks the request URL once whether it is the app's; here the bot may come later."""
        assert self.request_url
        while not self.server.deliver_to(self.request_url, SystemClock().now):
            if self._stopping.wait(ASK_AGAIN):
                return
        self._found.set()
        logger.info("the app answers at %s", self.request_url)


def _address(request_url: str | None) -> str:
    """Where the app is, without the path that Slack calls."""
    return (request_url or "").rstrip("/").removesuffix(SLACK_PATH)


def run_local_slack(
    *, port: int, manifest: Path, request_url: str | None, several: bool, wait: Callable[[], None]
) -> int:
    try:
        slack = LocalSlack(port=port, manifest=manifest, request_url=request_url, several=several)
    except (ValueError, FileNotFoundError, yaml.YAMLError) as problem:
        print(problem)
        return 2
    slack.start()
    print(f"A local Slack is at {slack.server.url}  (Ctrl-C stops it, and it forgets)", flush=True)
    print("A bot takes it for the real one with these settings:\n", flush=True)
    for name, value in slack.settings.items():
        print(f"{name}={value}", flush=True)
    if several:
        print(f"\nThen add the app in a browser: {slack.settings['STATIONMASTER_URL']}{INSTALL_PATH}", flush=True)
    wait()
    slack.stop()
    return 0
