"""The words of these commands in a shell."""

import argparse
from pathlib import Path

from bot.config import Settings


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = commands.add_parser("backup", help="all of the database in one file, while the bot goes on")
    backup.add_argument("file", type=Path, nargs="?", help="where to; without it: in data/backups/, named by the time")
    backup.add_argument("--force", action="store_true", help="take the place of a file that is there")
    backup.set_defaults(run=_backup)
    restore = commands.add_parser("restore", help="a backup takes the place of the database")
    restore.add_argument("file", type=Path, help="what ./run backup made")
    restore.add_argument(
        "--force",
        action="store_true",
        help="also where there are records: that database is kept beside",
    )
    restore.add_argument(
        "--keep-outbox",
        action="store_true",
        help="messages that waited when the backup was made are sent after all, unless Slack has them already",
    )
    restore.set_defaults(run=_restore)
    export = commands.add_parser("export", help="all records of a workspace as a portfolio file, for ./run import")
    export.add_argument("file", type=Path, help="where to, as portfolio.json")
    export.add_argument("--force", action="store_true", help="take the place of a file that is there")
    export.add_argument("--workspace", metavar="ID", help="its Slack id, where there are several")
    export.set_defaults(run=_export)
    erase = commands.add_parser("erase", help="take a person out of what is kept")
    erase.add_argument("who", help="their Slack id or handle")
    erase.add_argument("--reason", default="by an operator", help="why, for the history; do not name them in it")
    erase.add_argument("--yes", action="store_true", help="do it; without it, only say what would be done")
    erase.add_argument("--workspace", metavar="ID", help="its Slack id, where there are several")
    erase.set_defaults(run=_erase)


def _backup(options: argparse.Namespace) -> int:
    from bot.keeping.backup import run_backup

    return run_backup(Settings(), options.file, force=options.force)


def _restore(options: argparse.Namespace) -> int:
    from bot.keeping.restore import run_restore

    return run_restore(Settings(), options.file, force=options.force, keep_outbox=options.keep_outbox)


def _erase(options: argparse.Namespace) -> int:
    from bot.keeping.erase import run_erase

    return run_erase(Settings(), options.who, workspace=options.workspace, reason=options.reason, sure=options.yes)


def _export(options: argparse.Namespace) -> int:
    from bot.keeping.export import run_export

    return run_export(Settings(), options.file, workspace=options.workspace, force=options.force)
