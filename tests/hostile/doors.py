"""Slack's two doors without a socket: an envelope as Socket Mode hands it over, a request as a web server does."""

import asyncio
import hmac
import json
from collections.abc import Iterable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from hashlib import sha256
from time import time
from typing import Any
from urllib.parse import quote_plus, urlencode

from pydantic import SecretStr
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.app import build_app
from bot.config import Settings
from bot.gate import Gate
from bot.server import SlackEndpoint, build_web
from bot.socket_mode import SocketDoor
from tests.town import Town

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
PATH = "/slack/events"
FORM = "application/x-www-form-urlencoded"

Headers = list[tuple[str, str]]


@dataclass(frozen=True)
class Answer:
    status: int
    body: str
    headers: Headers

    def __str__(self) -> str:
        return f"{self.status} {self.body}"


class AtOnce(Executor):
    """The pool of a server that serves one request at a time."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        done: Future[Any] = Future()
        done.set_result(fn(*args, **kwargs))
        return done


class Socket:
    """Keeps what is answered to each envelope."""

    def __init__(self, town: Town) -> None:
        settings = Settings(
            _env_file=None, slack_bot_token=SecretStr("xoxb-none"), slack_app_token=SecretStr("xapp-none")
        )
        self._door = SocketDoor(town.app, town.runtime, settings)
        self._client = self._door._handler.client
        self._client.send_socket_mode_response = self._keep
        self._answers: list[Any] = []

    def sends(self, payload: Any, kind: str = "interactive") -> Answer:
        """No answer is an envelope that Slack would send again: told as 504."""
        self._answers.clear()
        self._door.take(self._client, SocketModeRequest(type=kind, envelope_id="1", payload=payload))
        assert self._door.gate.wait_until_empty(60)
        if not self._answers:
            return Answer(504, "", [])
        [answer] = self._answers
        return Answer(200, json.dumps(answer.payload) if answer.payload else "", [])

    def _keep(self, answer: Any) -> None:
        self._answers.append(answer)


class Web:
    """The very application that uvicorn serves."""

    def __init__(self, town: Town) -> None:
        app = build_app(town.runtime, town.identity, signing_secret=SECRET)
        self._web = build_web(SlackEndpoint(app, Gate(1, 1, pool=AtOnce()), town.runtime, SECRET))

    def sends(self, payload: Any) -> Answer:
        body, content_type = encoded(payload)
        return self.posts(body, [*signed(body), ("content-type", content_type)])

    def posts(self, body: bytes, headers: Iterable[tuple[str, str]], *, pieces: int = 1) -> Answer:
        return asyncio.run(self._post(body, list(headers), pieces))

    async def _post(self, body: bytes, headers: Headers, pieces: int) -> Answer:
        size = max(1, -(-len(body) // pieces))
        parts = [body[start : start + size] for start in range(0, len(body), size)] or [b""]
        sent: list[dict[str, Any]] = []

        async def receive() -> dict[str, Any]:
            part = parts.pop(0)
            return {"type": "http.request", "body": part, "more_body": bool(parts)}

        async def send(message: dict[str, Any]) -> None:
            sent.append(message)

        raw = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        scope = {"type": "http", "method": "POST", "path": PATH, "headers": raw, "query_string": b""}
        await self._web(scope, receive, send)
        told = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in sent[0]["headers"]]
        return Answer(sent[0]["status"], b"".join(part.get("body", b"") for part in sent[1:]).decode(), told)


def encoded(payload: Any) -> tuple[bytes, str]:
    """As Slack sends it: commands as a form, interactions as JSON in a form, events as JSON."""
    if isinstance(payload, dict) and "command" in payload:
        return urlencode(_fields(payload)).encode(), FORM
    if isinstance(payload, dict) and payload.get("type") in ("event_callback", "url_verification"):
        return json.dumps(payload).encode(), "application/json"
    if isinstance(payload, dict) and "ssl_check" in payload:
        return urlencode(_fields(payload)).encode(), FORM
    return f"payload={quote_plus(json.dumps(payload))}".encode(), FORM


def _fields(payload: dict[str, Any]) -> dict[str, bytes]:
    told = {name: value if isinstance(value, str) else json.dumps(value) for name, value in payload.items()}
    return {name: value.encode("utf-8", "surrogatepass") for name, value in told.items()}


def signed(body: bytes, *, secret: str = SECRET, age: float = 0) -> Headers:
    """`age` in seconds; a negative one lies in the future."""
    at = str(int(time() - age))
    digest = hmac.new(secret.encode(), f"v0:{at}:".encode() + body, sha256).hexdigest()
    return [("x-slack-request-timestamp", at), ("x-slack-signature", f"v0={digest}")]
