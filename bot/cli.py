"""The commands that a person types in a shell."""

import argparse
import logging
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from bot.config import Settings


def main(words: Sequence[str]) -> int:
    options = _parser().parse_args(words)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("bot").setLevel(logging.INFO)
    try:
        code: int = options.run(options)
    except ValidationError as error:
        for problem in error.errors():
            print(f"Setting {'.'.join(str(part) for part in problem['loc']).upper() or '?'}: {problem['msg']}")
        return 2
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run")
    commands = parser.add_subparsers(required=True)
    demo = commands.add_parser("demo", help="a seeded workspace in your browser")
    demo.add_argument("--port", type=int, default=8065)
    demo.add_argument("--no-browser", action="store_true")
    demo.add_argument("--folder", type=Path, default=Path("data/demo"), help="where the demo keeps its workspace")
    demo.add_argument("--fresh", action="store_true", help="forget what happened in the demo so far")
    demo.set_defaults(run=_demo)
    start = commands.add_parser("start", help="the bot, for a real Slack workspace")
    start.set_defaults(run=_start)
    take = commands.add_parser("import", help="take over a portfolio")
    take.add_argument("file", type=Path)
    take.add_argument("--people", type=Path, help="JSON: handle to Slack id, e-mail or handle in Slack")
    take.set_defaults(run=_import)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=_migrate)
    return parser


def wait_for_the_end() -> None:
    """Until Ctrl-C or a polite request to stop."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    stop.wait()


def _demo(options: argparse.Namespace) -> int:
    from bot.demo import run_demo

    return run_demo(
        options.folder,
        port=options.port,
        browser=not options.no_browser,
        fresh=options.fresh,
        wait=wait_for_the_end,
    )


def _start(options: argparse.Namespace) -> int:
    from bot.socket_mode import run_bot

    return run_bot(Settings(), wait=wait_for_the_end)


def _import(options: argparse.Namespace) -> int:
    from bot.importing import run_import

    return run_import(Settings(), options.file, people=options.people)


def _migrate(options: argparse.Namespace) -> int:
    from bot.database import Database
    from bot.migrate import migrate

    database = Database(Settings().database_url)
    migrate(database)
    database.close()
    print("The database is up to date.", file=sys.stdout)
    return 0
