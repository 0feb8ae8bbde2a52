"""A relay before a server that counts round trips as they travel: how often the client speaks after an answer."""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

CHUNK = 65_536


class Relay:
    """Of every connection: a turn begins with the first bytes that the client sends after the server has spoken."""

    def __init__(self, to: int) -> None:
        self.turns = 0
        self._to = to
        self._door = socket.create_server(("127.0.0.1", 0))
        self._lines: list[threading.Thread] = []
        self.port: int = self._door.getsockname()[1]

    def serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._door.accept()
                line = threading.Thread(target=self._carry, args=(client,), daemon=True)
                self._lines.append(line)
                line.start()

    def close(self) -> None:
        """The connections are at their end."""
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()
        for line in self._lines:
            line.join(timeout=10)

    def _carry(self, client: socket.socket) -> None:
        was_answered = True
        with client, socket.create_connection(("127.0.0.1", self._to)) as server, selectors.DefaultSelector() as ready:
            for side in (server, client):
                side.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                ready.register(side, selectors.EVENT_READ)
            while True:
                for side in (key.fileobj for key, _ in ready.select()):
                    assert isinstance(side, socket.socket)
                    data = _said(side)
                    if not data:
                        return
                    self.turns += side is client and was_answered
                    was_answered = side is server
                    (server if side is client else client).sendall(data)


def _said(by: socket.socket) -> bytes:
    with suppress(ConnectionError):
        return by.recv(CHUNK)
    return b""


@contextmanager
def relay(to: int) -> Iterator[Relay]:
    made = Relay(to)
    serving = threading.Thread(target=made.serve, daemon=True)
    serving.start()
    try:
        yield made
    finally:
        made.close()
        serving.join(timeout=10)
