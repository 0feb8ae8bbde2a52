"""An app made with Bolt, connected by Socket Mode, and a person at the page."""

import threading
from collections.abc import Iterator

import pytest
from slack_bolt import App as BoltApp
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.sandbox import Sandbox
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
