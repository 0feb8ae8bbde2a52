"""What a played quarter is told as."""

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


def figures(quarter: Quarter, found: Findings) -> dict[str, Any]:
    return {
        "asks_per_person_per_working_day_max": found.most_a_day,
        **{name: len(getattr(found, name)) for name in KEPT_AT_ZERO},
        "posts_new": sum(call.is_new for call in quarter.received),
        "posts_updated": sum(not call.is_new for call in quarter.received),
        "people": len(quarter.world.people),
        "days": quarter.world.weeks * 7,
        "seconds": quarter.seconds,
    }


def page(quarter: Quarter, found: Findings) -> str:
    """For people: the figures, and the first of whatever was found."""
    lines = [f"{name:40} {value:>10,}" for name, value in figures(quarter, found).items()]
    for name in KEPT_AT_ZERO:
        lines += [f"  {name}: {line}" for line in getattr(found, name)[:10]]
    lines += [f"  an answer was refused: {line}" for line in quarter.problems[:10]]
    lines += [f"  Slack refused: {line}" for line in sorted(set(quarter.refusals))[:10]]
    return "\n".join(lines) + "\n"
