"""Connections to the app that stay open between requests, one for each request under way."""

import select
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPSConnection
from urllib.parse import SplitResult, urlsplit


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    """Their names are lower case."""
    body: bytes


class Lines:
    def __init__(self) -> None:
        self._idle: dict[str, list[HTTPConnection]] = {}
        self._lock = threading.Lock()

    def post(self, address: str, body: bytes, headers: Mapping[str, str], deadline: float) -> Reply:
        """`deadline` in monotonic seconds; TimeoutError when it is reached, OSError when the line breaks."""
        parts = urlsplit(address)
        line = self._take(parts)
        try:
            reply = _talk(line, _path(parts), body, headers, deadline)
        except BaseException:
            line.close()
            raise
        with self._lock:
            self._idle.setdefault(parts.netloc, []).append(line)
        return reply

    def close(self) -> None:
        with self._lock:
            lines = [line for idle in self._idle.values() for line in idle]
            self._idle = {}
        for line in lines:
            line.close()

    def _take(self, parts: SplitResult) -> HTTPConnection:
        """One that is open, if the app has not hung up meanwhile: then nothing need be sent twice."""
        with self._lock:
            idle = self._idle.get(parts.netloc)
            line = idle.pop() if idle else None
        if line is None:
            kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
            return kind(parts.hostname or "", parts.port)
        if line.sock is not None and _has_news(line):
            line.close()
        return line


def _talk(line: HTTPConnection, path: str, body: bytes, headers: Mapping[str, str], deadline: float) -> Reply:
    _allow(line, deadline)
    line.request("POST", path, body, dict(headers))
    _allow(line, deadline)
    response = line.getresponse()
    named = {name.lower(): value for name, value in response.getheaders()}
    return Reply(response.status, named, response.read())


def _allow(line: HTTPConnection, deadline: float) -> None:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    line.timeout = left
    if line.sock is not None:
        line.sock.settimeout(left)


def _has_news(line: HTTPConnection) -> bool:
    """On a line where nothing was asked, anything to read means that the other side ended it."""
    poll = select.poll()
    poll.register(line.sock, select.POLLIN)
    return bool(poll.poll(0))


def _path(parts: SplitResult) -> str:
    return parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
