"""What became of one call to Slack."""

import socket
from dataclasses import dataclass
from urllib.error import URLError

from slack_sdk.errors import SlackApiError

from bot.errors import Unreached
from bot.services.outbox import HELD_BACK
from bot.slack_client import error_word
from bot.slack_rules import RETRYABLE_ERRORS
from models.schemas.delivery import Posted

REFUSED_FOR_NOW = frozenset({"ratelimited", "rate_limited"})
"""Refused before anything was done. Of its other passing errors Slack says that a part may have been done."""

MENDABLE = frozenset(
    {"account_inactive", "invalid_auth", "missing_scope", "not_authed", "token_expired", "token_revoked"}
)
"""Trouble with the app, not with the message: an admin mends it, and then everything leaves."""


@dataclass(frozen=True)
class Sent:
    posted: Posted | None
    without_tables: bool = False
    doubled: bool = False
    """An earlier attempt may have arrived too, and nobody could look."""


@dataclass(frozen=True)
class Trouble:
    error: str
    retry: bool = False
    unknown: bool = False
    """No answer came: the message may stand there."""
    wait: float = 0
    """Seconds that Slack asked us to wait."""
    limited: bool = False
    """Nothing is wrong with it: Slack was called too often, by `method`."""
    method: str = ""
    expected: bool = False
    """How Slack works, and nothing that whoever runs the bot has to read about."""


NOT_READY = Trouble("file_not_ready", retry=True, expected=True)
"""Slack works on a file for some seconds after its upload."""


def refusal(problem: SlackApiError) -> Trouble:
    status, error = problem.response.status_code, error_word(problem)
    wait = float(problem.response.headers.get("Retry-After") or 0)
    if status == 429 or error in REFUSED_FOR_NOW:
        method = str(problem.response.api_url).rpartition("/")[2]
        return Trouble(HELD_BACK, retry=True, wait=wait, limited=True, method=method)
    if status >= 500 or error in RETRYABLE_ERRORS or error == f"http_{status}":
        return Trouble(error, retry=True, unknown=True, wait=wait)
    return Trouble(error, retry=error in MENDABLE)


def never_left(problem: Exception) -> bool:
    reason = problem.reason if isinstance(problem, URLError) else problem
    return isinstance(problem, Unreached) or isinstance(reason, ConnectionRefusedError | socket.gaierror)
