"""What goes wrong on purpose: each fault of a call, as the app that calls meets it."""

import json
from http.client import RemoteDisconnected
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Person, Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import Doing, connected, parsed, wait_until
from tests.sandbox.conftest import LUIS, PROJECT, App, form, text_input

BROKEN = (ConnectionResetError, RemoteDisconnected)


@pytest.fixture
def client(server: SandboxServer, sandbox: Sandbox) -> WebClient:
    """Over a connection, and nothing is tried again behind the test's back."""
    return WebClient(token=sandbox.bot_token, base_url=f"{server.url}/api/", retry_handlers=[], timeout=10)


def says(client: WebClient, text: str = "hello") -> Any:
    return client.chat_postMessage(channel=PROJECT, text=text)


def said(sandbox: Sandbox) -> list[str]:
    return [message["text"] for message in sandbox.person(LUIS).reads(PROJECT)]


@pytest.mark.parametrize(
    ("kind", "status", "error"),
    [
        ("rate_limited", 429, "ratelimited"),
        ("http_500", 500, "internal_error"),
        ("http_503", 503, "service_unavailable"),
        ("internal_error", 200, "internal_error"),
        ("fatal_error", 200, "fatal_error"),
    ],
)
def test_slack_refuses_so_often_and_does_nothing(
    sandbox: Sandbox, client: WebClient, kind: str, status: int, error: str
) -> None:
    sandbox.faults.add(Fault(kind, ("chat.postMessage",), times=2))
    client.auth_test()
    for _ in range(2):
        with pytest.raises(SlackApiError) as refused:
            says(client)
        assert (refused.value.response.status_code, refused.value.response["error"]) == (status, error)
    says(client, "at last")
    assert said(sandbox) == ["at last"]


def test_slack_says_how_long_an_app_has_to_wait(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.add(Fault("rate_limited", seconds=17))
    with pytest.raises(SlackApiError) as refused:
        says(client)
    assert refused.value.response.headers["Retry-After"] == "17"


@pytest.mark.parametrize(("kind", "stands_there"), [("reset", []), ("lost_answer", ["hello"])])
def test_a_connection_breaks_before_or_after_slack_did_what_was_asked(
    sandbox: Sandbox, client: WebClient, kind: str, stands_there: list[str]
) -> None:
    sandbox.faults.add(Fault(kind, times=1))
    with pytest.raises(BROKEN):
        says(client)
    assert said(sandbox) == stands_there
    assert client.auth_test()["ok"], "only this connection broke"


@pytest.mark.parametrize("kind", ["reset", "lost_answer"])
def test_an_app_in_the_same_process_sees_the_connection_break_too(sandbox: Sandbox, kind: str) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault(kind, times=1))
    with pytest.raises(ConnectionResetError):
        app.posts()
    assert said(sandbox) == (["hello"] if kind == "lost_answer" else [])


@pytest.mark.parametrize(("kind", "stands_there"), [("hang", []), ("hang_done", ["hello"]), ("slow", [])])
def test_a_call_hangs_until_the_fault_is_cleared(
    sandbox: Sandbox, client: WebClient, kind: str, stands_there: list[str]
) -> None:
    sandbox.faults.add(Fault(kind, ("chat.postMessage",), times=1, seconds=60))
    calling = Doing(lambda: _status(client))
    wait_until(lambda: sandbox.faults.active() == [] and said(sandbox) == stands_there)
    assert client.auth_test()["ok"]
    assert not calling.is_over()
    wait_until(lambda: sandbox.faults.clear() or calling.is_over())
    assert calling.ends() == (503 if kind == "hang" else 200)
    assert said(sandbox) == ([] if kind == "hang" else ["hello"])


def _status(client: WebClient) -> int:
    try:
        return int(says(client).status_code)
    except SlackApiError as refused:
        return int(refused.response.status_code)


def test_a_server_that_stops_lets_nobody_hang(sandbox: Sandbox, client: WebClient, server: SandboxServer) -> None:
    sandbox.faults.add(Fault("hang_done", ("chat.postMessage",), seconds=60))
    calling = Doing(lambda: _status(client))
    wait_until(lambda: said(sandbox) == ["hello"])
    server.stop()
    assert calling.ends() == 200


def test_a_slow_call_is_done_late(sandbox: Sandbox, client: WebClient) -> None:
    sandbox.faults.add(Fault("slow", seconds=0.05))
    assert says(client)["ok"]
    assert App(sandbox).posts("in the same process")["ok"]


def test_a_response_url_can_fail_as_well(sandbox: Sandbox, server: SandboxServer, luis: Person) -> None:
    app = App(sandbox)
    luis.types(PROJECT, "/risk")
    path = app.last["response_url"].removeprefix(server.url)
    sandbox.faults.add(Fault("http_500", ("response_url",), times=1))
    sandbox.faults.add(Fault("lost_answer", ("response_url",), times=1))
    with connected(server.url.removeprefix("http://")) as connection:
        connection.request("POST", path, json.dumps({"text": "one"}))
        answer = connection.getresponse()
        assert (answer.status, json.loads(parsed(answer))["error"]) == (500, "internal_error")
        with pytest.raises(BROKEN):
            connection.request("POST", path, json.dumps({"text": "two"}))
            connection.getresponse()
    assert said(sandbox) == ["two"]


def test_of_several_faults_the_one_added_first_is_met(sandbox: Sandbox) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault("rate_limited", ("chat.postMessage",), times=1))
    sandbox.faults.add(Fault("http_500", ("views.open",)))
    sandbox.faults.add(Fault("fatal_error"))
    answers = [app.answer("chat.postMessage", channel=PROJECT, text="x").status for _ in range(2)]
    assert answers == [429, 200]
    assert app.answer("views.open").status == 500
    assert [(fault.kind, fault.times) for fault in sandbox.faults.active()] == [
        ("http_500", None),
        ("fatal_error", None),
    ]
    sandbox.faults.clear("fatal_error")
    assert [fault.kind for fault in sandbox.faults.active()] == ["http_500"]


@pytest.mark.parametrize(
    "fault", [Fault("earthquake"), Fault("reset", times=0), Fault("reset", seconds=1), Fault("slow", seconds=-1)]
)
def test_what_cannot_go_wrong_is_refused(sandbox: Sandbox, fault: Fault) -> None:
    with pytest.raises(ValueError):
        sandbox.faults.add(fault)
    assert sandbox.faults.active() == []


def test_a_trigger_can_be_expired_before_it_is_used(sandbox: Sandbox, luis: Person) -> None:
    app = App(sandbox)
    sandbox.faults.add(Fault("expired_triggers", times=1))
    view = form(text_input("title"))
    luis.types(PROJECT, "/risk")
    assert app.calls("views.open", trigger_id=app.last["trigger_id"], view=view)["error"] == "expired_trigger_id"
    luis.types(PROJECT, "/risk")
    assert app.calls("views.open", trigger_id=app.last["trigger_id"], view=view)["ok"]
