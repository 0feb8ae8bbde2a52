"""A server that answers calls to Slack with whatever a test wants: what no sandbox of ours would say."""

import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answers = Mapping[str, Mapping[str, Any] | str]
"""By method: what is answered, as JSON; or text, as a sign-in page would be."""


class Handler(BaseHTTPRequestHandler):
    answers: Answers
    headers_sent: Mapping[str, str]
    tells_time: bool

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self._answer()

    def _answer(self) -> None:
        method = self.path.partition("?")[0].rpartition("/")[2]
        answer = self.answers.get(method, {"ok": False, "error": "unknown_method"})
        self.send_response_only(200)
        if self.tells_time:
            self.send_header("Date", self.date_time_string())
        for name, value in self.headers_sent.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write((answer if isinstance(answer, str) else json.dumps(answer)).encode())

    def log_message(self, format: str, *args: Any) -> None:
        """Tests read what the doctor says, not this server."""


@contextmanager
def scripted_slack(
    answers: Answers, *, headers: Mapping[str, str] | None = None, tells_time: bool = True
) -> Iterator[str]:
    """The address to give as SLACK_API_URL."""
    kind = type("Scripted", (Handler,), {"answers": answers, "headers_sent": headers or {}, "tells_time": tells_time})
    with ThreadingHTTPServer(("127.0.0.1", 0), kind) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/api/"
        server.shutdown()
        thread.join()
