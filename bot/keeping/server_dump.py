"""A PostgreSQL database as a file, by PostgreSQL's own programs. The password goes by the environment alone."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, make_url, text

from bot.errors import UserError
from models.tables import Base

PLACES = "/usr/lib/postgresql"
MOST_SAID = 300
OURS = ("alembic_version", *(table.name for table in Base.metadata.sorted_tables))


def dump(url: str, target: Path, *, besides: str = PLACES) -> None:
    """As it is at one instant, while others write; then read through once. `besides`: where the programs may be too."""
    dumping, reading = _program("pg_dump", besides), _program("pg_restore", besides)
    _run([dumping, "--format=custom", "--no-owner", "--no-privileges", f"--file={target}", _to(url)], url)
    _run([reading, "--list", str(target)], url)


def version_in(file: Path) -> str | None:
    """Of its tables, without restoring it."""
    wanted = ["--data-only", "--table=alembic_version", "--file=-"]
    lines = _run([_program("pg_restore"), *wanted, str(file)], "").splitlines()
    start = next((n for n, line in enumerate(lines) if line.startswith("COPY ")), None)
    return lines[start + 1].strip() if start is not None and lines[start + 1] != "\\." else None


def restore(url: str, file: Path, *, engine: Engine) -> None:
    """In one transaction: what was there goes and what the file holds comes, or all stays as it is."""
    with engine.connect() as connection:
        clearing = _clearing(connection)
    script = [_program("pg_restore"), "--no-owner", "--no-privileges", "--file=-", str(file)]
    words = ["--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null"]
    into = [_program("psql"), *words, f"--command={clearing}", "--file=-", _to(url)]
    with subprocess.Popen(script, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reading:
        done = subprocess.run(into, stdin=reading.stdout, capture_output=True, text=True, env=_environment(url))
    if done.returncode or reading.returncode:
        raise UserError(f"{file} could not be restored, so nothing was changed: {_first(done.stderr)}")


def others(engine: Engine) -> int:
    """How many have this database open besides us."""
    with engine.connect() as connection:
        mine = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        return int(connection.scalar(text(f"{mine} AND backend_type = 'client backend'")) or 0)


def _clearing(connection: Connection) -> str:
    """What drops our tables, and the functions that their triggers call."""
    called = text(
        "SELECT DISTINCT CAST(CAST(tgfoid AS regprocedure) AS text) FROM pg_trigger"
        " JOIN pg_class ON pg_class.oid = tgrelid WHERE NOT tgisinternal AND relname = ANY(:ours)"
    )
    functions = connection.execute(called, {"ours": list(OURS)}).scalars().all()
    tables = ", ".join(f'"{name}"' for name in OURS)
    dropped = [f"DROP TABLE IF EXISTS {tables} CASCADE", *(f"DROP FUNCTION {name} CASCADE" for name in functions)]
    return "; ".join(dropped)


def _program(name: str, besides: str = PLACES) -> str:
    """On the PATH, or where Debian puts it."""
    found = shutil.which(name) or next(
        (str(path) for path in sorted(Path(besides).glob(f"*/bin/{name}"), reverse=True)), None
    )
    if found is None:
        raise UserError(
            f"{name} is not on this machine. Install PostgreSQL's client programs (Debian: postgresql-client), "
            "at least as new as the server"
        )
    return found


def _run(command: Sequence[str], url: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, env=_environment(url))
    if done.returncode:
        raise UserError(f"{Path(command[0]).name} failed: {_first(done.stderr)}")
    return done.stdout


def _to(url: str) -> str:
    """The address as these programs read it, without the password: a command line is seen by every user."""
    bare = make_url(url).set(drivername="postgresql")
    return URL.create(**{**bare._asdict(), "password": None}).render_as_string()


def _environment(url: str) -> dict[str, str]:
    password = make_url(url).password if url else None
    return os.environ | ({"PGPASSWORD": str(password)} if password else {}) | {"LC_ALL": "C"}


def _first(said: str) -> str:
    return said.strip().partition("\n")[0][:MOST_SAID] or "it said nothing"
