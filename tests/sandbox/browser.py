"""A browser's requests, without the browser."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPResponse
from typing import Any

Json = dict[str, Any]


class Page:
    """The page's browser: one request at a time, with the headers a browser sends."""

    def __init__(self, url: str) -> None:
        self.host = url.removeprefix("http://")
        self.origin = url

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        with connected(self.host) as connection:
            sent = {"Host": self.host, "Origin": self.origin, **headers}
            connection.request(method, path, json.dumps(body) if body is not None else None, sent)
            response = connection.getresponse()
            return response.status, parsed(response)

    def gets(self, path: str) -> Any:
        return self.ask("GET", path)[1]

    def acts(self, user: str, do: str, **more: Any) -> Json:
        status, answer = self.ask("POST", "/sandbox/act", {"as": user, "do": do, **more})
        assert status == 200
        return dict(answer)


class connected:
    def __init__(self, host: str) -> None:
        self.connection = HTTPConnection(host, timeout=10)

    def __enter__(self) -> HTTPConnection:
        return self.connection

    def __exit__(self, *error: object) -> None:
        self.connection.close()


class Stream:
    """What a page hears while it is open."""

    def __init__(self, response: HTTPResponse) -> None:
        self._response = response
        assert response.readline() == b": connected\n"

    def next(self) -> Json:
        """The next thing that happened; numbers of unread messages and of traffic are told beside it, now and then."""
        return self._next(lambda news: news["type"] not in ("unread", "traffic"))

    def next_of(self, kind: str) -> Json:
        return self._next(lambda news: news["type"] == kind)

    def ends(self) -> bool:
        return self._response.read() == b"\n"

    def _next(self, is_wanted: Callable[[Json], bool]) -> Json:
        while True:
            line = self._response.readline()
            assert line, "the stream ended"
            if line.startswith(b"data: ") and is_wanted(news := json.loads(line.removeprefix(b"data: "))):
                return dict(news)


@contextmanager
def listening(page: Page, user: str) -> Iterator[Stream]:
    with connected(page.host) as connection:
        connection.request("GET", f"/sandbox/stream?as={user}")
        yield Stream(connection.getresponse())


def parsed(response: HTTPResponse) -> Any:
    text = response.read().decode()
    is_json = response.getheader("content-type", "").startswith("application/json")
    return json.loads(text) if is_json else text


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    assert any(condition() or pause.wait(0.1) for _ in range(100))


class Doing:
    """Something that is under way in a thread of its own."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.result: object = None
        self._act = act
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        self.result = self._act()

    def is_over(self) -> bool:
        return not self._thread.is_alive()

    def ends(self) -> object:
        self._thread.join(10)
        assert self.is_over()
        return self.result
