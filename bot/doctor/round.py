"""The doctor's round: every check in its turn."""

import sys
import traceback
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from pydantic import ValidationError

from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.doctor.calendars import check_calendars
from bot.doctor.case import Case
from bot.doctor.channels import check_channels
from bot.doctor.content import check_outbox, check_people, try_again
from bot.doctor.database import check_database
from bot.doctor.finding import Finding, Level, problem, unchecked
from bot.doctor.line import Line
from bot.doctor.machine import check_machine
from bot.doctor.report import Report, secrets_of
from bot.doctor.scopes import check_scopes
from bot.doctor.settings import check_settings, env_file_findings, unusable
from bot.doctor.slack import check_slack, check_way_in
from bot.manifest import load_manifest

Check = Callable[[Case], Iterator[Finding]]

CHECKS: tuple[tuple[str, Check], ...] = (
    ("This machine", check_machine),
    ("Settings", check_settings),
    ("Slack", check_slack),
    ("The way in", check_way_in),
    ("Scopes", check_scopes),
    ("Database", check_database),
    ("People", check_people),
    ("Calendars", check_calendars),
    ("Channels", check_channels),
    ("Messages", check_outbox),
)
"""In the order in which a newcomer would mend what is wrong."""

PER_WORKSPACE = ("Scopes", "People", "Calendars", "Channels", "Messages")
OF_A_WORKSPACE = tuple(each for each in CHECKS if each[0] in PER_WORKSPACE)
BEFORE_SEVERAL = tuple(each for each in CHECKS if each[0] not in PER_WORKSPACE)

ONCE_MORE: tuple[str, Check] = ("Once more", try_again)
ALL_WELL, SOMETHING_MISSING, SETTINGS_NOT_USABLE = 0, 1, 2


def run_doctor(
    load: Callable[[], Settings] = Settings,
    *,
    env_file: Path = Path(".env"),
    clock: Clock | None = None,
    as_json: bool = False,
    again: bool = False,
) -> int:
    """The exit code: all well, something missing, or settings that cannot be used.

    `again`: what was given up or is stopped is tried again.
    """
    report = Report(sys.stdout, as_json=as_json)
    try:
        settings = load()
    except (ValidationError, OSError, UnicodeDecodeError) as trouble:
        return _without_settings(report, trouble, env_file)
    report.secrets = secrets_of(settings)
    clock = clock or SystemClock()
    case = Case(settings, load_manifest(), env_file, clock, Line(settings, clock))
    report.begin(case.line.host)
    besides = (ONCE_MORE,) if again else ()
    _examine(report, case, BEFORE_SEVERAL if settings.is_for_several else (*CHECKS, *besides))
    if settings.is_for_several:
        _examine_several(report, case, besides)
    if case.database is not None:
        case.database.close()
    return report.end(_exit_code(case, report))


def _examine(report: Report, case: Case, checks: Iterable[tuple[str, Check]], of: str = "") -> None:
    for title, check in checks:
        report.open(f"{title}{of}")
        for found in _guarded(check, case):
            report.add(found)


def _examine_several(report: Report, case: Case, besides: Iterable[tuple[str, Check]]) -> None:
    """Loaded with its ciphers where there are several workspaces alone."""
    from bot.doctor.tenants import cases_of, check_token, check_workspaces

    _examine(report, case, [("Workspaces", check_workspaces)])
    for name, its_case in cases_of(case):
        _examine(report, its_case, [("Token", check_token), *OF_A_WORKSPACE, *besides], f" of {name}")
        case.unreachable = case.unreachable or its_case.unreachable


def _exit_code(case: Case, report: Report) -> int:
    if not case.usable:
        return SETTINGS_NOT_USABLE
    return SOMETHING_MISSING if report.count(Level.PROBLEM) else ALL_WELL


def _without_settings(report: Report, trouble: Exception, env_file: Path) -> int:
    report.begin(None)
    report.open("Settings")
    for found in _settings_trouble(trouble, env_file):
        report.add(found)
    report.add(unchecked("everything else", "the settings cannot be used"))
    return report.end(SETTINGS_NOT_USABLE)


def _settings_trouble(trouble: Exception, env_file: Path) -> Iterable[Finding]:
    if isinstance(trouble, ValidationError):
        return [*unusable(trouble), *env_file_findings(env_file)]
    if isinstance(trouble, UnicodeDecodeError):
        return [problem(f"{env_file} is not plain text in UTF-8.", "Save it anew as UTF-8, without a byte order mark.")]
    return [problem(f"{env_file} cannot be read ({type(trouble).__name__}).", f"ls -l {env_file} shows whose it is.")]


def _guarded(check: Check, case: Case) -> Iterator[Finding]:
    """A check that breaks is told as what it is, an error of ours, and the others go on."""
    try:
        yield from check(case)
    except Exception as crash:
        place = traceback.extract_tb(crash.__traceback__)[-1]
        yield problem(
            f"This check itself broke: {type(crash).__name__} in {Path(place.filename).name}, line {place.lineno}.",
            "That is an error of Stationmaster's. Please report it with this line.",
        )
