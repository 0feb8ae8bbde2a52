"""The sandbox over HTTP: the Web API, and what the page asks for."""

import json
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import Page, connected, listening, parsed
from tests.sandbox.conftest import LUIS, MANIFEST, MAYA, PROJECT, App, form, home, section, text_input


def test_calls_come_as_json_and_as_forms(client: WebClient) -> None:
    assert client.auth_test()["bot_id"] == "B0SANDBOX"
    assert client.conversations_open(users=[LUIS])["channel"]["id"] == "D0LUIS"
    assert len(client.users_list(limit=2)["members"]) == 2
    with pytest.raises(SlackApiError, match="channel_not_found"):
        client.chat_postMessage(channel="C0NOWHERE", text="hello")


@pytest.mark.parametrize(
    ("body", "kind", "error"),
    [
        ("{", "application/json", "invalid_json"),
        ("[]", "application/json", "json_not_object"),
        ("", "application/json", "not_authed"),
        ("token=xoxb-other", "application/x-www-form-urlencoded", "invalid_auth"),
    ],
)
def test_a_broken_call_is_refused_in_slacks_words(server: SandboxServer, body: str, kind: str, error: str) -> None:
    with connected(server.url.removeprefix("http://")) as connection:
        connection.request("POST", "/api/auth.test", body, {"Content-Type": kind})
        assert parsed(connection.getresponse())["error"] == error


def test_a_token_in_the_address_does_not_count(page: Page, sandbox: Sandbox) -> None:
    assert page.gets(f"/api/auth.test?token={sandbox.bot_token}")["error"] == "not_authed"


def test_too_many_messages_in_a_channel_are_answered_429(clock: Any, page_dir: Path) -> None:
    sandbox = Sandbox(clock, MANIFEST, rate_limits=True)
    sandbox.add_channel(PROJECT, "p-101", [sandbox.bot_user_id])
    server = SandboxServer(sandbox, page_dir=page_dir)
    server.start()
    try:
        client = WebClient(token=sandbox.bot_token, base_url=f"{server.url}/api/")
        client.chat_postMessage(channel=PROJECT, text="one")
        with pytest.raises(SlackApiError) as refused:
            client.chat_postMessage(channel=PROJECT, text="two")
    finally:
        server.stop()
    assert refused.value.response.status_code == 429
    assert refused.value.response.headers["Retry-After"] == "1"


def test_the_page_and_its_files_are_served(page: Page) -> None:
    assert page.gets("/") == "<title>Sandbox</title>"
    assert page.gets("/page/page.js") == "export {};"


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", {"Host": "sandbox.example:80"}),
        ("GET", "/sandbox/state?as=U0LUIS", {"Host": "127.0.0.1:1"}),
        ("POST", "/sandbox/act", {"Origin": "http://elsewhere.example"}),
        ("POST", "/api/chat.postMessage", {"Origin": "http://elsewhere.example"}),
    ],
)
def test_other_sites_cannot_reach_the_sandbox(page: Page, method: str, path: str, headers: dict[str, str]) -> None:
    assert page.ask(method, path, {}, **headers)[0] == 403


def test_the_page_sees_the_workspace_as_one_person_does(page: Page, client: WebClient) -> None:
    client.chat_postMessage(channel=PROJECT, text="news")
    state = page.gets(f"/sandbox/state?as={LUIS}")
    assert state["me"]["name"] == "luis.ortega"
    assert {channel["name"] for channel in state["channels"]} == {"p-101", "open"}
    assert {channel["name"]: channel["unread"] for channel in state["channels"]}["p-101"] == 1
    assert [command["command"] for command in state["commands"]][:4] == ["/pm", "/risk", "/decision", "/update"]
    page.gets(f"/sandbox/messages?as={LUIS}&channel={PROJECT}")
    assert page.gets(f"/sandbox/state?as={LUIS}")["channels"][0]["unread"] == 0
    assert "xoxb" not in json.dumps(state)


def test_nobody_unknown_can_be_acted_for(page: Page) -> None:
    assert page.ask("GET", "/sandbox/state?as=U0NOBODY")[0] == 404


def test_what_a_client_would_not_do_is_explained(page: Page) -> None:
    answer = page.acts(LUIS, "type", channel=PROJECT, text="/unknown")
    assert answer["ok"] is False
    assert answer["error"] == "/unknown is not a valid command"


def test_changes_are_streamed_to_the_people_they_concern(server: SandboxServer, sandbox: Sandbox, page: Page) -> None:
    app = App(sandbox)
    with listening(page, LUIS) as luis, listening(page, MAYA) as maya:
        app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="psst")
        assert luis.next()["type"] == "message"
        ts = app.posts()["ts"]
        assert luis.next() == maya.next() == {"type": "message", "channel": PROJECT, "ts": ts}
        app.calls("chat.delete", channel=PROJECT, ts=ts)
        assert luis.next() == {"type": "deleted", "channel": PROJECT, "ts": ts}
        app.opens(form(text_input("title")), sandbox.person(LUIS))
        assert luis.next() == {"type": "modals", "modals": sandbox.person(LUIS).modals}
        app.calls("views.publish", user_id=LUIS, view=home(section("Yours")))
        assert luis.next() == {"type": "home", "view": sandbox.person(LUIS).home}
        sandbox.add_channel("C0NEW", "new", [LUIS])
        assert luis.next() == {"type": "membership"}
        server.stop()
        assert luis.ends()


def test_the_page_closes_forms_and_removes_the_app(server: SandboxServer, sandbox: Sandbox, page: Page) -> None:
    app = App(sandbox)
    app.opens(form(text_input("title", dispatch=True)), sandbox.person(LUIS))
    view_id = sandbox.person(LUIS).modal["id"]
    typed = {"type": "plain_text_input", "value": "Vendor"}
    page.acts(LUIS, "change", view_id=view_id, block_id="title", action_id="title", element=typed)
    assert app.last["actions"][0]["value"] == "Vendor"
    assert page.acts(LUIS, "close", view_id=view_id, all=False)["modals"] == []
    assert page.acts(LUIS, "remove_bot", channel=PROJECT)["ok"]
    assert app.calls("chat.postMessage", channel=PROJECT, text="x")["error"] == "not_in_channel"
    assert page.acts(LUIS, "dance")["ok"] is False
