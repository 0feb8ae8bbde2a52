"""The sandbox over HTTP: the Web API, response_urls, Socket Mode, and what the page asks for."""

import asyncio
import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles

from bot.sandbox import page_state
from bot.sandbox.bodies import json_body, parsed, uploaded
from bot.sandbox.connections import Connections, NoAnswer
from bot.sandbox.consent_page import ConsentPages
from bot.sandbox.outage import Outage
from bot.sandbox.page_acts import perform
from bot.sandbox.page_faults import FaultsPage
from bot.sandbox.page_files import served_file
from bot.sandbox.page_tools import Tools
from bot.sandbox.person import Person
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.socket_door import SocketDoor
from bot.sandbox.stream import Stream


@dataclass(frozen=True)
class Routes:
    """`workers` run what waits for the app; the app's own calls must never wait behind them."""

    sandbox: Sandbox
    also: Sequence[Sandbox]
    """Other workspaces behind the same address: whoever shows a token shows which one is meant."""
    door: SocketDoor
    outage: Outage
    connections: Connections
    stream: Stream
    tools: Tools
    page_dir: Path
    workers: Executor

    def all(self) -> list[BaseRoute]:
        return [
            Route("/api/{method}", self.web_api, methods=["GET", "POST"]),
            Route("/respond/{path}", self.respond, methods=["POST"]),
            Route("/upload/v1/{ticket}", self.upload, methods=["POST"]),
            Route("/w/{team}/respond/{path}", self.respond, methods=["POST"]),
            Route("/w/{team}/upload/v1/{ticket}", self.upload, methods=["POST"]),
            *ConsentPages([self.sandbox, *self.also]).all(),
            WebSocketRoute("/link/", self.door.serve),
            Route("/", self.page),
            Mount("/page", StaticFiles(directory=self.page_dir)),
            *self.tools.all(),
            *FaultsPage(self.sandbox.faults, self.door, self.outage).all(),
            Route("/sandbox/state", self.state),
            Route("/sandbox/messages", self.messages),
            Route("/sandbox/files/{file}", self.file),
            Route("/sandbox/act", self.act, methods=["POST"]),
            Route("/sandbox/stream", self.events),
        ]

    async def web_api(self, request: Request) -> Response:
        self.connections.is_an_app(request.client)
        args = await _arguments(request)
        if isinstance(args, str):
            return JSONResponse({"ok": False, "error": args})
        args |= _client(request)
        token = _bearer(request) or args.pop("token", None)
        sandbox = self._meant(token, args)
        args |= {"token": token} if token and request.path_params["method"] == "oauth.v2.exchange" else {}
        answer = await sandbox.served_api(request.path_params["method"], args, token=token)
        if answer is None:
            return NoAnswer(self.connections)
        return JSONResponse(answer.body, answer.status, answer.headers)

    async def respond(self, request: Request) -> Response:
        body = parsed(await request.body())
        if isinstance(body, str):
            return PlainTextResponse("invalid_payload", 400)
        answer = await self._named(request).served_respond(request.path_params["path"], body)
        if answer is None:
            return NoAnswer(self.connections)
        return PlainTextResponse("ok" if answer.body["ok"] else json.dumps(answer.body), answer.status, answer.headers)

    async def upload(self, request: Request) -> Response:
        data = uploaded(request.headers.get("content-type", ""), await request.body())
        answer = await self._named(request).served_upload(request.path_params["ticket"], data)
        if answer is None:
            return NoAnswer(self.connections)
        said = f"OK - {len(data)}" if answer.body["ok"] else str(answer.body["error"])
        return PlainTextResponse(said, answer.status, answer.headers)

    async def file(self, request: Request) -> Response:
        return served_file(self.sandbox.workspace, request.path_params["file"])

    async def page(self, request: Request) -> Response:
        return FileResponse(self.page_dir / "index.html")

    async def state(self, request: Request) -> Response:
        person = self._person(request.query_params)
        return JSONResponse({**page_state.state(self.sandbox, person), **self.tools.state()})

    async def messages(self, request: Request) -> Response:
        person = self._person(request.query_params)
        channel, thread = request.query_params.get("channel", ""), request.query_params.get("thread")
        peek = request.query_params.get("peek") == "1"
        return JSONResponse({"messages": page_state.conversation(self.sandbox, person, channel, thread, peek=peek)})

    async def act(self, request: Request) -> Response:
        body = await json_body(request)
        person = self._person(body)
        loop = asyncio.get_running_loop()
        return JSONResponse(await loop.run_in_executor(self.workers, perform, person, body))

    async def events(self, request: Request) -> Response:
        person = self._person(request.query_params)
        headers = {"Cache-Control": "no-store"}
        return StreamingResponse(self.stream.events(person.id), headers=headers, media_type="text/event-stream")

    def _meant(self, token: str | None, args: Mapping[str, Any]) -> Sandbox:
        """By token, code or refresh token; of an organisation's also by the workspace that is named."""
        shown = token, str(args.get("code") or ""), str(args.get("refresh_token") or "")
        known = [each for each in (self.sandbox, *self.also) if each.workspace.tokens.recognises(*shown)]
        named = [each for each in known if each.team_id == args.get("team_id")]
        return (named or known or [self.sandbox])[0]

    def _named(self, request: Request) -> Sandbox:
        team = request.path_params.get("team")
        return next((each for each in self.also if each.team_id == team), self.sandbox)

    def _person(self, named: Mapping[str, Any]) -> Person:
        try:
            return self.sandbox.person(named.get("as", ""))
        except LookupError as unknown:
            raise HTTPException(404, str(unknown)) from None


async def _arguments(request: Request) -> dict[str, Any] | str:
    """Query, form or JSON; or Slack's word for what is wrong with it. A token in the address does not count."""
    if request.method == "GET":
        return {name: value for name, value in request.query_params.items() if name != "token"}
    body = await request.body()
    if not body:
        return {}
    if request.headers.get("content-type", "").startswith("application/json"):
        return parsed(body)
    try:
        return dict(parse_qsl(body.decode(), keep_blank_values=True))
    except UnicodeDecodeError:
        return "invalid_form_data"


def _client(request: Request) -> dict[str, str]:
    """An app shows its id and secret as a browser shows a name and a password."""
    scheme, _, shown = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return {}
    try:
        name, _, secret = base64.b64decode(shown, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return {}
    return {"client_id": name, "client_secret": secret}


def _bearer(request: Request) -> str | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token if scheme.lower() == "bearer" else None
