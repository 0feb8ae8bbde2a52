"""The sandbox as a server on this machine, in a background thread."""

import asyncio
import contextlib
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from bot.sandbox.connections import Connections
from bot.sandbox.guard import Guard
from bot.sandbox.http_door import HttpDoor
from bot.sandbox.listening import Listening
from bot.sandbox.masking import Mask
from bot.sandbox.outage import Outage
from bot.sandbox.page_tools import Tools
from bot.sandbox.play import ClockControls, Player
from bot.sandbox.routes import Routes
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.socket_door import SocketDoor
from bot.sandbox.stream import Stream
from bot.sandbox.traffic_rows import TrafficRows

PEOPLE_ACTING_AT_ONCE = 64
TICK_SECONDS = 0.5
START_SECONDS = 10
LINES_STAY_OPEN = 75
"""Seconds after an answer: an app may ask again over the same connection, as it may with Slack."""


class SandboxServer:
    def __init__(
        self,
        sandbox: Sandbox,
        *,
        page_dir: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        controls: ClockControls | None = None,
        also: Sequence[Sandbox] = (),
    ) -> None:
        """Without `controls`, as with an app in another process, the clock can be jumped at most, not played.

        `also` are other workspaces at the same address; the page shows the first one.
        """
        self._also = also
        self._sandbox = sandbox
        self._listening = Listening(host, port)
        self._address = f"{host}:{self._listening.port}"
        self._connections = Connections()
        self.door = SocketDoor(lambda: f"ws://{self._address}", self._connections)
        self._outage = Outage(self._listening, self._connections, self.door)
        self._http_door: HttpDoor | None = None
        self._stream = Stream(sandbox)
        self._player = Player(sandbox.clock, controls, self._tell_clock)
        secrets_known = (sandbox.bot_token, sandbox.app_token, sandbox.signing_secret)
        traffic = TrafficRows(sandbox.workspace.traffic, Mask(secrets_known))
        self._tools = Tools(self._player, traffic, sandbox.faults)
        self._workers = ThreadPoolExecutor(PEOPLE_ACTING_AT_ONCE, thread_name_prefix="sandbox-person")
        self._routes = Routes(
            sandbox,
            also,
            self.door,
            self._outage,
            self._connections,
            self._stream,
            self._tools,
            page_dir,
            self._workers,
        )
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-server", daemon=True)
        sandbox.workspace.base_url = self.url
        sandbox.workspace.open_socket = self.door.new_url
        sandbox.deliver = self.door
        for other in also:
            other.workspace.base_url = f"{self.url}/w/{other.team_id}"

    @property
    def url(self) -> str:
        return f"http://{self._address}"

    def start(self) -> None:
        self._thread.start()
        if not self._started.wait(START_SECONDS):
            raise RuntimeError("the sandbox's server did not start")

    def stop(self) -> None:
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._wind_down(), self._loop).result()
            self._thread.join()
        self._workers.shutdown()
        if self._http_door:
            self._http_door.close()
        self._listening.close()

    def deliver_to(self, address: str, real_now: Callable[[], datetime]) -> bool:
        """From now on payloads are posted to this address; False when nobody there answers as Slack's apps do."""
        door = HttpDoor(address, self._sandbox.signing_secret, real_now)
        if not door.verify(secrets.token_urlsafe(24)):
            door.close()
            return False
        if self._http_door:
            self._http_door.close()
        self._http_door = door
        for sandbox in (self._sandbox, *self._also):
            sandbox.deliver = door
        return True

    def renew_sockets(self, warned_ahead: float = 0) -> None:
        """What Slack does every few hours; the app has to reconnect."""
        asyncio.run_coroutine_threadsafe(self.door.refresh(warned_ahead), self._loop).result()

    def drop_sockets(self) -> None:
        """They break without a word."""
        asyncio.run_coroutine_threadsafe(self.door.drop(), self._loop).result()

    def refuse_connections(self) -> None:
        """Until they are taken again nobody reaches Slack."""
        asyncio.run_coroutine_threadsafe(self._outage.begin(), self._loop).result()

    def take_connections(self) -> None:
        asyncio.run_coroutine_threadsafe(self._outage.end(), self._loop).result()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        app = Starlette(
            routes=self._routes.all(), lifespan=self._lifespan, exception_handlers={ClientDisconnect: _to_nobody}
        )
        config = uvicorn.Config(
            Guard(app, self._listening.port),
            ws="websockets-sansio",
            log_config=None,
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=5,
            timeout_keep_alive=LINES_STAY_OPEN,
        )
        self._server = self._connections.server = uvicorn.Server(config)
        await self._listening.serve(self._server)

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(self._tick())
        self._started.set()
        yield
        ticking.cancel()

    async def _tick(self) -> None:
        """Events nobody took come again when they are due. Pages see the clock move while it plays, and how much
        traffic there was: so often and no more, however much it is."""
        told = self._tools.news()
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await run_in_threadpool(self._sandbox.redeliver_events, only_due=True)
            if self._player.is_moving:
                self._tell_clock()
            await run_in_threadpool(self._stream.tell_unread)
            news = self._tools.news()
            if news != told:
                self._stream.tell_all({"type": "traffic", **news})
                told = news

    async def _wind_down(self) -> None:
        self._stream.close()
        self._sandbox.faults.end_pauses()
        await self.door.close()
        self._server.should_exit = True

    def _tell_clock(self) -> None:
        self._stream.tell_all({"type": "clock", **self._player.state()})


async def _to_nobody(request: Request, problem: Exception) -> Response:
    """Who asked was gone before all of the question had come."""
    return Response(status_code=499)
