"""`./run restore`: a backup takes the place of the database, whose last state is kept."""

import sys
from datetime import datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from bot.clock import SystemClock
from bot.config import Settings
from bot.database import Database
from bot.errors import UserError
from bot.keeping import backup, place, server_dump, sqlite_file
from bot.migrate import Version, migrate, standing_of, version_of
from bot.services import restored
from models.schemas.restored import Waiting

FULL = "The database holds records already. --force keeps them beside, and takes the backup in their place"
NEWER = "was made by a newer Stationmaster. Update this checkout first"


def run_restore(settings: Settings, file: Path, *, force: bool, keep_outbox: bool) -> int:
    """The exit code. Raises UserError, in words without a full stop; then the database is as it was."""
    if not file.is_file():
        raise UserError(f"{file} is not a file")
    now = SystemClock().now()
    take = _take_file if settings.database_url.startswith("sqlite") else _take_dump
    waiting, kept = take(settings.database_url, file, force=force, keep_outbox=keep_outbox, now=now)
    lines = [f"Restored {file.name}.", *([f"What was there before is kept as {kept}."] if kept else [])]
    sys.stdout.write("\n".join([*lines, *told(waiting, keep_outbox=keep_outbox)]) + "\n")
    return 0


def told(waiting: Waiting, *, keep_outbox: bool) -> list[str]:
    """What becomes of the messages that the backup found on their way."""
    lines = []
    if waiting.posts and keep_outbox:
        lines.append(
            f"{waiting.posts} messages waited when the backup was made. Each is looked for in Slack before it is sent "
            "(with the optional history scopes; without them those sent since then appear twice)."
        )
    elif waiting.posts:
        lines.append(
            f"{waiting.posts} messages waited when the backup was made. They are not sent: most were sent since then. "
            "Restore again with --keep-outbox to send them."
        )
    if waiting.changes:
        lines.append(f"{waiting.changes} cards and Homes are brought up to what the backup knows.")
    lines.append(
        "The clock goes on from now. What it said between the backup and now is not in the backup, so a person's "
        "message of today and this week's rollup may come once more."
    )
    return lines


def _take_file(url: str, file: Path, *, force: bool, keep_outbox: bool, now: datetime) -> tuple[Waiting, Path | None]:
    """All is made ready beside the database; its taking the place is the last act."""
    path = sqlite_file.path_in(url)
    if path.exists() and file.samefile(path):
        raise UserError(f"{file} is the database itself")
    with place.alone(path):
        there = path.exists()
        if sqlite_file.holds_records(path) and not force:
            raise UserError(FULL)
        ready, kept = (
            path.with_name(f"{path.name}.restoring"),
            path.with_name(f"{path.name}.before-{now:%Y%m%d-%H%M%S}"),
        )
        with place.growing(ready, force=True) as partial:
            sqlite_file.copy(file, partial)
            sqlite_file.examine(partial)
            waiting = _bring_up(f"sqlite:///{partial}", file, keep_outbox=keep_outbox)
            sqlite_file.fold(partial)
        try:
            sqlite_file.replace(path, ready, kept=kept)
        finally:
            ready.unlink(missing_ok=True)
        return waiting, kept if there else None


def _take_dump(url: str, file: Path, *, force: bool, keep_outbox: bool, now: datetime) -> tuple[Waiting, Path | None]:
    version = standing_of(server_dump.version_in(file))
    if version in (Version.EMPTY, Version.UNKNOWN):
        raise UserError(f"{file} {NEWER}" if version is Version.UNKNOWN else f"{file} holds no Stationmaster database")
    database = Database(url)
    try:
        if others := server_dump.others(database.writer):
            raise UserError(f"{others} others have this database open. Stop every bot on it first")
        if version_of(database) is Version.UNKNOWN:
            raise UserError("The database was used by a newer Stationmaster. Update this checkout first")
        kept = None
        if _holds_records(database):
            if not force:
                raise UserError(FULL)
            kept = backup.back_up(url, backup.FOLDER / f"before-{now:%Y%m%d-%H%M%S}.dump", force=False, now=now)
        server_dump.restore(url, file, engine=database.writer)
    except SQLAlchemyError as problem:
        raise UserError(f"The database cannot be used ({type(problem).__name__})") from None
    finally:
        database.close()
    return _bring_up(url, file, keep_outbox=keep_outbox), kept


def _holds_records(database: Database) -> bool:
    if version_of(database) is Version.EMPTY:
        return False
    with database.look() as connection:
        return restored.has_workspaces(connection)


def _bring_up(url: str, file: Path, *, keep_outbox: bool) -> Waiting:
    """To today's tables, and quiet about what was on its way."""
    database = Database(url)
    try:
        version = version_of(database)
        if version is Version.UNKNOWN:
            raise UserError(f"{file} {NEWER}")
        if version is Version.EMPTY:
            raise UserError(f"{file} holds no Stationmaster database")
        migrate(database)
        with database.everywhere() as session:
            return restored.settle_outbox(session, send=keep_outbox)
    except SQLAlchemyError as problem:
        raise UserError(f"{file} cannot be used ({type(problem).__name__})") from None
    finally:
        database.close()
