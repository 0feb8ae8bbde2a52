"""The request URL: payloads are signed and posted to the app, and what it answers is its acknowledgement."""

import hashlib
import hmac
import json
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from http.client import HTTPException
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from bot.sandbox.answers import Json, NotTaken
from bot.sandbox.courier import Retry
from bot.sandbox.http_lines import Lines, Reply
from bot.sandbox.payloads import LEGACY_TOKEN
from bot.slack_rules.limits import ACKNOWLEDGE_SECONDS

FORM, JSON = "application/x-www-form-urlencoded", "application/json"
MOST_REDIRECTS = 2
REDIRECTS = (301, 302, 303, 307, 308)
SENDER = "Slackbot 1.0 (+https://api.slack.com/robots)"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What `X-Slack-Signature` says of a request."""
    signed = f"v0:{timestamp}:".encode() + body
    return "v0=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


@dataclass(frozen=True)
class Letter:
    """What goes to the app, before it is signed."""

    content_type: str
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)
    redirects: int = 0
    """How many the app may send it round."""


class HttpDoor:
    """A `Deliver`. `real_now` is the time outside, whatever the workspace's clock says: signatures age by it."""

    def __init__(self, address: str, signing_secret: str, real_now: Callable[[], datetime]) -> None:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{address} is no request URL")
        self._address = address
        self._secret = signing_secret
        self._real_now = real_now
        self._lines = Lines()

    def __call__(self, kind: str, payload: Json, retry: Retry | None = None) -> Json | None:
        try:
            reply = self._post(_letter(kind, payload, retry))
        except TimeoutError:
            return None
        if not _is_good(reply, kind):
            is_final = reply.headers.get("x-slack-no-retry") == "1"
            raise NotTaken(f"HTTP {reply.status}", retry_for=None if is_final else "http_error")
        return {} if kind == "events_api" else _acknowledgement(reply)

    def verify(self, challenge: str) -> bool:
        """Whether the app answers there: asked before anything else is sent to an address."""
        body = {"token": LEGACY_TOKEN, "challenge": challenge, "type": "url_verification"}
        try:
            reply = self._post(Letter(JSON, json.dumps(body).encode(), redirects=MOST_REDIRECTS))
            return reply.status == 200 and _challenge(reply) == challenge
        except (TimeoutError, NotTaken):
            return False

    def ssl_check(self) -> bool:
        """Slack asks the address of a command now and then whether it is still there."""
        body = {"token": LEGACY_TOKEN, "ssl_check": "1"}
        try:
            return self._post(Letter(FORM, urlencode(body).encode())).status == 200
        except (TimeoutError, NotTaken):
            return False

    def close(self) -> None:
        self._lines.close()

    def _post(self, letter: Letter) -> Reply:
        """TimeoutError after three seconds, NotTaken when nobody there can be talked to."""
        deadline = time.monotonic() + ACKNOWLEDGE_SECONDS
        address, headers = self._address, self._headers(letter)
        for _ in range(letter.redirects + 1):
            reply = self._ask(address, letter.body, headers, deadline)
            if reply.status not in REDIRECTS or not letter.redirects:
                return reply
            address = urljoin(address, reply.headers.get("location", ""))
        raise NotTaken("it is redirected once too often", retry_for="too_many_redirects")

    def _ask(self, address: str, body: bytes, headers: dict[str, str], deadline: float) -> Reply:
        try:
            return self._lines.post(address, body, headers, deadline)
        except (OSError, HTTPException) as problem:
            if isinstance(problem, TimeoutError):
                raise
            raise NotTaken(str(problem), retry_for=_reason(problem)) from problem

    def _headers(self, letter: Letter) -> dict[str, str]:
        timestamp = str(int(self._real_now().timestamp()))
        return {
            "Content-Type": letter.content_type,
            "User-Agent": SENDER,
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, letter.body),
            **letter.headers,
        }


def _letter(kind: str, payload: Json, retry: Retry | None) -> Letter:
    match kind:
        case "slash_commands":
            return Letter(FORM, urlencode(payload).encode())
        case "interactive":
            return Letter(FORM, urlencode({"payload": json.dumps(payload)}).encode())
        case _:
            again = {"X-Slack-Retry-Num": str(retry.number), "X-Slack-Retry-Reason": retry.reason} if retry else {}
            return Letter(JSON, json.dumps(payload).encode(), again, MOST_REDIRECTS)


def _is_good(reply: Reply, kind: str) -> bool:
    return 200 <= reply.status < 300 if kind == "events_api" else reply.status == 200


def _acknowledgement(reply: Reply) -> Json:
    """What Socket Mode would carry: plain words are the text of the answer."""
    words = reply.body.decode(errors="replace")
    if not _is_json(reply):
        return {"text": words} if words else {}
    try:
        found = json.loads(words) if words else {}
    except ValueError:
        raise NotTaken("the answer is no JSON", retry_for="http_error") from None
    return found if isinstance(found, dict) else {}


def _challenge(reply: Reply) -> str:
    """It may come back as text, as a form or as JSON."""
    words = reply.body.decode(errors="replace").strip()
    if _is_json(reply):
        return str(_acknowledgement(reply).get("challenge", ""))
    return parse_qs(words).get("challenge", [words])[0]


def _is_json(reply: Reply) -> bool:
    return reply.headers.get("content-type", "").startswith(JSON)


def _reason(problem: Exception) -> str:
    if isinstance(problem, ssl.SSLError):
        return "ssl_error"
    return "connection_failed" if isinstance(problem, OSError) else "unknown_error"
