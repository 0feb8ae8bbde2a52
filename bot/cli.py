"""The commands that a person types in a shell."""

import argparse
import errno
import gc
import sys
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from bot import logs
from bot.cli_words import ABOUT
from bot.config import ALL_PARTS, Part, Settings
from bot.ending import end_without_stragglers, expecting_the_end, wait_for_the_end
from bot.errors import UserError
from bot.keeping.commands import add_commands as add_keeping
from bot.workspaces_commands import add_commands as add_workspaces


def main(words: Sequence[str]) -> int:
    options = _parser().parse_args(words)
    logs.set_up()
    try:
        code: int = options.run(options)
    except ValidationError as error:
        for problem in error.errors():
            name = ".".join(str(part) for part in problem["loc"]).upper()
            print(f"Setting {name or '?'}: {problem['msg'].removeprefix('Value error, ')}")
        return 2
    except UserError as problem:
        print(f"{problem}.")
        return 1
    except OSError as problem:
        if problem.errno != errno.EADDRINUSE:
            raise
        print(f"Port {options.port} is taken, perhaps by another one of these. Choose one with --port.")
        return 1
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./run")
    commands = parser.add_subparsers(required=True)
    demo = commands.add_parser("demo", help="a seeded workspace in your browser")
    demo.add_argument("--port", type=int, default=8065, metavar="N", help="of its page, %(default)s by itself")
    demo.add_argument("--no-browser", action="store_true", help="only say where the page is")
    demo.add_argument("--folder", type=Path, default=Path("data/demo"), help="where it is kept: %(default)s")
    demo.add_argument("--fresh", action="store_true", help="forget what happened in the demo so far")
    demo.set_defaults(run=_demo)
    sandbox = commands.add_parser("sandbox", help="a local Slack by itself, for a bot started beside it")
    sandbox.add_argument("--port", type=int, default=8066, metavar="N", help="of its page, %(default)s by itself")
    sandbox.add_argument("--manifest", type=Path, default=Path("manifest.yml"), help="the app that is installed in it")
    sandbox.add_argument(
        "--several", action="store_true", help="with --request-url: two workspaces, for trying how they install the app"
    )
    sandbox.add_argument("--request-url", help="deliver by signed HTTP to this address instead of Socket Mode")
    sandbox.set_defaults(run=_sandbox)
    _add_real_life(commands)
    for name, command in commands.choices.items():
        command.description = ABOUT[name]
    return parser


def _add_real_life(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """What one needs with a Slack workspace of one's own."""
    start = commands.add_parser("start", help="the bot, for a real Slack workspace")
    start.add_argument(
        "--only",
        action="append",
        choices=[part.value for part in Part],
        help="this part alone, beside others on the same PostgreSQL: slack answers people, delivery sends messages, "
        "clock does what falls due; may be given more than once",
    )
    start.set_defaults(run=_start)
    _add_import(commands)
    report = commands.add_parser("report", help="the figures of the portfolio, now or at an instant before")
    report.add_argument("--as-of", metavar="INSTANT", help="for example 2026-03-30T13:00:00Z; without it: now")
    report.add_argument("--json", action="store_true", help="as JSON, for programs")
    report.add_argument("--workspace", metavar="ID", help="its Slack id, where there are several")
    report.set_defaults(run=_report)
    coming = commands.add_parser("preview", help="everything that will be sent in the next days, to whom and why")
    coming.add_argument("--days", type=int, default=14, metavar="N", help="how far ahead, %(default)s by itself")
    coming.add_argument("--json", action="store_true", help="as JSON, for programs")
    coming.add_argument("--program", metavar="NAME", help="name, number or id of one program; without it: all")
    coming.add_argument("--workspace", metavar="ID", help="its Slack id, where there are several")
    coming.set_defaults(run=_preview)
    doctor = commands.add_parser("doctor", help="what is right, what is missing, and what to do about it")
    doctor.add_argument("--json", action="store_true", help="as JSON, for programs")
    doctor.add_argument(
        "--try-again", action="store_true", help="once it is mended: what was given up or waits is tried again"
    )
    doctor.set_defaults(run=_doctor)
    _add_manifest(commands)
    add_workspaces(commands)
    add_keeping(commands)
    migrate = commands.add_parser("migrate", help="bring the database up to date")
    migrate.set_defaults(run=_migrate)


def _add_manifest(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    manifest = commands.add_parser("manifest", help="what Slack makes the app from")
    manifest.add_argument(
        "--http", metavar="ADDRESS", help="for an app that Slack calls there, as https://bot.example.com"
    )
    manifest.add_argument(
        "--several", action="store_true", help="with --http: for workspaces and organisations that install it"
    )
    manifest.set_defaults(run=_manifest)


def _add_import(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """A portfolio as JSON, or a spreadsheet as CSV."""
    take = commands.add_parser(
        "import", help="take over a portfolio, or a spreadsheet of risks or projects", add_help=False
    )
    take.add_argument("-h", "--help", action=_HelpWithColumns, nargs=0, help="show this, with the columns we know")
    take.add_argument("file", type=Path, help="a portfolio (.json) or a spreadsheet (.csv, .tsv)")
    take.add_argument(
        "--people",
        type=Path,
        metavar="FILE",
        help="JSON: names in the portfolio to people in Slack",
    )
    take.add_argument("--workspace", metavar="ID", help="its Slack id, where there are several")
    sheet = take.add_argument_group("for a spreadsheet")
    sheet.add_argument(
        "--map", action="append", default=[], metavar="COLUMN=FIELD", help='as "Risk description=statement"; repeatable'
    )
    sheet.add_argument("--kind", choices=["risks", "projects"], default="risks", help="what its rows are")
    sheet.add_argument("--project", metavar="NAME", help="of rows that name none: name, number or id")
    sheet.add_argument("--dry-run", action="store_true", help="say row by row what would be done, and write nothing")
    sheet.add_argument("--skip-rejected", action="store_true", help="take the good rows of a file that has others")
    take.set_defaults(run=_import)


class _HelpWithColumns(argparse.Action):
    """Reads the columns when they are asked for: every other command starts without them."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from bot.csv_import import columns_help

        parser.print_help()
        print(f"\n{columns_help()}")
        parser.exit()


def _demo(options: argparse.Namespace) -> int:
    from bot.demo import run_demo

    return run_demo(
        options.folder,
        port=options.port,
        browser=not options.no_browser,
        fresh=options.fresh,
        wait=wait_for_the_end,
    )


def _sandbox(options: argparse.Namespace) -> int:
    from bot.local_slack import run_local_slack

    return run_local_slack(
        port=options.port,
        manifest=options.manifest,
        request_url=options.request_url,
        several=options.several,
        wait=wait_for_the_end,
    )


def _start(options: argparse.Namespace) -> int:
    with expecting_the_end() as end:  # whoever asks while it starts gets a start that ends in order
        settings = Settings()
        logs.set_up(settings.log_level, settings.log)
        gc.disable()  # what is loaded now is never garbage: looking for some in it is a tenth of a start
        from bot.start import run_bot

        gc.freeze()
        gc.enable()

        parts = frozenset(map(Part, options.only)) if options.only else ALL_PARTS
        code = run_bot(settings, wait=end.wait, parts=parts)
        if code == 0:
            end_without_stragglers()
    return code


def _import(options: argparse.Namespace) -> int:
    from bot.csv_import import SheetOptions
    from bot.importing import run_import
    from models.schemas.spreadsheet import SheetKind

    sheet = SheetOptions(
        maps=tuple(options.map),
        kind=SheetKind(options.kind),
        project=options.project,
        dry_run=options.dry_run,
        skip_rejected=options.skip_rejected,
    )
    return run_import(Settings(), options.file, people=options.people, options=sheet, workspace=options.workspace)


def _report(options: argparse.Namespace) -> int:
    from bot.report import run_report

    return run_report(Settings(), as_of=options.as_of, as_json=options.json, workspace=options.workspace)


def _preview(options: argparse.Namespace) -> int:
    from bot.preview import run_preview

    return run_preview(
        Settings(),
        days=options.days,
        as_json=options.json,
        program=options.program,
        workspace=options.workspace,
    )


def _doctor(options: argparse.Namespace) -> int:
    from bot.doctor import run_doctor

    return run_doctor(as_json=options.json, again=options.try_again)


def _manifest(options: argparse.Namespace) -> int:
    from bot.manifest import run_manifest

    return run_manifest(options.http, several=options.several)


def _migrate(options: argparse.Namespace) -> int:
    from bot.database import Database
    from bot.migrate import migrate

    database = Database(Settings().database_url)
    migrate(database)
    database.close()
    print("The database is up to date.", file=sys.stdout)
    return 0
