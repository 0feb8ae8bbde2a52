"""The settings: what is missing, what stands in the wrong place, and whether others may read it."""

import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from bot.config import Settings
from bot.doctor.case import Case
from bot.doctor.finding import Finding, counted, listed, note, problem, right

TOKEN_SIGNS = re.compile(r"[A-Za-z0-9.-]+")
SIGNING_SECRET = re.compile("[0-9a-f]{32}")
SLACK_USER = re.compile("[UW][A-Z0-9]+")
BOT_TOKEN, APP_TOKEN, SECRET = "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"

FROM_BOT_TOKEN = 'Your app\'s page, "OAuth & Permissions": copy the "Bot User OAuth Token".'
FROM_APP_TOKEN = (
    'Your app\'s page, "Basic Information", "App-Level Tokens": generate one with the scope connections:write, '
    "and copy it."
)
FROM_SECRET = 'Your app\'s page, "Basic Information", "App Credentials": copy the "Signing Secret".'

KINDS = (
    ("xoxe", "a token that expires within hours (token rotation), which is renewed only with SLACK_CLIENT_ID"),
    ("xoxb-", "a bot token"),
    ("xapp-", "an app-level token"),
    ("xoxp-", "a user's token"),
)
"""What a value seems to be, by how it begins."""


@dataclass(frozen=True)
class Wanted:
    name: str
    begins: str
    source: str
    """Where one finds it."""


BOT = Wanted(BOT_TOKEN, "xoxb-", FROM_BOT_TOKEN)
APP = Wanted(APP_TOKEN, "xapp-", FROM_APP_TOKEN)


def check_settings(case: Case) -> Iterator[Finding]:
    """Tokens that are none are remembered in the case, and it is not usable."""
    if case.settings.is_for_several:
        yield from _several(case.settings)
    else:
        yield _token(case, BOT, case.settings.slack_bot_token.get_secret_value())
    yield from _http(case) if case.uses_http else _socket(case)
    if case.settings.admins:
        yield from _admins(case.settings.admins)
    yield from env_file_findings(case.env_file)


def unusable(error: ValidationError) -> Iterator[Finding]:
    """Each setting that could not be read. Never its value, which may be a secret."""
    for trouble in error.errors(include_input=False, include_context=False, include_url=False):
        name = ".".join(str(part) for part in trouble["loc"]).upper()
        words = trouble["msg"].removeprefix("Value error, ")
        said = words if not name or words.startswith(name) else f"{name}: {words}"
        yield problem(f"{said}.", "The README's table of settings says what it may be.")


def env_file_findings(path: Path) -> Iterator[Finding]:
    if not path.exists():
        return
    others = stat.S_IMODE(path.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO)
    if others:
        yield problem(f"{path} holds tokens, and other users of this machine may read it.", f"chmod 600 {path}")
    else:
        yield right(f"{path} can be read by you alone.")


def _several(settings: Settings) -> Iterator[Finding]:
    """What is missing of these the settings themselves refuse."""
    yield right(f"Workspaces install the app at {settings.install_url}.")
    yield right(f"Their tokens are sealed with the newest of {counted(len(settings.keys), 'key')}.")
    if len(settings.keys) > 1:
        yield note(
            "Older keys are kept in STATIONMASTER_KEYS.",
            "./run start seals anew what they sealed within minutes; then they can be removed.",
        )
    if settings.teams:
        yield right(f"Only these may install it: {listed(sorted(settings.teams))}.")
    else:
        yield note(
            "Whoever knows the address may install the app in their workspace.",
            "STATIONMASTER_TEAMS names those who may, by their team's or organisation's id.",
        )


def _socket(case: Case) -> Iterator[Finding]:
    yield _token(case, APP, case.settings.slack_app_token.get_secret_value())
    if APP_TOKEN not in case.refused:
        yield right("The bot will connect to Slack by Socket Mode: no public address is needed.")


def _http(case: Case) -> Iterator[Finding]:
    value = case.settings.slack_signing_secret.get_secret_value()
    trouble = _value_trouble(SECRET, value, FROM_SECRET)
    if trouble is None and not SIGNING_SECRET.fullmatch(value) and (kind := _kind(value)):
        trouble = problem(f"{SECRET} holds {kind}, no signing secret.", FROM_SECRET)
    if trouble is not None:
        _refuse(case, SECRET)
        yield trouble
        return
    if SIGNING_SECRET.fullmatch(value):
        yield right(f"{SECRET} looks like one.")
    else:
        yield note(f"{SECRET} does not look as Slack makes them: 32 signs of 0-9 and a-f.", FROM_SECRET)
    yield right(f"Slack will call the bot by HTTP, at port {case.settings.port} of this machine.")
    if case.settings.slack_app_token.get_secret_value():
        yield note(f"{APP_TOKEN} is set and not used: with {SECRET}, Slack calls the bot.", f"Remove {APP_TOKEN}.")


def _token(case: Case, wanted: Wanted, value: str) -> Finding:
    if not value:
        trouble: Finding | None = problem(
            f"{wanted.name} is missing.", f"{wanted.source} Write {wanted.name}={wanted.begins}... into .env."
        )
    else:
        trouble = _value_trouble(wanted.name, value, wanted.source) or _wrong_kind(wanted, value)
    if trouble is None:
        return right(f"{wanted.name} looks like {_kind(value)}.")
    _refuse(case, wanted.name)
    return trouble


def _value_trouble(name: str, value: str, source: str) -> Finding | None:
    if value != value.strip() or value[0] in "\"'" or value[-1] in "\"'":
        return problem(
            f"{name} has blanks or quotes around it.", f"Write {name}= and then the value, nothing before or behind it."
        )
    if not TOKEN_SIGNS.fullmatch(value):
        return problem(f"{name} holds a sign that Slack never puts there.", f"Copy it again. {source}")
    return None


def _wrong_kind(wanted: Wanted, value: str) -> Finding | None:
    if value.startswith(wanted.begins):
        return None
    kind = _kind(value) or "something else"
    return problem(
        f"{wanted.name} holds {kind}; it should begin with {wanted.begins}",
        f"Is it in another's place? {wanted.source}",
    )


def _kind(value: str) -> str:
    if SIGNING_SECRET.fullmatch(value):
        return "what looks like a signing secret"
    return next((kind for begins, kind in KINDS if value.startswith(begins)), "")


def _refuse(case: Case, name: str) -> None:
    case.refused.add(name)
    case.usable = False


def _admins(admins: frozenset[str]) -> Iterator[Finding]:
    strange = sorted(name for name in admins if not SLACK_USER.fullmatch(name))
    if strange:
        yield note(
            f"STATIONMASTER_ADMINS holds what is no Slack user id: {listed(strange)}.",
            'In Slack, a person\'s profile, the three dots, "Copy member ID" gives one, as U012AB3CD.',
        )
