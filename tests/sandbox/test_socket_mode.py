"""An app made with Bolt, connected by Socket Mode, and a person at the page."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from slack_bolt import App as BoltApp
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from bot.sandbox import Sandbox
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import Json, Page, wait_until
from tests.sandbox.conftest import LUIS, MAYA, OPEN, PROJECT, actions, button, form, section, text_input


@pytest.fixture
def bolt(client: WebClient, sandbox: Sandbox) -> Iterator[BoltApp]:
    """An app connected by Socket Mode; its listeners may be added later."""
    app = BoltApp(client=client, process_before_response=True)
    handler = SocketModeHandler(app, sandbox.app_token, web_client=client)
    handler.connect()
    # slack_sdk closes a socket only between two reads, which wait three seconds each.
    session = handler.client.current_session
    assert session and session.sock
    session.sock.settimeout(0.05)
    yield app
    handler.close()
    handler.disconnect()  # a session that was being opened meanwhile


def test_a_command_typed_on_the_page_reaches_a_bolt_app_and_its_answer_comes_back(bolt: BoltApp, page: Page) -> None:
    bolt.command("/risk")(lambda ack, command: ack(f"Logged: {command['text']}"))
    answer = page.acts(LUIS, "type", channel=PROJECT, text="/risk Vendor slips @maya.chen")
    assert (answer["ok"], answer["error"]) == (True, None)
    [shown] = page.gets(f"/sandbox/messages?as={LUIS}&channel={PROJECT}")["messages"]
    assert shown["text"] == f"Logged: Vendor slips <@{MAYA}>"
    assert shown["ephemeral"]


def test_a_form_is_opened_filled_and_refused_over_http(bolt: BoltApp, page: Page) -> None:
    bolt.command("/risk")(
        lambda ack, client, command: (
            client.views_open(trigger_id=command["trigger_id"], view=form(text_input("title"))),
            ack(),
        )
    )
    bolt.view("risk.log")(lambda ack, view: ack(response_action="errors", errors={"title": _entered(view)}))
    [modal] = page.acts(LUIS, "type", channel=PROJECT, text="/risk")["modals"]
    state = {"values": {"title": {"title": {"type": "plain_text_input", "value": "Vendor"}}}}
    answer = page.acts(LUIS, "submit", view_id=modal["id"], state=state)
    assert answer["errors"] == {"title": "Vendor is no risk"}
    assert [view["id"] for view in answer["modals"]] == [modal["id"]]


def _entered(view: Json) -> str:
    return f"{view['state']['values']['title']['title']['value']} is no risk"


def test_a_button_pressed_on_the_page_changes_the_message_by_its_response_url(
    bolt: BoltApp, client: WebClient, page: Page
) -> None:
    bolt.action("risk.close")(lambda ack, respond: (respond(text="Closed.", replace_original=True), ack()))
    ts = client.chat_postMessage(
        channel=PROJECT, text="A risk", blocks=[section("A risk"), actions(button("risk.close", value="12"))]
    )["ts"]
    container = {"type": "message", "channel_id": PROJECT, "message_ts": ts}
    element = {"type": "button", "value": "12"}
    answer = page.acts(
        LUIS, "press", container=container, block_id="buttons", action_id="risk.close", element=element, state={}
    )
    assert answer["error"] is None
    [shown] = page.gets(f"/sandbox/messages?as={LUIS}&channel={PROJECT}")["messages"]
    assert (shown["text"], shown["blocks"]) == ("Closed.", [])


def test_an_event_reaches_the_app(bolt: BoltApp, page: Page) -> None:
    joined = threading.Event()
    bolt.event("member_joined_channel")(lambda event: joined.set())
    page.acts(MAYA, "invite_bot", channel=OPEN)
    assert joined.wait(3)


def test_without_an_app_the_page_says_that_nobody_could_be_reached(page: Page) -> None:
    assert page.acts(LUIS, "type", channel=PROJECT, text="/risk")["error"] == "dispatch_failed"


def test_an_app_that_does_not_acknowledge_is_given_three_seconds(bolt: BoltApp, page: Page) -> None:
    bolt.command("/risk")(lambda command: None)
    assert page.acts(LUIS, "type", channel=PROJECT, text="/risk")["error"] == "operation_timeout"


def test_the_app_opens_new_sockets_when_its_old_ones_are_renewed(
    bolt: BoltApp, server: SandboxServer, page: Page
) -> None:
    bolt.command("/risk")(lambda ack: ack("still here"))
    server.renew_sockets()
    wait_until(lambda: page.acts(LUIS, "type", channel=PROJECT, text="/risk")["error"] is None)


@pytest.mark.parametrize(
    ("what", "told"),
    [("renew", ["warning", "refresh_requested"]), ("disable", ["link_disabled"]), ("drop", [])],
)
def test_the_page_ends_the_sockets_with_a_word_or_without(
    client: WebClient, sandbox: Sandbox, page: Page, what: str, told: list[str]
) -> None:
    with raw_socket(client, sandbox) as link:
        assert link.hears()["type"] == "hello"
        assert page.ask("POST", "/sandbox/faults", {"sockets": what, "seconds": 0.1})[0] == 200
        assert [link.hears()["reason"] for _ in told] == told
        with pytest.raises(ConnectionClosed):
            link.hears()


def test_an_app_is_warned_and_served_until_its_socket_is_closed(
    client: WebClient, server: SandboxServer, sandbox: Sandbox
) -> None:
    with raw_socket(client, sandbox) as link:
        assert link.hears()["type"] == "hello"
        renewing = threading.Thread(target=server.renew_sockets, args=(0.3,))
        renewing.start()
        assert link.hears()["reason"] == "warning"
        typing = threading.Thread(target=sandbox.person(LUIS).types, args=(PROJECT, "/risk"))
        typing.start()
        link.acknowledges(link.hears())
        assert link.hears()["reason"] == "refresh_requested"
        renewing.join()
        typing.join()


def test_an_event_that_comes_again_says_so_on_the_socket(client: WebClient, sandbox: Sandbox) -> None:
    sandbox.faults.add(Fault("repeated", times=1))
    with raw_socket(client, sandbox) as link:
        assert link.hears()["type"] == "hello"
        inviting = threading.Thread(target=sandbox.person(LUIS).invites_bot, args=(OPEN,))
        inviting.start()
        for _ in range(2):
            envelope = link.hears()
            link.told.append((envelope["retry_attempt"], envelope["retry_reason"]))
            link.acknowledges(envelope)
        inviting.join()
    assert link.told == [(0, ""), (1, "timeout")]


class Link:
    """One socket, without a client that does anything by itself."""

    def __init__(self, connection: ClientConnection) -> None:
        self.told: list[tuple[int, str]] = []
        self._connection = connection

    def hears(self) -> Json:
        return dict(json.loads(self._connection.recv(10)))

    def acknowledges(self, envelope: Json) -> None:
        self._connection.send(json.dumps({"envelope_id": envelope["envelope_id"]}))


@contextmanager
def raw_socket(client: WebClient, sandbox: Sandbox) -> Iterator[Link]:
    with connect(client.apps_connections_open(app_token=sandbox.app_token)["url"]) as connection:
        yield Link(connection)
