"""The bench's page for people."""

import os
import platform
from collections.abc import Mapping, Sequence
from statistics import median

from tests.bench.figures import GOALS, Figure, Sample, Series, percentile, rounded
from tests.bench.measure import AGAINST_COMMAND, AT_ONCE, LONE, RISK

STEP = 9.0
"""Milliseconds: an acknowledgement that waits for a poll every 10 ms comes later than this."""

HEAD = ("", "ours", "reference", "ratio", "spread", "goal", "")


def page(figures: Sequence[Figure], found: Mapping[str, Series], rounds: int) -> str:
    rows = [HEAD, *(_row(each, found[each.name]) for each in figures)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEAD))]
    table = [_aligned(row, widths) for row in rows]
    notes = [line for each in figures for line in ("", *_notes(each, found))]
    return "\n".join([*_introduction(rounds), "", *table, *notes, ""])


def _introduction(rounds: int) -> list[str]:
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}"
    return [
        f"Stationmaster's bench: medians of {rounds} interleaved rounds. {machine}.",
        "Reference: slack-bolt's AsyncApp with one listener that only acknowledges, on uvicorn with one worker;",
        "the same signature check, load and bodies on both sides. Ratio: ours / reference, lower is",
        "better; spread: the smallest and the largest ratio of a round.",
    ]


def _row(each: Figure, series: Series) -> tuple[str, ...]:
    spread = f"{min(series.ratios):.2f}..{max(series.ratios):.2f}"
    verdict = "met" if each.is_met else "missed"
    value, reference = (f"{number:,g} {each.unit}" for number in (each.value, each.reference))
    return each.name, value, reference, f"{each.ratio:.2f}", spread, f"{each.goal:g}", verdict


def _aligned(row: Sequence[str], widths: Sequence[int]) -> str:
    first, *rest = (
        text.ljust(width) if column == 0 else text.rjust(width)
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    )
    return "   ".join([first, *rest]).rstrip()


def _notes(each: Figure, found: Mapping[str, Series]) -> list[str]:
    what = next(goal.what for goal in GOALS if goal.name == each.name)
    series = found[each.name]
    lines = [f"{each.name}: {what}"]
    if series.ours[0].latencies:
        lines.append(f"    ours {_speed(series, ours=True)}; reference {_speed(series, ours=False)}")
    if each.name == LONE:
        late = f"ours {_late(series.ours)}, reference {_late(series.reference)}"
        lines.append(f"    later than {STEP:g} ms, as a poll every 10 ms would make all of them: {late}")
    if each.name == RISK:
        ratio = median(found[AGAINST_COMMAND].ratios)
        lines.append(f"    against a reference that gets a short command, {AT_ONCE} at a time: {ratio:.2f}")
    return lines


def _speed(series: Series, *, ours: bool) -> str:
    samples = series.ours if ours else series.reference
    waits = [latency * 1e3 for sample in samples for latency in sample.latencies]
    speed = median(sample.per_second or 0 for sample in samples)
    p50, p99 = (rounded(percentile(waits, share)) for share in (0.5, 0.99))
    return f"{speed:,.0f} requests/s, p50 {p50:g} ms, p99 {p99:g} ms"


def _late(samples: Sequence[Sample]) -> str:
    waits = [latency * 1e3 for sample in samples for latency in sample.latencies]
    return f"{sum(wait > STEP for wait in waits)} of {len(waits):,}"
