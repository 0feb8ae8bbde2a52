"""The line to Slack: calls that end within seconds, and what came of each."""

import logging
import re
import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from typing import Any
from urllib.error import URLError
from urllib.parse import urlsplit

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.clock import Clock
from bot.config import Settings

SLACKS_HOST = "slack.com"
ONE_CALL = 5.0
ALL_CALLS = 20.0
"""Seconds."""

silent = logging.getLogger(f"{__name__}.sdk")
silent.setLevel(logging.CRITICAL)  # what it would say of a failed call, the report says

ERROR_WORD = re.compile("[a-z0-9_]+")


class Unreachable(Exception):
    """No answer came that Slack would give. The message is for people and holds nothing of the request."""

    def __init__(self, words: str, remedy: str) -> None:
        super().__init__(words)
        self.remedy = remedy


@dataclass(frozen=True)
class Answer:
    error: str
    """Slack's word; empty when all went well."""
    body: Mapping[str, Any]
    scopes: frozenset[str] | None
    sent_at: datetime | None
    """By Slack's clock, to the second."""
    came_at: datetime
    """By this machine's clock."""


class Line:
    def __init__(
        self, settings: Settings, clock: Clock, *, one_call: float = ONE_CALL, token: str | None = None
    ) -> None:
        """`token` in the place of the one in the settings, where several workspaces have each their own."""
        self.host = urlsplit(settings.slack_api_url).hostname or "?"
        self._clock = clock
        self._one_call = one_call
        self._until = time.monotonic() + ALL_CALLS
        context = ssl.create_default_context() if settings.slack_api_url.startswith("https") else None
        self._slack = WebClient(
            token=settings.slack_bot_token.get_secret_value() if token is None else token,
            base_url=settings.slack_api_url,
            ssl=context,
            retry_handlers=[],
            logger=silent,
        )

    def ask(self, call: Callable[[WebClient], SlackResponse]) -> Answer:
        """Raises Unreachable."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise Unreachable(f"{self.host} answers too slowly", "Try again later.")
        self._slack.timeout = max(1, int(min(self._one_call, left)))
        try:
            return self._answer(call(self._slack))
        except SlackApiError as refusal:
            return self._refusal(refusal.response)
        except (OSError, HTTPException) as trouble:
            raise self._explained(trouble) from None

    def _refusal(self, response: SlackResponse) -> Answer:
        body = response.data if isinstance(response.data, dict) else {}
        word = str(body.get("error"))
        if not ERROR_WORD.fullmatch(word):
            raise Unreachable(
                f"What answers at {self.host} is not Slack (HTTP status {response.status_code})",
                "Is SLACK_API_URL right? A proxy or a sign-in page of your network may answer in Slack's place.",
            )
        return self._answer(response, word)

    def _answer(self, response: SlackResponse, error: str = "") -> Answer:
        headers = {name.lower(): value for name, value in response.headers.items()}
        scopes = headers.get("x-oauth-scopes")
        return Answer(
            error=error,
            body=response.data if isinstance(response.data, dict) else {},
            scopes=None if scopes is None else frozenset(scopes.replace(",", " ").split()),
            sent_at=_instant(headers.get("date")),
            came_at=self._clock.now(),
        )

    def _explained(self, trouble: Exception) -> Unreachable:
        reason = trouble.reason if isinstance(trouble, URLError) else trouble
        if isinstance(reason, ssl.SSLError):
            return _tls_trouble(self.host, reason)
        if isinstance(reason, TimeoutError):
            words = f"{self.host} did not answer within {self._slack.timeout} seconds"
        else:
            words = f"{self.host} cannot be reached ({_short(reason)})"
        if self.host != SLACKS_HOST:
            return Unreachable(words, f"SLACK_API_URL names this host; without it the bot talks to {SLACKS_HOST}.")
        return Unreachable(words, "Does this machine reach the internet? Behind a proxy, set HTTPS_PROXY.")


def _tls_trouble(host: str, reason: ssl.SSLError) -> Unreachable:
    if isinstance(reason, ssl.SSLCertVerificationError):
        return Unreachable(
            f"The certificate of {host} is not trusted ({reason.verify_message})",
            "A company proxy that opens TLS needs its own certificate here: SSL_CERT_FILE=/path/to/it.pem. "
            "A machine without certificates needs its system's package ca-certificates.",
        )
    return Unreachable(
        f"{host} does not speak TLS as it should ({(reason.reason or 'no reason given').lower().replace('_', ' ')})",
        "Is SLACK_API_URL right? A proxy of your network may be in the way.",
    )


def _short(reason: object) -> str:
    """What the system says, without numbers and modules."""
    if isinstance(reason, OSError) and reason.strerror:
        return reason.strerror
    return f"{type(reason).__name__}: {reason}" if str(reason) else type(reason).__name__


def _instant(date: str | None) -> datetime | None:
    try:
        return parsedate_to_datetime(date) if date else None
    except ValueError:
        return None
