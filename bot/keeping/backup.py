"""`./run backup`: all of the database in one file, while the bot goes on."""

import sys
from datetime import datetime
from pathlib import Path

from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import UserError
from bot.keeping import place, server_dump, sqlite_file

FOLDER = Path("data/backups")


def run_backup(settings: Settings, file: Path | None, *, force: bool) -> int:
    """The exit code. Raises UserError, in words without a full stop; then there is no new file."""
    made = back_up(settings.database_url, file, force=force, now=SystemClock().now())
    sys.stdout.write(
        f"Backed up to {made} ({made.stat().st_size:,} bytes), read through and found whole. Only you can read it.\n"
        "It holds everything that people wrote, and sealed tokens: keep it as you keep the database.\n"
    )
    return 0


def back_up(url: str, file: Path | None, *, force: bool, now: datetime) -> Path:
    is_file = url.startswith("sqlite")
    target = file or FOLDER / f"stationmaster-{now:%Y%m%d-%H%M%S}{'.db' if is_file else '.dump'}"
    if is_file:
        _copy(sqlite_file.path_in(url), target, force=force)
    else:
        with place.growing(target, force=force) as partial:
            server_dump.dump(url, partial)
    return target


def _copy(source: Path, target: Path, *, force: bool) -> None:
    if not source.exists():
        raise UserError(f"There is no database yet ({source})")
    if target.exists() and target.samefile(source):
        raise UserError(f"{target} is the database itself. Choose another name")
    with place.growing(target, force=force) as partial:
        sqlite_file.copy(source, partial)
        sqlite_file.examine(partial)
