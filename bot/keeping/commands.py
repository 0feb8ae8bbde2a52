"""The words of these commands in a shell."""

import argparse
from pathlib import Path

from bot.config import Settings


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser("backup", help="all of the database in one file, while the bot goes on")
    backup.add_argument("file", type=Path, nargs="?", help="without it: data/backups/, named by the time")
    backup.add_argument("--force", action="store_true", help="take the place of a file that is there")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="a backup takes the place of the database")
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="also of one that holds records; it is kept beside")
    restore.add_argument(
        "--keep-outbox",
        action="store_true",
        help="send what was waiting when the backup was made, after looking for it",
    )
    restore.set_defaults(run=_restore)


def _backup(options: argparse.Namespace) -> int:
    from bot.keeping.backup import run_backup

    return run_backup(Settings(), options.file, force=options.force)


def _restore(options: argparse.Namespace) -> int:
    from bot.keeping.restore import run_restore

    return run_restore(Settings(), options.file, force=options.force, keep_outbox=options.keep_outbox)
