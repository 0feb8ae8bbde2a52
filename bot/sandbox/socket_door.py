"""Socket Mode: payloads leave through one of the app's open sockets and are acknowledged on it."""

import asyncio
import json
import secrets
import uuid
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect

from bot.sandbox.answers import Json, NobodyListens
from bot.sandbox.state import APP_ID
from bot.slack_rules.limits import ACKNOWLEDGE_SECONDS

MOST_SOCKETS = 10
REFUSED = 1008


@dataclass(eq=False)
class Link:
    """One open socket."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop

    async def send(self, message: Json) -> None:
        await self.socket.send_text(json.dumps(message))


class SocketDoor:
    """A `Deliver`: called in any thread, it waits there for the acknowledgement."""

    def __init__(self, address: Callable[[], str]) -> None:
        self._address = address
        self._tickets: set[str] = set()
        self._links: deque[Link] = deque()
        self._unanswered: dict[str, Future[Json]] = {}
        self._deliveries: Counter[str] = Counter()

    def new_url(self) -> str:
        """What `apps.connections.open` answers; the ticket opens one socket."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return f"{self._address()}/link/?ticket={ticket}&app_id={APP_ID}"

    def __call__(self, kind: str, payload: Json) -> Json | None:
        link = self._next_link()
        envelope_id = str(uuid.uuid4())
        answer: Future[Json] = Future()
        self._unanswered[envelope_id] = answer
        asyncio.run_coroutine_threadsafe(link.send(self._envelope(envelope_id, kind, payload)), link.loop)
        try:
            return answer.result(ACKNOWLEDGE_SECONDS)
        except TimeoutError:
            return None
        finally:
            del self._unanswered[envelope_id]

    async def serve(self, socket: WebSocket) -> None:
        if not self._may_open(socket):
            await socket.close(REFUSED)
            return
        await socket.accept()
        link = Link(socket, asyncio.get_running_loop())
        self._links.append(link)
        try:
            await link.send(self._hello(socket))
            while True:
                self._take(await socket.receive_text())
        except WebSocketDisconnect:
            return
        finally:
            self._forget(link)

    async def refresh(self) -> None:
        """Slack renews sockets every few hours: a warning, then the app has to open new ones."""
        await self._disconnect("warning", "refresh_requested")

    async def close(self) -> None:
        await self._disconnect("link_disabled")

    async def _disconnect(self, *reasons: str) -> None:
        for link in tuple(self._links):
            self._forget(link)
            for reason in reasons:
                await link.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            await link.socket.close()

    def _next_link(self) -> Link:
        """Each payload goes to one socket, to each in its turn."""
        try:
            self._links.rotate(-1)
            return self._links[0]
        except IndexError:
            raise NobodyListens("no socket is open") from None

    def _may_open(self, socket: WebSocket) -> bool:
        ticket = socket.query_params.get("ticket", "")
        if ticket not in self._tickets or len(self._links) >= MOST_SOCKETS:
            return False
        self._tickets.remove(ticket)
        return True

    def _forget(self, link: Link) -> None:
        if link in self._links:
            self._links.remove(link)

    def _hello(self, socket: WebSocket) -> Json:
        debug = {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18_060}
        number = len(self._links)
        return {
            "type": "hello",
            "num_connections": number,
            "debug_info": debug,
            "connection_info": {"app_id": APP_ID},
        }

    def _envelope(self, envelope_id: str, kind: str, payload: Json) -> Json:
        is_event = kind == "events_api"
        envelope: dict[str, Any] = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = not is_event
        if is_event:
            event_id = payload["event_id"]
            repeated = self._deliveries[event_id]
            self._deliveries[event_id] += 1
            envelope |= {"retry_attempt": repeated, "retry_reason": "timeout" if repeated else ""}
        return envelope

    def _take(self, text: str) -> None:
        """An acknowledgement; what comes too late or unasked is dropped, as Slack does."""
        message = json.loads(text)
        answer = self._unanswered.get(message.get("envelope_id", ""))
        if answer is not None and not answer.done():
            payload = message.get("payload")
            answer.set_result(payload if isinstance(payload, dict) else {})
