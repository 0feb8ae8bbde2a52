"""HTTP: Slack's endpoint, verified before it is read and answered behind our gate; on another port the health."""

import asyncio
import json
import logging
import time
from asyncio import AbstractEventLoop, Future
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl, unquote_plus

from slack_bolt import App, BoltRequest, BoltResponse
from slack_sdk.signature import SignatureVerifier
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.config import SLACK_PATH
from bot.gate import Gate
from bot.runtime import Runtime
from handlers.overload import turned_away
from handlers.shape import has_slacks_shape

MOST_BYTES = 1_000_000
"""Slack's largest payload, a view of 250 kB with what was typed into it, is well below."""

WARN_EVERY = 60.0
"""Seconds."""

MOST_FIELDS = 100
"""Of a command there are about fifteen."""

SSL_CHECK, SHORT = b"ssl_check=1", 500
"""Slack asks now and then, unsigned, whether the address answers."""

PAYLOAD = "payload="
COMMON_ESCAPES = tuple((f"%{ord(sign):02X}", sign) for sign in '"{}[]:,/ ')
"""Not the percent sign, which would make new escapes, nor the plus, which means a blank."""

SIGNED_BY = ("x-slack-request-timestamp", "x-slack-signature")

logger = logging.getLogger(__name__)

PROMETHEUS = "text/plain; version=0.0.4"

Headers = Sequence[tuple[str, str]]

Problems = Callable[[], Sequence[str]]
"""What keeps the process from doing its work, in words; nothing when it is ready."""


class SlackEndpoint:
    """Bolt's own handlers run a synchronous app on the event loop, where one slow request holds up all others."""

    def __init__(self, app: App, gate: Gate, runtime: Runtime, signing_secret: str) -> None:
        self._app = app
        self._gate = gate
        self._runtime = runtime
        self._verifier = SignatureVerifier(signing_secret)
        self._warned_at = -WARN_EVERY
        self.is_closing = False
        """Whoever is answered is asked to come back by another connection, perhaps to another process."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        came_at = time.perf_counter()
        headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in scope["headers"]]
        if body is None:
            answer = BoltResponse(status=413, body="too large")
        elif self._gate.is_busy and not self._is_signed(body, headers):
            answer = self._unsigned(body)  # at once: what nobody signed takes no place from anybody
        else:
            answer = await self._answered(body, headers)
        await _send(answer, send, closing=self.is_closing)
        tally = self._runtime.tally
        tally.time("acknowledgement", seconds=time.perf_counter() - came_at)
        tally.count("answers", str(answer.status))

    async def _answered(self, body: bytes, headers: Headers) -> BoltResponse:
        loop = asyncio.get_running_loop()
        answer: Future[BoltResponse] = loop.create_future()
        self._gate.enter(
            lambda: _tell(loop, answer, lambda: self._answer(body, headers, self._app.dispatch)),
            lambda: _tell(loop, answer, lambda: self._answer(body, headers, self._turn_away)),
        )
        return await answer

    def _answer(self, body: bytes, headers: Headers, find: Callable[[BoltRequest], BoltResponse]) -> BoltResponse:
        """What Slack did not sign is not even parsed."""
        if not self._is_signed(body, headers):
            return self._unsigned(body)
        try:
            request = _request(body.decode(), dict(headers))
        except (ValueError, RecursionError):
            return BoltResponse(status=400, body={"error": "not a payload of Slack's"})
        return find(request)

    def _turn_away(self, request: BoltRequest) -> BoltResponse:
        self._runtime.tally.count("turned_away")
        return turned_away(request.body, self._runtime)

    def _unsigned(self, body: bytes) -> BoltResponse:
        if len(body) < SHORT and SSL_CHECK in body.split(b"&"):
            return BoltResponse(status=200, body="")
        self._warn()
        return BoltResponse(status=401, body={"error": "invalid request"})

    def _is_signed(self, body: bytes, headers: Headers) -> bool:
        """By our secret, within five minutes of now, and said once."""
        stamps, signatures = ([value for name, value in headers if name == wanted] for wanted in SIGNED_BY)
        if len(stamps) != 1 or len(signatures) != 1:
            return False
        [at], [signature] = stamps, signatures
        if not (at.isdecimal() and at.isascii() and len(at) <= 12 and signature.isascii()):
            return False  # what no signature has would be an error in the comparison
        try:
            return self._verifier.is_valid(body, at, signature)
        except UnicodeDecodeError:
            return False

    def _warn(self) -> None:
        """Once a minute at most, and never with what came: it may be anybody's."""
        now = time.monotonic()
        if now - self._warned_at > WARN_EVERY:
            self._warned_at = now
            logger.warning("A signature does not fit: compare SLACK_SIGNING_SECRET, and this machine's clock.")


def _tell(loop: AbstractEventLoop, answer: "Future[BoltResponse]", find: Callable[[], BoltResponse]) -> None:
    """To the event loop, which waits for it; it may have been closed meanwhile, and whoever asked may be gone."""
    try:
        found = find()
    except Exception:
        logger.exception("a request ended without an answer")
        found = BoltResponse(status=500, body="")
    with suppress(RuntimeError):
        loop.call_soon_threadsafe(_set, answer, found)


def _set(answer: "Future[BoltResponse]", found: BoltResponse) -> None:
    if not answer.done():
        answer.set_result(found)


def _request(body: str, headers: dict[str, str]) -> BoltRequest:
    """What Bolt makes of it, but that an interaction is decoded five times as fast: a form has thousands of escapes.

    Raises ValueError or RecursionError for what is no payload of Slack's.
    """
    parsed = _parsed(body)
    if not has_slacks_shape(parsed):
        raise ValueError("not of Slack's shape")
    request = BoltRequest(body=parsed, headers=headers, mode="socket_mode")  # type: ignore[arg-type]  # takes it parsed
    request.mode, request.raw_body = "http", body  # Bolt verifies the signature once more
    return request


def _parsed(body: str) -> Any:
    interaction = body.removeprefix(PAYLOAD)
    if body.startswith(PAYLOAD) and "&" not in interaction:
        for escape, sign in COMMON_ESCAPES:
            interaction = interaction.replace(escape, sign)
        return json.loads(unquote_plus(interaction))
    if body.startswith("{"):
        return json.loads(body)
    fields = dict(parse_qsl(body, keep_blank_values=True, max_num_fields=MOST_FIELDS))
    return json.loads(fields["payload"]) if "payload" in fields else fields


async def _body(receive: Receive) -> bytes | None:
    """None when it is larger than anything that Slack sends."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > MOST_BYTES:
            return None
    return body


async def _send(answer: BoltResponse, send: Send, *, closing: bool) -> None:
    content = answer.body.encode()
    headers = {**answer.first_headers(), "content-length": str(len(content))}
    if closing:
        headers["connection"] = "close"
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})


def build_web(endpoint: SlackEndpoint, *, also: Sequence[Route] = ()) -> ASGIApp:
    """Slack's one address first: nothing else is asked for often. `also` is what a browser may ask for."""
    others = Starlette(routes=[Route(SLACK_PATH, endpoint, methods=["POST"]), *also])

    async def web(scope: Scope, receive: Receive, send: Send) -> None:
        is_slack = scope["type"] == "http" and scope["path"] == SLACK_PATH and scope["method"] == "POST"
        await (endpoint if is_slack else others)(scope, receive, send)

    return web


def build_admin(problems: Problems, metrics: Callable[[], bytes]) -> ASGIApp:
    """`/healthz`: the process lives. `/readyz`: it can do its work, else 503 and why not. `/metrics`: its figures."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    def readyz(request: Request) -> Response:
        found = list(problems())
        return JSONResponse({"ready": not found, "problems": found}, 503 if found else 200)

    def figures(request: Request) -> Response:
        return Response(metrics(), media_type=PROMETHEUS)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", figures)])
