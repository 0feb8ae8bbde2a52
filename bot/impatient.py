"""A server lets nobody keep it waiting: neither with many connections nor with slow ones."""

import asyncio

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

FULL = b"HTTP/1.1 503 Service Unavailable\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Impatient(H11Protocol):
    """One more than `most` is sent away; who takes longer than `reading` for a request is hung up on."""

    most: int
    reading: float
    _hanging_up: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn does
        super().connection_made(transport)
        if len(self.connections) > self.most:
            transport.write(FULL)
            transport.close()
        else:
            self._begin_waiting()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self.conn.their_state not in (h11.IDLE, h11.SEND_BODY):
            self._end_waiting()
        elif self._hanging_up is None:
            self._begin_waiting()

    def connection_lost(self, exc: Exception | None) -> None:
        self._end_waiting()
        super().connection_lost(exc)

    def _begin_waiting(self) -> None:
        self._hanging_up = self.loop.call_later(self.reading, self.transport.abort)

    def _end_waiting(self) -> None:
        if self._hanging_up is not None:
            self._hanging_up.cancel()
            self._hanging_up = None


def impatient(most: int, reading: float) -> type[H11Protocol]:
    return type("Impatient", (Impatient,), {"most": most, "reading": reading})
