"""Connections to Slack stay open, and of each call that fails it is known whether Slack can have seen it."""

import json
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.errors import Unreached
from bot.jobs.outcome import never_left, refusal
from bot.slack_client import Connections, SlackClient
from bot.slack_lines import Lines
from tests.ports import free_port
from tests.tls import make_certificate, serving, trusting

Way = Callable[["Answering"], None]
"""How the server treats one call that it has read."""


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: "SlackByTls"

    def setup(self) -> None:
        super().setup()
        self.server.connections += 1

    def do_POST(self) -> None:
        self.body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.tokens.append(self.headers["Authorization"])
        way = self.server.ways.pop(0) if self.server.ways else says
        way(self)

    def do_CONNECT(self) -> None:
        self.server.tunnels.append((self.path, self.headers.get("Proxy-Authorization")))
        self.send_error(403)

    def log_message(self, format: str, *args: object) -> None:
        """Not on the test's output."""


class SlackByTls(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, context: ssl.SSLContext | None) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.connections = 0
        self.tokens: list[str] = []
        self.tunnels: list[tuple[str, str | None]] = []
        self.ways: list[Way] = []
        self.context = context
        self.hung_up = threading.Event()

    def get_request(self) -> tuple[socket.socket, tuple[str, int]]:
        line, address = self.socket.accept()
        return (self.context.wrap_socket(line, server_side=True) if self.context else line), address

    def shutdown_request(self, request: Any) -> None:
        super().shutdown_request(request)
        self.hung_up.set()

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no trouble."""


def says(call: Answering, status: int = 200, headers: tuple[str, str] | None = None, **answer: object) -> None:
    body = json.dumps(answer or {"ok": True}).encode()
    call.send_response(status)
    call.send_header("Content-Type", "application/json")
    call.send_header("Content-Length", str(len(body)))
    if headers:
        call.send_header(*headers)
    call.end_headers()
    call.wfile.write(body)


def hangs_up(call: Answering) -> None:
    call.close_connection = True


def says_and_hangs_up(call: Answering) -> None:
    says(call)
    call.close_connection = True


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_certificate(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def slack(certificate: Path) -> Iterator[SlackByTls]:
    yield from running(SlackByTls(serving(certificate)))


@pytest.fixture
def proxy() -> Iterator[SlackByTls]:
    yield from running(SlackByTls(None))


def running(server: SlackByTls) -> Iterator[SlackByTls]:
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def seen() -> list[tuple[str, str]]:
    return []


@pytest.fixture
def connections(certificate: Path, seen: list[tuple[str, str]]) -> Connections:
    def note(method: str, result: str, seconds: float) -> None:
        assert seconds > 0
        seen.append((method, result))

    return Connections(trusting(certificate), on_call=note)


@pytest.fixture
def client(slack: SlackByTls, connections: Connections) -> SlackClient:
    return SlackClient("xoxb-1", f"https://localhost:{slack.server_port}/api/", connections)


def test_one_connection_serves_one_call_after_another_whoever_speaks(slack, client, connections, seen):
    for _ in range(3):
        client.chat_postMessage(channel="C1", text="words")
    SlackClient("xoxb-2", client.base_url, connections).auth_test()
    assert slack.connections == 1
    assert slack.tokens == ["Bearer xoxb-1"] * 3 + ["Bearer xoxb-2"]
    assert seen == [("chat.postMessage", "ok")] * 3 + [("auth.test", "ok")]


def test_each_thread_gets_its_own_answer(slack, client):
    def echo(call: Answering) -> None:
        says(call, ok=True, channel=json.loads(call.body)["channel"])

    slack.ways = [echo] * 200
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(lambda number: client.chat_postMessage(channel=f"C{number}", text="-"), range(200))
        assert [answer["channel"] for answer in answers] == [f"C{number}" for number in range(200)]
    assert slack.connections <= 8


def test_a_connection_that_slack_has_ended_is_opened_anew(slack, client):
    slack.ways = [says_and_hangs_up]
    client.auth_test()
    assert slack.hung_up.wait(10)
    client.auth_test()
    assert (slack.connections, len(slack.tokens)) == (2, 2)


def test_a_connection_that_slack_may_be_about_to_end_is_opened_anew(slack, client, connections):
    connections.lines = Lines(connections.context, idle=0.0)
    for _ in range(2):
        client.auth_test()
    assert slack.connections == 2


def test_a_call_that_slack_read_and_did_not_answer_is_not_sent_again(slack, client, seen):
    client.auth_test()
    slack.ways = [hangs_up]
    with pytest.raises(OSError) as caught:
        client.chat_postMessage(channel="C1", text="words")
    assert not never_left(caught.value)
    assert len(slack.tokens) == 2, "the first, and the second once"
    assert seen[-1] == ("chat.postMessage", "no_answer")


def test_an_answer_that_does_not_come_in_time_is_unknown(slack, client, seen):
    done = threading.Event()
    slack.ways = [lambda call: done.wait() and None]
    client.timeout = 0.1
    with pytest.raises(TimeoutError) as caught:
        client.chat_postMessage(channel="C1", text="words")
    done.set()
    assert not never_left(caught.value)
    assert seen == [("chat.postMessage", "no_answer")]


def test_where_nobody_listens_slack_has_seen_nothing(seen):
    connections = Connections(on_call=lambda method, result, seconds: seen.append((method, result)))
    client = SlackClient("xoxb-1", f"http://127.0.0.1:{free_port()}/api/", connections)
    with pytest.raises(Unreached) as caught:
        client.auth_test()
    assert never_left(caught.value)
    assert isinstance(caught.value.reason, ConnectionRefusedError)
    assert seen == [("auth.test", "unreached")]


def test_who_does_not_show_slacks_certificate_is_told_nothing(slack):
    stranger = SlackClient(
        "xoxb-1", f"https://localhost:{slack.server_port}/api/", Connections(ssl.create_default_context())
    )
    with pytest.raises(Unreached) as caught:
        stranger.auth_test()
    assert isinstance(caught.value.reason, ssl.SSLCertVerificationError)
    assert slack.tokens == []


def test_a_redirection_is_not_followed(slack, client, seen):
    elsewhere = ("Location", f"https://localhost:{slack.server_port}/api/elsewhere")
    slack.ways = [lambda call: says(call, 302, elsewhere)]
    with pytest.raises(SlackApiError) as caught:
        client.auth_test()
    assert caught.value.response.status_code == 302
    assert len(slack.tokens) == 1
    assert seen == [("auth.test", "http_302")]


def test_what_slack_refuses_says_so_with_the_time_to_wait(slack, client, seen):
    slack.ways = [lambda call: says(call, 429, ("retry-after", "30"), ok=False, error="ratelimited")]
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel="C1", text="words")
    trouble = refusal(caught.value)
    assert (trouble.error, trouble.wait, trouble.unknown) == ("ratelimited", 30, False)
    assert seen == [("chat.postMessage", "ratelimited")]


def test_a_proxy_that_the_environment_names_is_asked_for_a_tunnel(slack, proxy, certificate, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"http://me:secret@127.0.0.1:{proxy.server_port}")
    monkeypatch.setenv("no_proxy", "")
    connections = Connections(trusting(certificate))
    client = SlackClient("xoxb-1", f"https://localhost:{slack.server_port}/api/", connections)
    with pytest.raises(Unreached) as caught:
        client.auth_test()
    assert never_left(caught.value)
    assert proxy.tunnels == [(f"localhost:{slack.server_port}", "Basic bWU6c2VjcmV0")]
    assert slack.tokens == []


def test_no_proxy_is_asked_for_what_the_environment_excepts(slack, proxy, certificate, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", f"127.0.0.1:{proxy.server_port}")
    monkeypatch.setenv("no_proxy", "localhost")
    client = SlackClient("xoxb-1", f"https://localhost:{slack.server_port}/api/", Connections(trusting(certificate)))
    client.auth_test()
    assert proxy.tunnels == []
