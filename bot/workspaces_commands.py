"""`./run keys` and `./run workspaces`: whom the bot serves, for whoever runs it."""

import argparse
import sys

from bot.config import Settings


def add_commands(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    keys = commands.add_parser("keys", help="a new key for STATIONMASTER_KEYS")
    keys.set_defaults(run=_keys)
    several = commands.add_parser("workspaces", help="where the app is installed; erase one that should be gone now")
    several.add_argument("--json", action="store_true", help="as JSON, for programs")
    several.set_defaults(run=_workspaces)
    acts = several.add_subparsers()
    erase = acts.add_parser("erase", help="forget the installation, and delete all that we know of the workspace")
    erase.add_argument("workspace", metavar="ID", help="its Slack id, as T0123ABCD; of an organisation, E0123ABCD")
    erase.add_argument("--yes", action="store_true", help="do it; without it, only say what would be deleted")
    erase.set_defaults(run=_erase)


def _keys(options: argparse.Namespace) -> int:
    from bot.seal import new_key

    sys.stdout.write(f"{new_key()}\n")
    return 0


def _workspaces(options: argparse.Namespace) -> int:
    from bot.operating import run_workspaces

    return run_workspaces(Settings(), as_json=options.json)


def _erase(options: argparse.Namespace) -> int:
    from bot.operating import run_erase

    return run_erase(Settings(), options.workspace, is_sure=options.yes)
