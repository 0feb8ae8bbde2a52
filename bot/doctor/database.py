"""The database: whether it is there, ours to write, private, up to date, and whether a bot runs on it."""

import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.database import Database
from bot.doctor.case import Case
from bot.doctor.finding import Finding, note, problem, right
from bot.migrate import Version, version_of
from bot.services import workspace as workspaces
from models.schemas.workspace import WorkspaceCard

CONNECT_SECONDS = 5
MOST_SAID = 200
PRIVATE = 0o600

VERSIONS = {
    Version.EMPTY: note(
        "The database is empty.", "./run start makes the tables when it starts; ./run migrate does it now."
    ),
    Version.OLDER: problem(
        "The database belongs to an older version.", "./run migrate; or ./run start, which does it."
    ),
    Version.CURRENT: right("Its tables are up to date."),
    Version.UNKNOWN: problem(
        "The database was used by a newer Stationmaster than this one.", "Update this checkout (git pull)."
    ),
}

HINTS = (
    ("password authentication failed", "Compare user and password in DATABASE_URL with the server's."),
    ("no password supplied", "DATABASE_URL needs a password: postgresql://user:password@host/database"),
    ("does not exist", "Make it on the server (createdb), or mend its name in DATABASE_URL."),
    ("refused", "Does PostgreSQL run there, and do host and port in DATABASE_URL agree with it?"),
    ("translate host name", "Compare the host in DATABASE_URL with the server's name."),
    ("resolve host", "Compare the host in DATABASE_URL with the server's name."),
    ("timeout", "Does PostgreSQL run there, and may this machine reach it?"),
    ("not a database", "DATABASE_URL names a file of another kind. Choose another name."),
    ("locked", "Another program holds the file. Try again in a moment."),
    ("read-only", "The server takes no changes just now (a standby?). DATABASE_URL must name one that does."),
    ("readonly", "The file may not be written. ls -l shows whose it is; the bot needs it for itself."),
    ("permission denied", "The user in DATABASE_URL needs the right to change the tables."),
)
"""What to do, by what the database says."""

BUSY = "Look at the message, and at DATABASE_URL."


def check_database(case: Case) -> Iterator[Finding]:
    """Opens it for the checks that follow, if it is of this version."""
    url = make_url(case.settings.database_url)
    if url.get_backend_name() == "sqlite":
        yield from _check_file(url)
        if not _has_file(url):
            return
    try:
        database = Database(_bounded(url))
        version = version_of(database)
        yield VERSIONS[version]
        if version is Version.CURRENT:
            yield from _used(case, database)
        else:
            database.close()
    except (SQLAlchemyError, OSError) as trouble:
        yield database_trouble(trouble)


def database_trouble(trouble: Exception) -> Finding:
    """The database's own first line, and what helps against it."""
    said = str(getattr(trouble, "orig", None) or trouble).strip().partition("\n")[0][:MOST_SAID]
    remedy = next((remedy for sign, remedy in HINTS if sign in said.lower()), BUSY)
    return problem(f"The database cannot be used: {said}", remedy)


def _used(case: Case, database: Database) -> Iterator[Finding]:
    case.database = database
    with database.everywhere() as session:
        workspaces.try_writing(session)
        known = workspaces.all_workspaces(session)
    yield right("It can be written.")
    yield from _workspace(case, known)


def _workspace(case: Case, known: list[WorkspaceCard]) -> Iterator[Finding]:
    """Of the token; without an answer of Slack's the only one that there is."""
    team = (case.identity or {}).get("team_id")
    mine = [card for card in known if team in (None, card.team_id)]
    case.workspace = mine[0] if len(mine) == 1 else None
    if case.identity is not None and not mine:
        others = f" It knows {', '.join(card.team_id for card in known)}." if known else ""
        yield note(f"It holds nothing of this workspace yet.{others}", "./run start remembers the workspace.")


def _has_file(url: URL) -> bool:
    return url.database is not None and Path(url.database).exists()


def _check_file(url: URL) -> Iterator[Finding]:
    if not url.database or url.database == ":memory:":
        yield problem("DATABASE_URL names no file: all is forgotten at the end.", "sqlite:///data/stationmaster.db")
        return
    path = Path(url.database)
    yield from _running(path)
    yield _readers(path) if path.exists() else _not_made_yet(path)


def _not_made_yet(path: Path) -> Finding:
    folder = next(parent for parent in path.absolute().parents if parent.exists())
    if os.access(folder, os.W_OK | os.X_OK) and folder.is_dir():
        return note(f"There is no database yet ({path}).", "./run start makes it.")
    return problem(f"{path} cannot be made: {folder} may not be written.", f"Make {folder} writable for this user.")


def _readers(path: Path) -> Finding:
    """Whoever opens the file makes it private; its companions get the same rights."""
    others = stat.S_IMODE(path.stat().st_mode) & ~PRIVATE
    if others & (stat.S_IRWXG | stat.S_IRWXO):
        return note(f"{path} could be read by other users of this machine. It is private from now on.")
    return right(f"{path} can be read by you alone.")


def _running(path: Path) -> Iterator[Finding]:
    """A bot holds a lock beside its file."""
    lock = Path(f"{path}.lock")
    if not lock.exists():
        return
    with lock.open() as held:
        try:
            fcntl.flock(held, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            yield right(f"A bot runs on {path}; a second ./run start on it would be refused.")
            return
    yield note(f"No bot runs on {path} now.", "./run start")


def _bounded(url: URL) -> str:
    """A server that does not answer is not waited for."""
    if url.get_backend_name() != "sqlite" and "connect_timeout" not in url.query:
        url = url.update_query_dict({"connect_timeout": str(CONNECT_SECONDS)})
    return url.render_as_string(hide_password=False)
