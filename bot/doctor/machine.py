"""This machine: its Python, and the time zones it knows."""

import platform
import sys
from collections.abc import Iterator
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.doctor.case import Case
from bot.doctor.finding import Finding, problem, right

OLDEST = (3, 11)
A_ZONE = "America/New_York"


def check_machine(case: Case) -> Iterator[Finding]:
    yield python_finding(sys.version_info[:2])
    yield zone_finding(A_ZONE)


def python_finding(version: tuple[int, ...]) -> Finding:
    if version < OLDEST:
        wanted = ".".join(map(str, OLDEST))
        return problem(
            f"Python {'.'.join(map(str, version))} is too old: {wanted} or newer is needed.",
            f"Install Python {wanted} or newer, delete .venv, and start again.",
        )
    return right(f"Python {platform.python_version()}.")


def zone_finding(name: str) -> Finding:
    """Without the data of time zones nobody could be asked at the right hour."""
    try:
        ZoneInfo(name)
    except ZoneInfoNotFoundError:
        return problem(
            f"The time zone {name} is not known here, so nobody can be asked at the right hour.",
            "Delete .venv and start again: the package tzdata, which brings the zones, is missing in it.",
        )
    return right(f"Time zones are known ({name}).")
