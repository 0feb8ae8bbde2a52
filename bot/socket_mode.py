"""Slack's door without a public address: the bot calls out, and payloads come over a socket."""

import logging
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from time import monotonic, perf_counter, sleep
from typing import Any

from slack_bolt import App, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.socket_mode.internals import run_bolt_app, send_response
from slack_sdk.socket_mode.builtin import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.config import Settings
from bot.gate import Gate
from bot.runtime import Runtime
from bot.socket_frames import read_frame_by_frame
from handlers.overload import turned_away
from handlers.shape import has_slacks_shape

GOODBYE = bytes([0x88, 0x80, 0, 0, 0, 0])
"""A frame that closes a WebSocket (RFC 6455, 5.5.1), masked as a client's is; slack_sdk has no call for it."""

logger = logging.getLogger(__name__)

RECEIVE_BUFFER = 65_536

PING = 3.0
"""Seconds: so often it is looked whether the socket still lives, and a dropped one is replaced."""

EVENT = "events_api"
"""Nobody waits for it, and what is left unanswered Slack only sends again."""

LOOK, FAREWELL = 0.002, 1.0
"""Seconds: how often it is looked whether nothing is under way, and until Slack has said goodbye, too."""


class SocketDoor:
    address = "Slack by Socket Mode"

    def __init__(self, app: App, runtime: Runtime, settings: Settings) -> None:
        self.gate = Gate(settings.worker_threads, settings.queue)
        self._handler = GatedHandler(
            app,
            settings.slack_app_token.get_secret_value(),
            gate=self.gate,
            runtime=runtime,
            web_client=runtime.slack,
            receive_buffer_size=RECEIVE_BUFFER,
            ping_interval=PING,
        )

    def take(self, client: SocketModeClient, envelope: SocketModeRequest) -> None:
        self._handler.handle(client, envelope)

    def open(self) -> None:
        self._handler.client.connect()

    def drain(self) -> None:
        """Slack knows no word for it: what comes is answered until the socket is closed."""

    def close(self, seconds: float = 10) -> bool:
        """At an instant at which nothing is under way. False where none came in time."""
        until = monotonic() + seconds
        self._handler.reconnects_no_more()
        is_empty = self._wait_until_quiet(until)
        self._handler.say_goodbye(min(until, monotonic() + FAREWELL))
        self._handler.client.close()
        self._handler.client.disconnect()  # a session that was being renewed while it closed
        return self.gate.close(until - monotonic()) and is_empty

    @property
    def is_open(self) -> bool:
        return bool(self._handler.client.is_connected())

    def _wait_until_quiet(self, until: float) -> bool:
        while monotonic() < until:
            if self.gate.wait_until_empty(until - monotonic()) and self._handler.has_read_all:
                return True
            sleep(LOOK)
        return False


class AtOnce(ThreadPoolExecutor):
    """slack_sdk's own pool has a queue without end; what comes is handed to the gate by the thread that reads it."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **named: Any) -> Future[Any]:
        fn(*args, **named)
        return Future()


class GatedHandler(SocketModeHandler):
    """What came over the socket passes the same gate as what comes over HTTP."""

    def __init__(self, app: App, app_token: str, *, gate: Gate, runtime: Runtime, **options: Any) -> None:
        super().__init__(app, app_token, concurrency=1, **options)
        read_frame_by_frame(self.client)
        self.client.message_workers.shutdown()
        self.client.message_workers = AtOnce()
        self._gate = gate
        self._runtime = runtime
        self._arrived, self._entered = 0, 0
        self.client.on_message_listeners.append(self._count)

    @property
    def has_read_all(self) -> bool:
        """What came over the socket has come to the gate."""
        return self._arrived == self._entered

    def reconnects_no_more(self) -> None:
        self.client.auto_reconnect_enabled = self.client.default_auto_reconnect_enabled = False

    def say_goodbye(self, until: float) -> None:
        """So that Slack sends the next to another socket; closed without a word, this one would get it in vain."""
        session = self.client.current_session
        if session is None or session.sock is None:
            return
        with suppress(OSError), session.sock_send_lock:
            session.sock.send(GOODBYE)
        while session.is_active() and monotonic() < until:
            sleep(LOOK)

    def _count(self, message: str) -> None:
        self._arrived += '"envelope_id"' in message

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # as in Bolt
        came_at = perf_counter()
        self._gate.enter(
            lambda: self._answer(client, req, came_at, lambda: self._dispatch(req)),
            None if req.type == EVENT else lambda: self._answer(client, req, came_at, lambda: self._turn_away(req)),
        )
        self._entered += 1

    def _answer(
        self, client: SocketModeClient, req: SocketModeRequest, came_at: float, find: Callable[[], BoltResponse]
    ) -> None:
        """What is not answered Slack tells whoever waits for it, and an event comes again."""
        tally = self._runtime.tally
        try:
            answer = find()
            send_response(client, req, answer, came_at)
            tally.count("answers", str(answer.status))
        except Exception:
            logger.exception("an envelope stayed without an answer")
            tally.count("answers", "none")
        tally.time("acknowledgement", seconds=perf_counter() - came_at)

    def _turn_away(self, req: SocketModeRequest) -> BoltResponse:
        self._runtime.tally.count("turned_away")
        return self._dispatch(req) if not has_slacks_shape(req.payload) else turned_away(req.payload, self._runtime)

    def _dispatch(self, req: SocketModeRequest) -> BoltResponse:
        """What has not Slack's shape is taken and passed over: unanswered, it would come again."""
        if has_slacks_shape(req.payload):
            answer: BoltResponse = run_bolt_app(self.app, req)
            return answer
        logger.warning("an envelope holds no payload of Slack's")
        return BoltResponse(status=200, body="")
