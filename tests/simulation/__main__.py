"""`./run simulate`: a quarter of 200 owners in 12 zones, played through the real code, and checked from outside."""

import argparse
import json
import os
import sys

from tests.simulation.report import KEPT_AT_ZERO, page, together
from tests.simulation.shares import play_all


def main(words: list[str]) -> int:
    options = options_of(words)
    told = play_all(options.owners, options.weeks, options.seed, at_once=options.at_once)
    figures = together(told)
    sys.stdout.write(json.dumps(figures, indent=2) + "\n" if options.json else page(figures, told))
    kept = figures["asks_per_person_per_working_day_max"] <= 1 and not any(figures[name] for name in KEPT_AT_ZERO)
    return 0 if kept and not any(part.problems for part in told) else 1


def options_of(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="./run simulate", description="A quarter, played and checked from outside.")
    parser.add_argument("--owners", type=int, default=200)
    parser.add_argument("--weeks", type=int, default=13)
    parser.add_argument("--seed", type=int, default=2026)
    cores = min(2, os.cpu_count() or 1)
    parser.add_argument("--at-once", type=int, default=cores, help="workspaces that the people are spread over")
    parser.add_argument("--json", action="store_true", help="one object, for a program to read")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
