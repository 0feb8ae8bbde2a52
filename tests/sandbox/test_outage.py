"""A Slack that nobody reaches for a while: refused by the system itself, at the address that it had before."""

from http.client import HTTPConnection

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import Page, connected, wait_until


def called(connection: HTTPConnection, sandbox: Sandbox) -> int:
    connection.request("POST", "/api/auth.test", headers={"Authorization": f"Bearer {sandbox.bot_token}"})
    answer = connection.getresponse()
    answer.read()
    return answer.status


def called_anew(server: SandboxServer, sandbox: Sandbox) -> int:
    with connected(server.url.removeprefix("http://")) as connection:
        return called(connection, sandbox)


def is_refused(server: SandboxServer, sandbox: Sandbox) -> bool:
    try:
        return called_anew(server, sandbox) != 200
    except ConnectionError:  # reset, where it was let in at the last moment
        return True


def test_who_connects_is_refused_and_who_was_connected_is_cut_off(server: SandboxServer, sandbox: Sandbox) -> None:
    with connected(server.url.removeprefix("http://")) as kept:
        assert called(kept, sandbox) == 200
        server.refuse_connections()
        with pytest.raises(ConnectionError):
            kept.sock.recv(1)
    with pytest.raises(ConnectionRefusedError):
        called_anew(server, sandbox)
    server.take_connections()
    server.take_connections()
    assert called_anew(server, sandbox) == 200


def test_the_page_makes_slack_unreachable_for_some_seconds(server: SandboxServer, sandbox: Sandbox, page: Page) -> None:
    assert page.ask("POST", "/sandbox/faults", {"sockets": "refuse", "seconds": 1})[0] == 200
    wait_until(lambda: is_refused(server, sandbox))
    wait_until(lambda: not is_refused(server, sandbox))
    assert page.gets("/sandbox/faults")["active"] == []
