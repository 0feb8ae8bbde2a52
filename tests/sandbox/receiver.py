"""An app's request URL: remembers what was posted to it, and answers what the test tells it to."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from slack_sdk.signature import SignatureVerifier


@dataclass(frozen=True)
class Posted:
    path: str
    headers: dict[str, str]
    body: str
    line: tuple[str, int]
    """The address at the other end: the same for requests on one connection."""

    def is_signed_with(self, secret: str) -> bool:
        return SignatureVerifier(secret).is_valid_request(self.body, self.headers)


@dataclass(frozen=True)
class Says:
    status: int = 200
    body: str = ""
    headers: dict[str, str] = field(default_factory=dict)


Reaction = Callable[[Posted], Says]


class Receiver:
    def __init__(self, address: str) -> None:
        self.address = address
        self.got: list[Posted] = []
        self.reaction: Reaction = lambda posted: Says()

    def says(self, body: str = "", *, status: int = 200, **headers: str) -> None:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.reaction = lambda posted: Says(status, body, named)

    def react(self, posted: Posted) -> Says:
        self.got.append(posted)
        return self.reaction(posted)

    @property
    def last(self) -> Posted:
        return self.got[-1]


@contextmanager
def receiving() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = receiver.react(Posted(self.path, dict(self.headers.items()), body, self.client_address))
            if not said.status:
                self.close_connection = True
                return
            self.send_response(said.status)
            for name, value in ({"Content-Type": "text/plain"} | said.headers).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body.encode())))
            self.end_headers()
            self.wfile.write(said.body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Not on the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True  # closing waits for no connection that the other side keeps open
    receiver = Receiver(f"http://127.0.0.1:{server.server_port}/slack/events")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield receiver
    server.shutdown()
    thread.join()
    server.server_close()
