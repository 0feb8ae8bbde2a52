"""An SQLite database as a file: copied while others write, looked through, put in the place of another."""

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import make_url

from bot.errors import UserError
from bot.keeping import place

COMPANIONS = ("-wal", "-shm")
SIGN = b"SQLite format 3\0"


def path_in(url: str) -> Path:
    path = make_url(url).database
    if not path or path == ":memory:":
        raise UserError("DATABASE_URL names no file: there is nothing to keep")
    return Path(path)


def copy(source: Path, target: Path) -> None:
    """As it is at one instant, in one file. Who writes meanwhile does not wait: the copy reads beside them."""
    with _explained(source):
        with source.open("rb") as start:
            if start.read(len(SIGN)) != SIGN:
                raise UserError(f"{source} is not an SQLite database")
        with closing(_open(source)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA journal_mode=DELETE").close()


def examine(path: Path) -> None:
    """Every page and every link of it. Raises UserError where one is broken."""
    with _explained(path), closing(_open(path)) as database:
        [word] = database.execute("PRAGMA integrity_check(1)").fetchone()
        if word != "ok":
            raise UserError(f"{path} is damaged: {word}")
        if broken := database.execute("PRAGMA foreign_key_check").fetchone():
            raise UserError(f"{path} is damaged: a row of {broken[0]} names one of {broken[2]} that is not there")


def holds_records(path: Path) -> bool:
    """Of a workspace; what cannot be read may hold some."""
    if not path.exists() or not path.stat().st_size:
        return False
    try:
        with closing(_open(path)) as database:
            known = database.execute("SELECT 1 FROM sqlite_master WHERE name = 'workspace'").fetchone()
            return bool(known and database.execute("SELECT 1 FROM workspace").fetchone())
    except sqlite3.DatabaseError:
        return True


def replace(path: Path, by: Path, *, kept: Path) -> None:
    """`by` takes the place of `path`, which stays as `kept`. At no moment is there no database."""
    with _explained(path):
        if path.exists():
            fold(path)
            for end in COMPANIONS:
                if Path(f"{path}{end}").exists():  # of a file that could not be read: they belong together
                    os.replace(f"{path}{end}", f"{kept}{end}")
            _keep(path, kept)
        place.take_over(by, path)


def _keep(path: Path, kept: Path) -> None:
    """Under a second name, so that it is not away for a moment; copied where the file system knows no links."""
    try:
        os.link(path, kept)
    except OSError:
        shutil.copyfile(path, kept)
        kept.chmod(0o600)


def fold(path: Path) -> None:
    """All of it into the one file. Raises UserError where somebody else has it open."""
    try:
        with closing(sqlite3.connect(path, timeout=2)) as database:
            database.execute("PRAGMA journal_mode=DELETE").close()
    except sqlite3.OperationalError as problem:
        if "locked" in str(problem):
            raise UserError(f"Something else has {path} open. Close it first") from None
    except sqlite3.DatabaseError:
        return  # damaged, which may be why it is replaced


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as problem:
        raise UserError(f"{path} cannot be used: {problem}") from None
    except OSError as problem:
        raise UserError(f"{path} cannot be used: {problem.strerror}") from None


def _open(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
