"""A relay before a server that counts round trips as they travel: how often the client speaks after an answer."""

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
        self.port: int = self._door.getsockname()[1]

    def serve(self) -> None:
        with suppress(OSError):  # closed
            while True:
                client, _ = self._door.accept()
                server = socket.create_connection(("127.0.0.1", self._to))
                for each in (client, server):
                    each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                _Line(self, client, server).open()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._door.close()


class _Line:
    def __init__(self, relay: Relay, client: socket.socket, server: socket.socket) -> None:
        self._relay = relay
        self._client, self._server = client, server
        self._was_answered = True

    def open(self) -> None:
        for carry in (self._ask, self._answer):
            threading.Thread(target=carry, daemon=True).start()

    def _ask(self) -> None:
        for data in _said(self._client):
            if self._was_answered:
                self._was_answered = False
                self._relay.turns += 1
            self._server.sendall(data)
        self._end()

    def _answer(self) -> None:
        for data in _said(self._server):
            self._was_answered = True
            self._client.sendall(data)
        self._end()

    def _end(self) -> None:
        for each in (self._client, self._server):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def _said(by: socket.socket) -> Iterator[bytes]:
    with suppress(OSError):
        while data := by.recv(CHUNK):
            yield data


@contextmanager
def relay(to: int) -> Iterator[Relay]:
    made = Relay(to)
    threading.Thread(target=made.serve, daemon=True).start()
    try:
        yield made
    finally:
        made.close()
