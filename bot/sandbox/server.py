"""The sandbox as a server on this machine, in a background thread."""

import asyncio
import contextlib
import socket
import threading
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import uvicorn
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool

from bot.sandbox.guard import Guard
from bot.sandbox.play import Play, Player
from bot.sandbox.routes import Routes
from bot.sandbox.sandbox import Sandbox
from bot.sandbox.socket_door import SocketDoor
from bot.sandbox.stream import Stream

PEOPLE_ACTING_AT_ONCE = 64
TICK_SECONDS = 0.5
START_SECONDS = 10


class SandboxServer:
    def __init__(
        self,
        sandbox: Sandbox,
        *,
        page_dir: Path,
        host: str = "127.0.0.1",
        port: int = 0,
        play: Play | None = None,
    ) -> None:
        """`play(seconds)` moves the sandbox's clock and returns when everything due on the way was done."""
        self._sandbox = sandbox
        self._socket = socket.create_server((host, port))
        self._address = f"{host}:{self._socket.getsockname()[1]}"
        self.door = SocketDoor(lambda: f"ws://{self._address}")
        self._stream = Stream(sandbox)
        self._player = Player(play, self._tell_clock) if play else None
        self._workers = ThreadPoolExecutor(PEOPLE_ACTING_AT_ONCE, thread_name_prefix="sandbox-person")
        self._routes = Routes(sandbox, self.door, self._stream, self._player, page_dir, self._workers)
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox-server", daemon=True)
        sandbox.workspace.base_url = self.url
        sandbox.workspace.open_socket = self.door.new_url
        sandbox.deliver = self.door

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
        self._socket.close()

    def renew_sockets(self) -> None:
        """What Slack does every few hours; the app has to reconnect."""
        asyncio.run_coroutine_threadsafe(self.door.refresh(), self._loop).result()

    def tell_progress(self, note: str) -> None:
        """What the page says beside the clock while it plays."""
        if self._player:
            self._player.note = note
            self._tell_clock()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        app = Starlette(routes=self._routes.all(), lifespan=self._lifespan)
        config = uvicorn.Config(
            Guard(app, self._socket.getsockname()[1]),
            ws="websockets-sansio",
            log_config=None,
            log_level="error",
            access_log=False,
            timeout_graceful_shutdown=5,
        )
        self._server = uvicorn.Server(config)
        await self._server.serve(sockets=[self._socket])

    @contextlib.asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        ticking = asyncio.create_task(self._tick())
        self._started.set()
        yield
        ticking.cancel()

    async def _tick(self) -> None:
        """Events nobody took come again when they are due; while the clock plays, the page sees it move."""
        while True:
            await asyncio.sleep(TICK_SECONDS)
            await run_in_threadpool(self._sandbox.redeliver_events, only_due=True)
            if self._player and self._player.is_playing:
                self._tell_clock()

    async def _wind_down(self) -> None:
        self._stream.close()
        await self.door.close()
        self._server.should_exit = True

    def _tell_clock(self) -> None:
        note = self._player.note if self._player else ""
        self._stream.tell_all({"type": "clock", **self._routes.clock_state(), "note": note})
