"""Socket Mode: payloads leave through one of the app's open sockets and are acknowledged on it."""

import asyncio
import json
import secrets
import uuid
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from bot.sandbox.answers import Json, NobodyListens
from bot.sandbox.connections import Connections
from bot.sandbox.courier import Retry
from bot.sandbox.state import EXAMPLE
from bot.slack_rules.limits import ACKNOWLEDGE_SECONDS

MOST_SOCKETS = 10
REFUSED = 1008
MOMENT = 0.2
"""Seconds between two looks whether a burst is answered."""
WARNED_AHEAD = 10.0
"""Seconds between Slack's warning and the end of a socket."""


@dataclass(eq=False)
class Link:
    """One open socket."""

    socket: WebSocket
    loop: asyncio.AbstractEventLoop
    is_warned: bool = False

    async def send(self, message: Json) -> None:
        await self.socket.send_text(json.dumps(message))

    async def send_all(self, messages: Iterable[Json]) -> None:
        for message in messages:
            await self.send(message)

    async def tell_end(self, reason: str, *, closing: bool = True) -> None:
        """An app that has hung up already need not be told."""
        if self.socket.application_state is not WebSocketState.CONNECTED:
            return
        with suppress(WebSocketDisconnect):
            await self.send({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})
            if closing:
                await self.socket.close()


class SocketDoor:
    """A `Deliver`: called in any thread, it waits there for the acknowledgement."""

    def __init__(self, address: Callable[[], str], connections: Connections) -> None:
        self._address = address
        self._connections = connections
        self._tickets: set[str] = set()
        self._links: deque[Link] = deque()
        self._unanswered: dict[str, Future[Json]] = {}
        self._counted: dict[str, int] = {}
        """How often each envelope of a burst was acknowledged."""

    def new_url(self) -> str:
        """What `apps.connections.open` answers; the ticket opens one socket."""
        ticket = secrets.token_urlsafe(24)
        self._tickets.add(ticket)
        return f"{self._address()}/link/?ticket={ticket}&app_id={EXAMPLE.app_id}"

    def __call__(self, kind: str, payload: Json, retry: Retry | None = None) -> Json | None:
        link = self._next_link()
        envelope_id = str(uuid.uuid4())
        answer: Future[Json] = Future()
        self._unanswered[envelope_id] = answer
        asyncio.run_coroutine_threadsafe(link.send(self._envelope(envelope_id, kind, payload, retry)), link.loop)
        try:
            return answer.result(ACKNOWLEDGE_SECONDS)
        except TimeoutError:
            return None
        finally:
            del self._unanswered[envelope_id]

    def burst(self, deliveries: Iterable[tuple[str, Json]], seconds: float) -> list[int]:
        """Back to back on one socket, without waiting for any. How often each was acknowledged in so many seconds."""
        link = self._next_link()
        envelopes = {name: self._envelope(name, *each, None) for each in deliveries if (name := str(uuid.uuid4()))}
        self._counted = dict.fromkeys(envelopes, 0)
        asyncio.run_coroutine_threadsafe(link.send_all(envelopes.values()), link.loop)
        until = monotonic() + seconds
        while not all(self._counted.values()) and monotonic() < until:
            sleep(MOMENT)
        sleep(MOMENT)  # for what is acknowledged once more
        counted, self._counted = self._counted, {}
        return list(counted.values())

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

    async def refresh(self, warned_ahead: float = 0) -> None:
        """Slack renews sockets every few hours: a warning, a while later the end. The app has to open new ones."""
        old = tuple(self._links)
        for link in old:
            link.is_warned = True
            await link.tell_end("warning", closing=False)
        await asyncio.sleep(warned_ahead)
        await self._disconnect(old, "refresh_requested")

    async def close(self) -> None:
        await self._disconnect(tuple(self._links), "link_disabled")

    async def drop(self) -> None:
        """The network fails: no socket lives, and no app is told."""
        for link in tuple(self._links):
            self._forget(link)
            self._connections.reset(link.socket.client)

    async def _disconnect(self, links: Iterable[Link], reason: str) -> None:
        for link in links:
            if link in self._links:
                self._forget(link)
                await link.tell_end(reason)

    def _next_link(self) -> Link:
        """Each payload goes to one socket, to each in its turn; to one that ends soon only if there is no other."""
        self._links.rotate(-1)
        links = tuple(self._links)
        lasting = next((link for link in links if not link.is_warned), None)
        if not links:
            raise NobodyListens("no socket is open")
        return lasting or links[0]

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
            "connection_info": {"app_id": EXAMPLE.app_id},
        }

    def _envelope(self, envelope_id: str, kind: str, payload: Json, retry: Retry | None) -> Json:
        is_event = kind == "events_api"
        envelope: dict[str, Any] = {"envelope_id": envelope_id, "type": kind, "payload": payload}
        envelope["accepts_response_payload"] = not is_event
        if is_event:
            # On a socket Slack knows one reason only.
            envelope |= {"retry_attempt": retry.number if retry else 0, "retry_reason": "timeout" if retry else ""}
        return envelope

    def _take(self, text: str) -> None:
        """An acknowledgement; what comes too late or unasked is dropped, as Slack does."""
        message = json.loads(text)
        envelope_id = message.get("envelope_id", "")
        if envelope_id in self._counted:
            self._counted[envelope_id] += 1
        answer = self._unanswered.get(envelope_id)
        if answer is not None and not answer.done():
            payload = message.get("payload")
            answer.set_result(payload if isinstance(payload, dict) else {})
