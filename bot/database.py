"""The engine, and units of work: one transaction each, reading or writing, in one workspace."""

import stat
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import DBAPIError, DisconnectionError, OperationalError, TimeoutError
from sqlalchemy.orm import Session
from sqlalchemy.pool import ConnectionPoolEntry

from bot.errors import UserError
from models.tables import ready
from models.tables.unit import EVERYWHERE

DEADLOCK = "40P01"
"""What PostgreSQL says to the one of two units that waited for each other which it has undone."""
RESTED = 5.0
"""Seconds after which a connection to a server is looked at before it is used again."""
OUT_OF_REACH = ("08", "57P", "53300")
"""How PostgreSQL's words begin for: the connection broke, it shuts down or starts, it takes no more connections."""
CONNECTING, WAITING = 2, 2.0
"""Seconds for a new connection, and for one of those that are in use: whoever asked in Slack is told within three."""
UNACKNOWLEDGED = 3_000
"""Milliseconds after which a connection is given up on whose other end is silent."""
PATIENT = 30.0
"""Seconds that jobs wait for a connection: nobody looks at them, and what was sent has to be recorded."""
KEPT_OPEN = 8
"""Connections to a PostgreSQL server that are kept when nobody needs them."""


class Database:
    """`wake` is called after each commit that queued a message, so that it leaves at once.

    `connections` is the most that a PostgreSQL server is asked for.
    """

    def __init__(
        self,
        url: str,
        *,
        wake: Callable[[], None] = lambda: None,
        connections: int = 32,
        waiting: float = WAITING,
        durable: bool = False,
    ) -> None:
        self.url = url
        self.wake = wake
        self.is_sqlite = make_url(url).get_backend_name() == "sqlite"
        self.writer, self.reader = (
            _sqlite_engines(url, durable) if self.is_sqlite else _server_engines(url, connections, waiting)
        )

    @contextmanager
    def read(self, workspace_id: int) -> Iterator[Session]:
        with self._unit(self.reader, workspace_id) as session:
            yield session

    @contextmanager
    def write(self, workspace_id: int) -> Iterator[Session]:
        with self._unit(self.writer, workspace_id) as session:
            yield session
        if session.info.get("queued"):
            self.wake()

    @contextmanager
    def everywhere(self) -> Iterator[Session]:
        """A writing unit across all workspaces, for claims and for finding who is due."""
        with self._unit(self.writer, EVERYWHERE) as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """Reading across all workspaces by Core alone: whether anything is due, which most often nothing is."""
        with self.reader.connect() as connection, connection.begin():
            connection.info["workspace"] = EVERYWHERE
            yield connection

    def check(self) -> None:
        """Raises SQLAlchemyError when the database does not answer."""
        with self.reader.connect() as connection:
            connection.execute(text("SELECT 1"))

    def close(self) -> None:
        self.reader.dispose()
        self.writer.dispose()

    @contextmanager
    def _unit(self, engine: Engine, workspace: int | str) -> Iterator[Session]:
        with (
            Session(engine, expire_on_commit=False, info={"workspace": workspace}) as session,
            session.begin(),
        ):
            yield session


def was_deadlocked(problem: DBAPIError) -> bool:
    """Nothing of the unit was saved: done again it goes through."""
    return getattr(problem.orig, "sqlstate", None) == DEADLOCK


def was_cut_off(problem: DBAPIError) -> bool:
    """The connection broke. Whether the unit was saved is not known, if it was about to be."""
    return problem.connection_invalidated


def is_full(problem: Exception) -> bool:
    """All connections are in use."""
    return isinstance(problem, TimeoutError)


def is_out_of_reach(problem: Exception) -> bool:
    """The server does not answer, or not now."""
    if not isinstance(problem, DBAPIError):
        return False
    state: str | None = getattr(problem.orig, "sqlstate", "")
    never_came = state is None and isinstance(problem, OperationalError)
    return problem.connection_invalidated or never_came or (state or "").startswith(OUT_OF_REACH)


def _sqlite_engines(url: str, durable: bool) -> tuple[Engine, Engine]:
    """One connection for all writers (SQLite has one anyway), a few for readers, who never wait for it."""
    path = make_url(url).database
    if path and path != ":memory:":
        _private_file(Path(path))
    writer = create_engine(url, pool_size=1, max_overflow=0, pool_timeout=30, hide_parameters=True)
    reader = create_engine(url, pool_size=8, max_overflow=8, hide_parameters=True)
    prepare = partial(_prepare_sqlite, synchronous="FULL" if durable else "NORMAL")
    for engine, begin in ((writer, "BEGIN IMMEDIATE"), (reader, "BEGIN")):
        event.listen(engine, "connect", prepare)
        event.listen(engine, "begin", lambda connection, begin=begin: ready.say(connection, begin))
    event.listen(reader, "connect", lambda connection, _: connection.execute("PRAGMA query_only=ON").close())
    return writer, reader


def _private_file(path: Path) -> None:
    """SQLite gives the files beside it (-wal, -shm) the rights of the file. A folder that was there is not ours."""
    try:
        if not path.parent.exists():
            path.parent.mkdir(parents=True, mode=0o700)
        path.touch(mode=0o600, exist_ok=True)
        if stat.S_IMODE(path.stat().st_mode) != 0o600:
            path.chmod(0o600)
    except OSError as problem:
        raise UserError(f"{path} cannot be used: {problem.strerror}") from None


def _prepare_sqlite(connection: DBAPIConnection, _: ConnectionPoolEntry, *, synchronous: str) -> None:
    """What was acknowledged survives the end of this process in both; FULL waits for the disk at each commit, so that
    it survives the end of the power too, and costs a third more CPU a command (measured). With recursive triggers a row
    that another replaces is one that is deleted: history refuses that."""
    connection.isolation_level = None  # SQLAlchemy says when to begin, not the driver
    cursor = connection.cursor()
    always = ("busy_timeout=10000", "journal_mode=WAL", "foreign_keys=ON", "recursive_triggers=ON")
    for pragma in (*always, f"synchronous={synchronous}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _note_use(_: DBAPIConnection | None, entry: ConnectionPoolEntry) -> None:
    entry.info["used at"] = time.monotonic()


def _look_after_a_rest(engine: Engine, connection: DBAPIConnection, entry: ConnectionPoolEntry) -> None:
    """A connection in use is not looked at each time: a round trip of every unit's. Where it breaks, the unit is
    repeated."""
    if time.monotonic() - entry.info.get("used at", time.monotonic()) < RESTED:
        return
    try:
        engine.dialect.do_ping(connection)
    except engine.dialect.loaded_dbapi.Error as problem:
        raise DisconnectionError from problem


def _server_engines(url: str, connections: int, waiting: float) -> tuple[Engine, Engine]:
    limits = {"connect_timeout": CONNECTING, "tcp_user_timeout": UNACKNOWLEDGED}
    engine = create_engine(
        url,
        connect_args={name: value for name, value in limits.items() if name not in make_url(url).query},
        pool_timeout=waiting,
        pool_size=min(KEPT_OPEN, connections),
        max_overflow=max(0, connections - KEPT_OPEN),
        hide_parameters=True,
    )
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", lambda connection, entry, _: _look_after_a_rest(engine, connection, entry))
    return engine, engine.execution_options(postgresql_readonly=True)
