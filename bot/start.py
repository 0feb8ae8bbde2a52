"""`./run start`: everything of ours that runs, behind one of the two doors to Slack."""

import fcntl
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol, TextIO

from slack_bolt import App
from slack_sdk.errors import SlackApiError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.app import build_app, build_runtime, connect
from bot.clock import Clock
from bot.config import Settings
from bot.errors import UserError
from bot.http_mode import HttpDoor
from bot.jobs.people import refresh_people
from bot.migrate import migrate
from bot.runtime import Runtime
from bot.scheduler import Timetable
from bot.server import CannotListen, WebServer, build_health
from bot.socket_mode import SocketDoor

logger = logging.getLogger(__name__)


class Door(Protocol):
    @property
    def address(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    def open(self) -> None: ...
    def close(self) -> None: ...


class Bot:
    """The door, the pools, the timetable, and the health of it all."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None) -> None:
        self.runtime: Runtime = build_runtime(settings, clock=clock, wake=lambda: self.timetable.wake())
        self.timetable = Timetable(self.runtime)
        self._settings = settings
        self.door: Door | None = None
        self.health: WebServer | None = None

    def prepare(self) -> None:
        """Database up to date, workspace known."""
        migrate(self.runtime.database)
        self._identity = connect(self.runtime)

    def start(self) -> None:
        self._open_health()
        self._meet_everyone()
        app = build_app(self.runtime, self._identity, signing_secret=self._settings.signing_secret)
        self.door = self._build_door(app)
        self.door.open()
        self.timetable.start()

    def stop(self) -> None:
        """The door first: what was let in is finished, and nothing new comes."""
        if self.door is not None:
            self.door.close()
        self.timetable.stop()
        if self.runtime.tenants is not None:
            self.runtime.tenants.stop()
        if self.health is not None:
            self.health.stop()
        self.runtime.database.close()

    def problems(self) -> list[str]:
        """What keeps the bot from doing its work now, in words."""
        found = [] if self.door is not None and self.door.is_open else ["not connected to Slack"]
        if not self.timetable.is_running:
            found.append("the timetable does not run")
        try:
            self.runtime.database.check()
        except SQLAlchemyError:
            found.append("the database does not answer")
        return found

    def _build_door(self, app: App) -> Door:
        if self._settings.signing_secret:
            return HttpDoor(app, self.runtime, self._settings)
        return SocketDoor(app, self.runtime, self._settings)

    def _open_health(self) -> None:
        port = self._settings.health_port
        if port is not None:
            self.health = WebServer(build_health(self.problems), host=self._settings.admin_host, port=port)
            self.health.start()

    def _meet_everyone(self) -> None:
        """Best before the first command, so that zones and guests are known; else a minute later, by the timetable."""
        try:
            refresh_people(self.runtime)
        except (SlackApiError, OSError):
            logger.warning("Slack did not list the people yet; trying again in a minute")


def run_bot(settings: Settings, *, wait: Callable[[], None]) -> int:
    if settings.missing:
        logger.error("%s missing. The README's ten steps say where to find them.", " and ".join(settings.missing))
        return 2
    with _only_one(settings.database_url):
        bot = Bot(settings)
        try:
            bot.prepare()
            bot.start()
        except (SlackApiError, OSError, SQLAlchemyError, UserError) as problem:
            logger.error("%s Nothing was started.", _explained(problem, settings))
            bot.stop()
            return 1
        logger.info("connected to %s; Ctrl-C stops", bot.door.address if bot.door else "nothing")
        wait()
        bot.stop()
    return 0


def _explained(problem: Exception, settings: Settings) -> str:
    """Never with a token or a password in it."""
    if isinstance(problem, SlackApiError):
        return f"Slack refused a token: {problem.response.get('error')}. Compare SLACK_BOT_TOKEN and SLACK_APP_TOKEN."
    if isinstance(problem, SQLAlchemyError):
        where = make_url(settings.database_url).render_as_string(hide_password=True)
        return f"The database {where} does not answer ({type(problem).__name__})."
    if isinstance(problem, CannotListen | UserError):
        return f"{problem}."
    return f"{settings.slack_api_url} cannot be reached ({type(problem).__name__})."


@contextmanager
def _only_one(database_url: str) -> Iterator[None]:
    """One bot per SQLite file; PostgreSQL takes as many as wanted."""
    url = make_url(database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        yield
        return
    with _lock_file(url.database) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"Another Stationmaster runs on {url.database} already.") from None
        yield


def _lock_file(database: str) -> TextIO:
    path = Path(f"{database}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return path.open("w")
    except OSError as problem:
        raise SystemExit(f"{database} cannot be used: {problem.strerror}.") from None
