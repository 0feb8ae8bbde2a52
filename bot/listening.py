"""Hearing at once what another process queued: one small connection to PostgreSQL, which mends itself."""

import logging
import selectors
import socket
import threading
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import make_url

if TYPE_CHECKING:
    from psycopg import Connection

logger = logging.getLogger(__name__)

CHANNEL = "stationmaster_outbox"
"""The outbox's trigger calls it, in the transaction that queued: what is undone wakes nobody."""

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
"""Seconds until it is tried to connect again."""

LOOK = 30.0
"""Seconds without a word after which it is asked whether the other end is still there."""


class Listener:
    def __init__(self, url: str, *, heard: Callable[[], None]) -> None:
        self._address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._heard = heard
        self._stopping = threading.Event()
        self._ring: Callable[[], object] = lambda: None
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self.is_connected = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._ring()
        if self._thread.is_alive():
            self._thread.join(timeout=10)

    def _run(self) -> None:
        button, bell = socket.socketpair()
        with button, bell:
            self._ring = partial(button.send, b"x")
            self._listen_until_stopped(bell)
            self._ring = lambda: None

    def _listen_until_stopped(self, bell: socket.socket) -> None:
        import psycopg

        pause = FIRST_PAUSE
        while not self._stopping.is_set():
            try:
                with psycopg.connect(self._address, autocommit=True, connect_timeout=5) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self.is_connected, pause = True, FIRST_PAUSE
                    self._heard()  # what was queued while nobody listened
                    self._listen(connection, bell)
            except (psycopg.Error, OSError) as problem:
                logger.info("not told of what other processes queue (%s); the tick finds it meanwhile", problem)
            self.is_connected = False
            self._stopping.wait(pause)
            pause = min(LONGEST_PAUSE, pause * 2)

    def _listen(self, connection: "Connection", bell: socket.socket) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(bell, selectors.EVENT_READ)
            while not self._stopping.is_set():
                if not selector.select(LOOK):
                    connection.execute("SELECT 1")
                if any(connection.notifies(timeout=0)):
                    self._heard()
