"""`./run start`: everything of ours that runs, or some parts of it, behind one of the two doors to Slack."""

import fcntl
import logging
import os
import resource
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from http.client import HTTPException
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING, Protocol, TextIO

from slack_bolt import App
from slack_sdk.errors import SlackApiError
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.app import build_app, build_runtime, connect
from bot.clock import Clock
from bot.config import ALL_PARTS, Part, Settings
from bot.database import PATIENT, Database
from bot.errors import UserError
from bot.gate import Gate
from bot.http_mode import HttpDoor
from bot.jobs.people import refresh_people
from bot.migrate import Version, migrate, version_of
from bot.runtime import Runtime
from bot.scheduler import Timetable
from bot.server import build_admin
from bot.socket_mode import SocketDoor
from bot.web_server import CannotListen, WebServer

if TYPE_CHECKING:
    from bot.metrics import Exposition

logger = logging.getLogger(__name__)

MOST_SECONDS = 25.0
"""From the request to stop to the end: a container is killed after thirty."""

FOR_JOBS = 16
"""Connections of the jobs' own: however many ask in Slack, what is due is sent and recorded."""

OPEN_FILES = 65_536


class Door(Protocol):
    gate: Gate

    @property
    def address(self) -> str: ...
    @property
    def is_open(self) -> bool: ...
    def open(self) -> None: ...
    def drain(self) -> None: ...
    def close(self, seconds: float) -> bool: ...


class Bot:
    """The door, the pools, the timetable, and the health of it all."""

    def __init__(self, settings: Settings, *, clock: Clock | None = None, parts: Collection[Part] = ALL_PARTS) -> None:
        self.runtime: Runtime = build_runtime(
            settings, clock=clock, wake=lambda: self.timetable.wake(), on_call=self._count_call
        )
        self._jobs = self._for_jobs()
        self.timetable = Timetable(self._jobs, ticks=Part.CLOCK in parts, delivers=Part.DELIVERY in parts)
        self._settings = settings
        self._parts = parts
        self._is_stopping = False
        self.door: Door | None = None
        self.health: WebServer | None = None

    def prepare(self) -> None:
        """Database up to date, workspace known."""
        migrate(self.runtime.database)
        self._identity = connect(self.runtime)

    def start(self) -> None:
        self._open_health()
        if self._parts != {Part.DELIVERY}:
            self._meet_everyone()
        if Part.SLACK in self._parts:
            app = build_app(self.runtime, self._identity, signing_secret=self._settings.signing_secret)
            self.door = self._build_door(app)
            self.door.open()
        self.timetable.start()

    def drain(self) -> None:
        """Said not to be ready, while all that comes is still answered: until whoever shares it out has noticed."""
        self._is_stopping = True
        if self.door is not None and self._settings.signing_secret:
            self.door.drain()
            sleep(self._settings.drain_seconds)

    def stop(self, seconds: float = MOST_SECONDS) -> bool:
        """The door first: what was let in is finished, and nothing new comes. False: not all of it ended in time."""
        self._is_stopping = True
        until = monotonic() + seconds
        ended = self.door is None or self.door.close((until - monotonic()) / 2)
        ended = self.timetable.stop(until - monotonic()) and ended
        ended = self.runtime.finish_later(until - monotonic()) and ended
        if self.runtime.tenants is not None:
            self.runtime.tenants.stop()
        if self.health is not None:
            self.health.stop()
        self.runtime.database.close()
        self._jobs.database.close()
        return ended

    def problems(self) -> list[str]:
        """What keeps the bot from doing its work now, in words."""
        found = ["it is stopping"] if self._is_stopping else []
        if Part.SLACK in self._parts and not (self.door is not None and self.door.is_open):
            found.append("not connected to Slack")
        found += self.timetable.missing
        try:
            if version_of(self.runtime.database) in (Version.EMPTY, Version.OLDER):
                found.append("the database waits for its migration")
        except SQLAlchemyError:
            found.append("the database does not answer")
        return found

    def metrics(self) -> bytes:
        return self._exposition(self.door.gate if self.door is not None else None)

    @cached_property
    def _exposition(self) -> "Exposition":
        from bot.metrics import Exposition  # loaded when first asked for, not with the bot

        return Exposition(self._jobs)

    def _count_call(self, method: str, result: str, seconds: float) -> None:
        self.runtime.tally.count("slack_calls", method, result)
        self.runtime.tally.time("slack_call", method, seconds=seconds)

    def _for_jobs(self) -> Runtime:
        """Connections of their own, where a server has to share them out."""
        database = self.runtime.database
        if database.is_sqlite:
            return self.runtime
        own = Database(database.url, wake=database.wake, connections=FOR_JOBS, waiting=PATIENT)
        return replace(self.runtime, database=own)

    def _build_door(self, app: App) -> Door:
        if self._settings.signing_secret:
            return HttpDoor(app, self.runtime, self._settings)
        return SocketDoor(app, self.runtime, self._settings)

    def _open_health(self) -> None:
        port = self._settings.health_port_for(self._parts)
        if port is not None:
            app = build_admin(self.problems, self.metrics)
            self.health = WebServer(app, host=self._settings.admin_host, port=port)
            self.health.start()

    def _meet_everyone(self) -> None:
        """Best before the first command, so that zones and guests are known; else a minute later, by the timetable."""
        try:
            refresh_people(self._jobs)
        except (SlackApiError, OSError, HTTPException):
            logger.warning("Slack did not list the people yet; trying again in a minute")


def run_bot(settings: Settings, *, wait: Callable[[], object], parts: Collection[Part] = ALL_PARTS) -> int:
    if missing := settings.missing_for(parts):
        logger.error("%s missing. The README's ten steps say where to find them.", " and ".join(missing))
        return 2
    if parts != ALL_PARTS and _sqlite_file(settings.database_url):
        logger.error("--only needs PostgreSQL (DATABASE_URL): with SQLite one process does everything.")
        return 2
    with _only_one(settings.database_url):
        _open_many_files()
        bot = Bot(settings, parts=parts)
        try:
            bot.prepare()
            bot.start()
        except (SlackApiError, OSError, HTTPException, SQLAlchemyError, UserError) as problem:
            logger.error("%s Nothing was started.", _explained(problem, settings))
            bot.stop()
            return 1
        logger.info("%s; Ctrl-C stops", _doing(bot, parts))
        wait()
        until = monotonic() + MOST_SECONDS
        bot.drain()
        if not bot.stop(until - monotonic()):
            logger.warning("Not all ended in time. What was not recorded is looked for at the next start.")
    return 0


def _doing(bot: Bot, parts: Collection[Part]) -> str:
    names = sorted(part.value for part in parts if part is not Part.SLACK) if parts != ALL_PARTS else []
    address = [f"connected to {bot.door.address}"] if bot.door else []
    return ", ".join(address + [f"{name} runs" for name in names])


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


def _open_many_files() -> None:
    """As many connections as the settings allow: shells often allow a thousand files only."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _sqlite_file(database_url: str) -> str | None:
    url = make_url(database_url)
    return url.database if url.get_backend_name() == "sqlite" else None


@contextmanager
def _only_one(database_url: str) -> Iterator[None]:
    """One bot per SQLite file; PostgreSQL takes as many as wanted."""
    database = _sqlite_file(database_url)
    if not database:
        yield
        return
    with _lock_file(database) as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise SystemExit(f"Another Stationmaster runs on {database} already.") from None
        yield


def _lock_file(database: str) -> TextIO:
    path = Path(f"{database}.lock")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600), "w")
    except OSError as problem:
        raise SystemExit(f"{database} cannot be used: {problem.strerror}.") from None
