"""Files that are there whole or not at all, private from their first byte, never in the place of another unasked."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import UserError


@contextmanager
def growing(target: Path, *, force: bool) -> Iterator[Path]:
    """A private file beside `target`, which takes its place at the end. Raises UserError, and then leaves nothing."""
    partial = target.with_name(f"{target.name}.partial")
    if target.exists() and not force:
        raise UserError(f"{target} is there already. Choose another name, or say --force")
    try:
        make_folder(target.parent)
        partial.unlink(missing_ok=True)
        os.close(os.open(partial, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        yield partial
        _settle(partial)
        if force:
            take_over(partial, target)
        else:
            _link(partial, target)
    except OSError as problem:
        raise UserError(f"{target} cannot be written: {problem.strerror}") from None
    finally:
        partial.unlink(missing_ok=True)


def make_folder(folder: Path) -> None:
    """For this user alone where it is made; one that was there is not ours to change."""
    if not folder.exists():
        folder.mkdir(parents=True, mode=0o700)


def take_over(partial: Path, target: Path) -> None:
    """In one step, so that nobody ever sees half of it."""
    partial.replace(target)
    _settle(target.parent)


def _link(partial: Path, target: Path) -> None:
    """A link refuses to take another file's place, which a rename does not; some file systems know no links."""
    try:
        os.link(partial, target)
    except FileExistsError:
        raise UserError(f"{target} is there already. Choose another name, or say --force") from None
    except OSError:
        take_over(partial, target)
    _settle(target.parent)


def _settle(path: Path) -> None:
    """Until it is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(database: Path) -> Iterator[None]:
    """The lock that a bot holds beside its file: while we have it, none starts. Raises UserError where one runs."""
    make_folder(database.parent)
    with Path(f"{database}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise UserError(f"A bot runs on {database}. Stop it first: it would go on with what it knows") from None
        yield
