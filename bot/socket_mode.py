"""The bot, connected by Socket Mode: no public address needed."""

import fcntl
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.errors import SlackApiError
from sqlalchemy import make_url

from bot.app import build_app, build_runtime, connect
from bot.clock import Clock
from bot.config import Settings
from bot.jobs.people import refresh_people
from bot.migrate import migrate
from bot.runtime import Runtime
from bot.scheduler import Timetable

logger = logging.getLogger(__name__)

BURST = 20_000
"""slack_sdk's socket client recurses once per frame that arrives in one read: bursts need room on the stack."""

RECEIVE_BUFFER = 65_536


class Bot:
    """Everything of ours that runs: the socket, the pools, the timetable."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.runtime: Runtime = build_runtime(settings, clock=clock, wake=lambda: self.timetable.wake())
        self.timetable = Timetable(self.runtime)
        self._settings = settings
        self._socket: SocketModeHandler | None = None

    def prepare(self) -> None:
        """Database up to date, workspace known."""
        migrate(self.runtime.database)
        self._identity = connect(self.runtime)

    def start(self) -> None:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), BURST))
        self._socket = SocketModeHandler(
            build_app(self.runtime, self._identity),
            self._settings.slack_app_token.get_secret_value(),
            web_client=self.runtime.slack,
            concurrency=self._settings.worker_threads,
            receive_buffer_size=RECEIVE_BUFFER,
        )
        self._meet_everyone()
        self._socket.connect()
        self.timetable.start()

    def _meet_everyone(self) -> None:
        """Best before the first command, so that zones and guests are known; else a minute later, by the timetable."""
        try:
            refresh_people(self.runtime)
        except (SlackApiError, OSError):
            logger.warning("Slack did not list the people yet; trying again in a minute")

    def stop(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self.timetable.stop()
        self.runtime.database.close()


def run_bot(settings: Settings, *, wait: Callable[[], None]) -> int:
    missing = [
        name
        for name, secret in (
            ("SLACK_BOT_TOKEN", settings.slack_bot_token),
            ("SLACK_APP_TOKEN", settings.slack_app_token),
        )
        if not secret.get_secret_value()
    ]
    if missing:
        logger.error("%s missing. The README's ten steps say where to find them.", " and ".join(missing))
        return 2
    with _only_one(settings.database_url):
        bot = Bot(settings)
        try:
            bot.prepare()
            bot.start()
        except (SlackApiError, OSError) as problem:
            logger.error("%s Nothing was started.", _explained(problem, settings))
            bot.stop()
            return 1
        logger.info("connected; Ctrl-C stops")
        wait()
        bot.stop()
    return 0


def _explained(problem: Exception, settings: Settings) -> str:
    """Never with a token in it."""
    if isinstance(problem, SlackApiError):
        return f"Slack refused a token: {problem.response.get('error')}. Compare SLACK_BOT_TOKEN and SLACK_APP_TOKEN."
    return f"{settings.slack_api_url} cannot be reached ({type(problem).__name__})."


@contextmanager
def _only_one(database_url: str) -> Iterator[None]:
    """One bot per SQLite file; PostgreSQL takes as many as wanted."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    path = Path(f"{url.database}.lock")
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"Another Stationmaster runs on {url.database} already.") from None
        yield
