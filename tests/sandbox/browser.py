"""A browser's requests, without the browser."""

import json
import threading
from collections.abc import Callable
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


def parsed(response: HTTPResponse) -> Any:
    text = response.read().decode()
    is_json = response.getheader("content-type", "").startswith("application/json")
    return json.loads(text) if is_json else text


def wait_until(condition: Callable[[], bool]) -> None:
    pause = threading.Event()
    assert any(condition() or pause.wait(0.1) for _ in range(100))
