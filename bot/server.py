"""HTTP: Slack's endpoint, verified by Bolt and answered in a pool of ours, and on another port the process's health."""

import asyncio
import json
import logging
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from urllib.parse import unquote_plus

import uvicorn
from slack_bolt import App, BoltRequest, BoltResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.config import SLACK_PATH

MOST_BYTES = 1_000_000
"""Slack's largest payload, a view of 250 kB with what was typed into it, is well below."""

WARN_EVERY = 60.0
"""Seconds."""

PAYLOAD = "payload="
COMMON_ESCAPES = tuple((f"%{ord(sign):02X}", sign) for sign in '"{}[]:,/ ')
"""Not the percent sign, which would make new escapes, nor the plus, which means a blank."""

GRACE = 5
"""Seconds for requests under way when the server is told to stop; Slack waits three."""

logger = logging.getLogger(__name__)

Problems = Callable[[], Sequence[str]]
"""What keeps the process from doing its work, in words; nothing when it is ready."""


class CannotListen(OSError):
    """Another program listens there already, or the address is not this machine's."""


class SlackEndpoint:
    """Bolt's own handlers run a synchronous app on the event loop, where one slow request holds up all others."""

    def __init__(self, app: App, pool: Executor) -> None:
        self._app = app
        self._pool = pool
        self._warned_at = -WARN_EVERY

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _body(receive)
        if body is None:
            answer = BoltResponse(status=413, body="too large")
        else:
            headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
            loop = asyncio.get_running_loop()
            answer = await loop.run_in_executor(self._pool, self._answer, body, headers)
        await _send(answer, send)

    def _answer(self, body: bytes, headers: dict[str, str]) -> BoltResponse:
        if not _may_be_signed(headers):
            self._warn()
            return BoltResponse(status=401, body={"error": "invalid request"})
        try:
            request = _request(body.decode(), headers)
        except (ValueError, TypeError, AttributeError, RecursionError):
            return BoltResponse(status=400, body={"error": "not a payload of Slack's"})
        answer = self._app.dispatch(request)
        if answer.status == 401:
            self._warn()
        return answer

    def _warn(self) -> None:
        """Once a minute at most, and never with what came: it may be anybody's."""
        now = time.monotonic()
        if now - self._warned_at > WARN_EVERY:
            self._warned_at = now
            logger.warning("A signature does not fit: compare SLACK_SIGNING_SECRET, and this machine's clock.")


def _may_be_signed(headers: Mapping[str, str]) -> bool:
    """What no signature has would be an error in the comparison."""
    at = headers.get("x-slack-request-timestamp", "0")
    return at.isdecimal() and len(at) <= 12 and headers.get("x-slack-signature", "").isascii()


def _request(body: str, headers: dict[str, str]) -> BoltRequest:
    """What Bolt makes of it, but that an interaction is decoded five times as fast: a form has thousands of escapes."""
    interaction = body.removeprefix(PAYLOAD)
    if not body.startswith(PAYLOAD) or "&" in interaction:
        return BoltRequest(body=body, headers=headers)  # type: ignore[arg-type]  # one value a header
    for escape, sign in COMMON_ESCAPES:
        interaction = interaction.replace(escape, sign)
    parsed = json.loads(unquote_plus(interaction))
    request = BoltRequest(body=parsed, headers=headers, mode="socket_mode")  # type: ignore[arg-type]  # takes it parsed
    request.mode, request.raw_body = "http", body  # so that the signature is verified
    return request


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


async def _send(answer: BoltResponse, send: Send) -> None:
    content = answer.body.encode()
    headers = {**answer.first_headers(), "content-length": str(len(content))}
    encoded = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": encoded})
    await send({"type": "http.response.body", "body": content})


def build_web(app: App, pool: Executor) -> ASGIApp:
    """Slack's one address first: nothing else is asked for often."""
    endpoint = SlackEndpoint(app, pool)
    others = Starlette(routes=[Route(SLACK_PATH, endpoint, methods=["POST"])])

    async def web(scope: Scope, receive: Receive, send: Send) -> None:
        is_slack = scope["type"] == "http" and scope["path"] == SLACK_PATH and scope["method"] == "POST"
        await (endpoint if is_slack else others)(scope, receive, send)

    return web


def build_health(problems: Problems) -> ASGIApp:
    """`/healthz`: the process lives. `/readyz`: it can do its work, else 503 and why not."""

    async def healthz(request: Request) -> Response:
        return PlainTextResponse("ok")

    def readyz(request: Request) -> Response:
        found = list(problems())
        return JSONResponse({"ready": not found, "problems": found}, 503 if found else 200)

    return Starlette(routes=[Route("/healthz", healthz), Route("/readyz", readyz)])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        raise CannotListen(f"Port {port} of {host} cannot be listened at: {problem.strerror}") from None


class WebServer:
    """uvicorn in a thread of its own. The port is bound at once: raises CannotListen."""

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name=f"web-{self.port}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is under way is answered first."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    @property
    def is_serving(self) -> bool:
        return self._server.started and self._thread.is_alive()

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])
