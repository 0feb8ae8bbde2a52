"""The load generator: kept-open connections over loopback, each sending its next request when it has its answer."""

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

END_OF_HEADERS = b"\r\n\r\n"
LENGTH = b"content-length: "

Check = Callable[[bytes], bool]
"""Whether an answer is one that was hoped for."""


@dataclass(frozen=True)
class Load:
    seconds: float
    latencies: list[float]

    @property
    def per_second(self) -> float:
        return len(self.latencies) / self.seconds


class Refused(Exception):
    """An answer that was not the acknowledgement: what was measured would be worth nothing."""


def send(port: int, requests: Sequence[bytes], *, at_once: int, accepts: Check | None = None) -> Load:
    return asyncio.run(_send(port, requests, at_once, accepts or is_acknowledgement))


async def _send(port: int, requests: Sequence[bytes], at_once: int, accepts: Check) -> Load:
    loop = asyncio.get_running_loop()
    waiting, latencies = iter(requests), list[float]()

    def connect() -> Connection:
        return Connection(waiting, latencies, loop.create_future(), accepts)

    connections = [(await loop.create_connection(connect, "127.0.0.1", port))[1] for _ in range(at_once)]
    began = perf_counter()
    for connection in connections:
        connection.send_next()
    await asyncio.gather(*(connection.done for connection in connections))
    return Load(perf_counter() - began, latencies)


class Connection(asyncio.Protocol):
    def __init__(
        self, waiting: Iterator[bytes], latencies: list[float], done: asyncio.Future[None], accepts: Check
    ) -> None:
        self.done = done
        self._accepts = accepts
        self._waiting = waiting
        self._latencies = latencies
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def send_next(self) -> None:
        request = next(self._waiting, None)
        if request is None:
            self._finish(None)
            return
        self._sent_at = perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if not is_whole(self._received):
            return
        self._latencies.append(perf_counter() - self._sent_at)
        answer, self._received = self._received, b""
        if self._accepts(answer):
            self.send_next()
        else:
            self._finish(Refused(answer.decode(errors="replace")))

    def connection_lost(self, error: Exception | None) -> None:
        self._finish(error or Refused("the connection was closed before the answer came"))

    def _finish(self, error: Exception | None) -> None:
        if self.done.done():
            return
        if error is None:
            self.done.set_result(None)
        else:
            self.done.set_exception(error)
        self._transport.close()


def is_whole(answer: bytes) -> bool:
    headers, end, body = answer.partition(END_OF_HEADERS)
    return bool(end) and len(body) >= _length(headers)


def is_acknowledgement(answer: bytes) -> bool:
    """200 and nothing said: neither a refused signature nor a form's errors."""
    return is_success(answer) and answer.endswith(END_OF_HEADERS)


def is_success(answer: bytes) -> bool:
    return answer.startswith(b"HTTP/1.1 200 ")


def _length(headers: bytes) -> int:
    _, _, rest = headers.lower().partition(LENGTH)
    return int(rest.partition(b"\r\n")[0] or 0)
