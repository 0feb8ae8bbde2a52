"""`./run simulate`: a quarter of 200 owners in 12 zones, played through the real code, and checked from outside."""

import argparse
import json
import logging
import sys

from tests.simulation.checker import check
from tests.simulation.quarter import play
from tests.simulation.report import KEPT_AT_ZERO, figures, page
from tests.simulation.world import build


def main(words: list[str]) -> int:
    options = options_of(words)
    logging.basicConfig(level=logging.ERROR)
    quarter = play(build(owners=options.owners, weeks=options.weeks, seed=options.seed))
    found = check(quarter.world, quarter.received, quarter.answered)
    told = figures(quarter, found)
    sys.stdout.write(json.dumps(told, indent=2) + "\n" if options.json else page(quarter, found))
    kept = told["asks_per_person_per_working_day_max"] <= 1 and not any(told[name] for name in KEPT_AT_ZERO)
    return 0 if kept and not quarter.problems else 1


def options_of(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run simulate", description="A quarter, played and checked from outside.")
    parser.add_argument("--owners", type=int, default=200)
    parser.add_argument("--weeks", type=int, default=13)
    parser.add_argument("--seed", type=int, default=2026)
    parser.add_argument("--json", action="store_true", help="one object, for a program to read")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
