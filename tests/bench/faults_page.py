"""What the fault rows found, for people."""

from collections.abc import Sequence

from tests.bench.faults import Run

HEAD = ("", "database", "replicas", "kills", "messages", "lost", "doubled", "out of order", "")

INTRODUCTION = (
    "Messages through couriers that are killed with -9 at random moments, counted in the local Slack's own channels.",
    "Without the history scopes a kill may double one message, which the bot then counts itself; all else is zero.",
)


def heading() -> str:
    return "\n".join(["Stationmaster's delivery under faults.", *INTRODUCTION, "", _aligned(HEAD), ""])


def line(run: Run) -> str:
    found = run.result
    numbers = (found.replicas, found.kills, found.messages, found.lost, found.doubled, found.out_of_order)
    verdict = f"{'kept' if run.keeps_its_promise else 'BROKEN'}, {run.seconds:.0f} s"
    words = [_aligned((found.name, found.database, *(f"{number:,}" for number in numbers), verdict))]
    if run.uncounted:
        words.append(f"    {run.uncounted} of the doubled ones are not known to the bot as possibly doubled")
    if run.given_up:
        words.append(f"    given up: {', '.join(f'{number} {error}' for error, number in run.given_up.items())}")
    return "\n".join([*words, ""])


def summary(runs: Sequence[Run]) -> str:
    broken = [run for run in runs if not run.keeps_its_promise]
    return f"\n{len(runs) - len(broken)} of {len(runs)} rows keep their promise.\n"


def _aligned(row: Sequence[str]) -> str:
    widths = (22, 10, 8, 6, 9, 6, 8, 12, 14)
    first, *rest = (
        text.ljust(width) if place == 0 else text.rjust(width)
        for place, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return " ".join([first, *rest]).rstrip()
