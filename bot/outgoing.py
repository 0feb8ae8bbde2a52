"""The addresses that Slack names in payloads and answers: Slack's own alone are written to, and never another one."""

import json
import ssl
from http.client import HTTPException
from typing import Any, BinaryIO
from urllib.error import HTTPError
from urllib.parse import SplitResult, urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, OpenerDirector, Request, build_opener

TIMEOUT = 10
"""Seconds, as for a call to Slack."""

UPLOAD_TIMEOUT = 60
"""Seconds without any progress of an upload."""

HOOKS = frozenset({"hooks.slack.com", "hooks.slack-gov.com"})
SLACKS = (".slack.com", ".slack-gov.com", ".slack-files.com")
"""Where Slack takes files."""

NOT_SENT = 0
"""In the place of a status, where nothing was sent or nothing came back."""


def post_answer(url: str, body: dict[str, Any], *, slack: str, context: ssl.SSLContext | None) -> int:
    """To a response_url. Slack gives it five uses in half an hour: every refusal is final."""
    if not is_hook(url, slack=slack):
        return NOT_SENT
    data = json.dumps(body).encode()
    request = Request(url, data=data, headers={"Content-Type": "application/json"}, method="POST")
    return _status(request, TIMEOUT, context)


def post_file(url: str, stream: BinaryIO, length: int, *, slack: str, context: ssl.SSLContext | None) -> int:
    """To an upload address. Read as it is sent; the address is good for one file."""
    if not is_upload(url, slack=slack):
        return NOT_SENT
    headers = {"Content-Type": "application/octet-stream", "Content-Length": str(length)}
    return _status(Request(url, data=stream, headers=headers), UPLOAD_TIMEOUT, context)


def is_hook(url: str, *, slack: str) -> bool:
    """`slack` is the setting SLACK_API_URL: a sandbox or a stand-in of one's own answers at its own address."""
    parts = _parts(url)
    return parts is not None and ((_is_https(parts) and parts.hostname in HOOKS) or _is_beside(parts, slack))


def is_upload(url: str, *, slack: str) -> bool:
    parts = _parts(url)
    return parts is not None and (
        (_is_https(parts) and (parts.hostname or "").endswith(SLACKS)) or _is_beside(parts, slack)
    )


def _parts(url: str) -> SplitResult | None:
    """None for what is no plain address: a name or password in it would hide where it leads."""
    if not (url.isascii() and url.isprintable()) or " " in url or "\\" in url:
        return None
    try:
        parts = urlsplit(url)
        named = parts.port, parts.hostname
    except ValueError:
        return None
    return None if "@" in parts.netloc or not named[1] else parts


def _is_https(parts: SplitResult) -> bool:
    return parts.scheme == "https" and parts.port in (None, 443)


def _is_beside(parts: SplitResult, slack: str) -> bool:
    """At the very address that the settings name in the place of Slack's."""
    ours = urlsplit(slack)
    is_slack = (ours.hostname or "").endswith(("slack.com", "slack-gov.com"))
    return not is_slack and (parts.scheme, parts.netloc) == (ours.scheme, ours.netloc)


class _NoRedirect(HTTPRedirectHandler):
    """Slack redirects neither; what it is told to would be another address."""

    def redirect_request(self, *_: Any) -> None:
        return None


def _opener(context: ssl.SSLContext | None) -> OpenerDirector:
    return build_opener(_NoRedirect, HTTPSHandler(context=context))


def _status(request: Request, timeout: float, context: ssl.SSLContext | None) -> int:
    try:
        with _opener(context).open(request, timeout=timeout) as answer:
            return int(answer.status)
    except HTTPError as refusal:
        return refusal.code
    except (OSError, HTTPException):
        return NOT_SENT
