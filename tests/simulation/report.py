"""What a played quarter is told as."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.simulation.checker import Findings
from tests.simulation.quarter import Quarter

KEPT_AT_ZERO = (
    "outside_working_hours",
    "on_holiday_or_away",
    "sent_twice",
    "never_sent",
    "ladder_steps_missed",
    "ladder_steps_doubled",
    "asked_after_answer",
)
MOST = "asks_per_person_per_working_day_max"
ALIKE = (MOST, "days", "seconds")
"""Of quarters that were played side by side the largest counts; all else is summed."""


@dataclass(frozen=True)
class Told:
    figures: dict[str, Any]
    found: dict[str, list[str]] = field(default_factory=dict)
    """The first of whatever was found."""
    problems: list[str] = field(default_factory=list)
    """Answers that were refused."""
    refusals: list[str] = field(default_factory=list)
    """What Slack refused."""


def told_of(quarter: Quarter, found: Findings) -> Told:
    lists = {name: getattr(found, name) for name in KEPT_AT_ZERO}
    return Told(
        figures={
            MOST: found.most_a_day,
            **{name: len(lines) for name, lines in lists.items()},
            "posts_new": sum(call.is_new for call in quarter.received),
            "posts_updated": sum(not call.is_new for call in quarter.received),
            "people": len(quarter.world.people),
            "days": quarter.world.weeks * 7,
            "seconds": quarter.seconds,
        },
        found={name: lines[:10] for name, lines in lists.items() if lines},
        problems=quarter.problems,
        refusals=quarter.refusals,
    )


def together(told: Sequence[Told]) -> dict[str, Any]:
    parts = [part.figures for part in told]
    return {name: (max if name in ALIKE else sum)(part[name] for part in parts) for name in parts[0]}


def page(figures: dict[str, Any], told: Sequence[Told]) -> str:
    """For people: the figures, and the first of whatever was found."""
    lines = [f"{name:40} {value:>10,}" for name, value in figures.items()]
    for part in told:
        lines += [f"  {name}: {line}" for name, found in part.found.items() for line in found]
        lines += [f"  an answer was refused: {line}" for line in part.problems[:10]]
        lines += [f"  Slack refused: {line}" for line in sorted(set(part.refusals))[:10]]
    return "\n".join(lines) + "\n"
