"""`./run bench`: what the bot costs, against the smallest app of slack-bolt. docs/bench.md says how to read it.

`--faults`: what becomes of messages when couriers are killed and Slack fails.
"""

import argparse
import json
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.bench.burst import measure_burst
from tests.bench.clock import measure_clock
from tests.bench.commits import measure_commits
from tests.bench.delivery import measure_delivery
from tests.bench.faults import LONG, SHORT, Run, measure_faults, rows
from tests.bench.faults import as_json as faults_as_json
from tests.bench.faults_page import heading, line, summary
from tests.bench.figures import GOALS, as_json, figure
from tests.bench.measure import measure
from tests.bench.memory import measure_memory
from tests.bench.million import measure_million
from tests.bench.office import open_office
from tests.bench.page import page
from tests.bench.register import measure_register
from tests.bench.rollups import measure_rollups
from tests.bench.slow_slack import measure_slow_slack

ROUNDS = 9
QUICK_ROUNDS = 3


def main(words: list[str]) -> int:
    options = options_of(words)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # as Ctrl-C: what was started is ended
    if options.faults:
        return faults(options)
    names = options.only or [goal.name for goal in GOALS if options.long or not goal.long]
    with tempfile.TemporaryDirectory(prefix="bench-") as folder, open_office(Path(folder)) as office:
        found = measure(office, names, options.rounds)
        found |= measure_commits(office, names, options.rounds)
        found |= measure_million(names, options.rounds, Path(folder))
        found |= measure_memory(office, names, long=options.long)
        found |= measure_register(names, options.rounds, Path(folder))
        found |= measure_clock(names, options.rounds, Path(folder))
        found |= measure_rollups(names, options.rounds, Path(folder))
        found |= measure_slow_slack(names, options.rounds, Path(folder))
        found |= measure_burst(names, Path(folder))
        found |= measure_delivery(names, options.rounds, Path(folder))
    figures = [figure(goal, found[goal.name]) for goal in GOALS if goal.name in names]
    text = json.dumps(as_json(figures), indent=2) + "\n" if options.json else page(figures, found, options.rounds)
    if not (options.json or options.only or options.long):
        left = [goal.name for goal in GOALS if goal.long]
        text += f"\nLeft out, for they take minutes: {', '.join(left)}. --long measures them too.\n"
    sys.stdout.write(text)
    return 0


def faults(options: argparse.Namespace) -> int:
    """1 where a row does not keep its promise."""
    if not options.json:
        sys.stdout.write(heading())
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        found = measure_faults(rows(LONG if options.long else SHORT), Path(folder), tell=_teller(options.json))
    sys.stdout.write(json.dumps(faults_as_json(found), indent=2) + "\n" if options.json else summary(found))
    return 0 if all(run.keeps_its_promise for run in found) else 1


def _teller(as_json: bool) -> Callable[[Run], None]:
    """A line a row as it is found, which may take minutes; for a program nothing but the whole."""

    def tell(run: Run) -> None:
        if not as_json:
            sys.stdout.write(line(run))
            sys.stdout.flush()

    return tell


def options_of(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run bench", description="What the bot costs, against the smallest app.")
    parser.add_argument("--json", action="store_true", help="the figures alone, for a program to read")
    parser.add_argument("--only", action="append", metavar="NAME", choices=[goal.name for goal in GOALS])
    parser.add_argument("--rounds", type=int, default=None, metavar="N", help=f"at least {ROUNDS}")
    parser.add_argument("--quick", action="store_true", help=f"{QUICK_ROUNDS} rounds, for a first impression")
    parser.add_argument("--faults", action="store_true", help="instead: delivery through kills and a failing Slack")
    parser.add_argument(
        "--long",
        action="store_true",
        help="also what takes minutes to fill and to run; with --faults 200 kills over 10,000 messages",
    )
    options = parser.parse_args(words)
    options.rounds = options.rounds or (QUICK_ROUNDS if options.quick else ROUNDS)
    if options.rounds < (1 if options.quick else ROUNDS):
        parser.error(f"fewer than {ROUNDS} rounds say too little; --quick allows them")
    return options


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
