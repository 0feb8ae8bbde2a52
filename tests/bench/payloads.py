"""Signed requests, as Slack sends them: all of them made before the measurement begins."""

import copy
import json
from collections.abc import Callable, Mapping
from itertools import count
from typing import Any
from urllib.parse import urlencode

from slack_sdk.signature import SignatureVerifier

from bot.clock import SystemClock

SECRET = "the secret that both sides of the bench know"
NOOP = "/noop"

Make = Callable[[int], list[bytes]]
"""So many requests, none of them like any before: a repeat would be answered without work."""

_number = count(1)


def commands(seen: Mapping[str, Any], command: str = NOOP, text: str = "") -> Make:
    """`seen` is a command that the sandbox delivered."""

    def body() -> str:
        return urlencode({**seen, "command": command, "text": text, "trigger_id": f"{next(_number)}.1.bench"})

    return lambda number: _signed([body() for _ in range(number)])


def submissions(seen: Mapping[str, Any]) -> Make:
    """`seen` is a submitted form that the sandbox delivered."""

    def bodies(number: int) -> list[str]:
        return [urlencode({"payload": json.dumps(form, separators=(",", ":"))}) for form in forms(seen, number)]

    return lambda number: _signed(bodies(number))


def forms(seen: Mapping[str, Any], many: int) -> list[dict[str, Any]]:
    """So many submissions of the same form, each a delivery of its own."""

    def form() -> dict[str, Any]:
        payload, number = copy.deepcopy(dict(seen)), next(_number)
        payload["trigger_id"] = f"{number}.1.bench"
        payload["view"] |= {"id": f"V{number}", "root_view_id": f"V{number}", "hash": f"{number}.bench"}
        return payload

    return [form() for _ in range(many)]


def _signed(bodies: list[str]) -> list[bytes]:
    verifier = SignatureVerifier(SECRET)
    at = str(int(SystemClock().now().timestamp()))
    return [_request(body, at, verifier.generate_signature(timestamp=at, body=body) or "") for body in bodies]


def _request(body: str, at: str, signature: str) -> bytes:
    content = body.encode()
    lines = (
        "POST /slack/events HTTP/1.1",
        "Host: 127.0.0.1",
        "User-Agent: Slackbot 1.0 (+https://api.slack.com/robots)",
        "Accept: application/json,*/*",
        "Accept-Encoding: gzip,deflate",
        "Content-Type: application/x-www-form-urlencoded",
        f"X-Slack-Request-Timestamp: {at}",
        f"X-Slack-Signature: {signature}",
        f"Content-Length: {len(content)}",
    )
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
