"""Shortcuts: started from anywhere, or from the menu of a message."""

from typing import Any

import pytest

from bot.sandbox import Person, Sandbox, SlackRefused
from bot.slack_rules.manifest import check_manifest
from tests.sandbox.browser import Page
from tests.sandbox.conftest import (
    LUIS,
    MANIFEST,
    MAYA,
    OPEN,
    PROJECT,
    SECRET,
    App,
    furnish,
    section,
)
from tests.sandbox.test_response_urls import respond

HOSTILE = "<!channel> <b> & co"
LOG = {"name": "Log as risk", "type": "message", "callback_id": "risk.from_message", "description": "Keep it"}
START = {"name": "Log a risk", "type": "global", "callback_id": "risk.start", "description": "From anywhere"}


def with_shortcuts(*shortcuts: dict[str, str], **more: Any) -> dict[str, Any]:
    return {**MANIFEST, **more, "features": {**MANIFEST["features"], "shortcuts": list(shortcuts)}}


@pytest.fixture
def sandbox(clock: Any) -> Sandbox:
    return furnish(Sandbox(clock, with_shortcuts(LOG, START)))


def test_a_global_shortcut_says_who_started_it_and_not_where(app: App, luis: Person) -> None:
    result = luis.runs_shortcut("risk.start")
    assert (result.acked, result.error) == (True, None)
    kind, payload = app.got[-1]
    assert kind == "interactive"
    assert payload["type"] == "shortcut"
    assert payload["callback_id"] == "risk.start"
    assert payload["user"] == {"id": LUIS, "username": "luis.ortega", "team_id": "T0EXAMPLE"}
    assert payload["team"] == {"id": "T0EXAMPLE", "domain": "example-workspace"}
    assert float(payload["action_ts"])
    assert not {"channel", "message", "response_url", "message_ts"} & payload.keys()


def test_a_message_shortcut_brings_the_message_as_slack_hands_it_back(app: App, luis: Person) -> None:
    luis.types(PROJECT, f"{HOSTILE} @maya.chen")
    [message] = luis.reads(PROJECT)
    luis.uses_on_message(message, "risk.from_message")
    payload = app.last
    assert payload["type"] == "message_action"
    assert payload["callback_id"] == "risk.from_message"
    assert payload["user"]["id"] == LUIS
    assert payload["channel"] == {"id": PROJECT, "name": "p-101"}
    assert payload["message_ts"] == payload["message"]["ts"] == message["ts"]
    assert payload["message"]["type"] == "message"
    assert payload["message"]["user"] == LUIS
    assert payload["message"]["text"] == "&lt;!channel&gt; &lt;b&gt; &amp; co <@U0MAYA>"


def test_what_the_bot_said_can_be_acted_on_with_its_blocks_and_in_its_thread(app: App, luis: Person) -> None:
    parent = app.posts("card", blocks=[section("*R-1* & more")])["ts"]
    reply = app.posts("reply", thread_ts=parent)["ts"]
    luis.uses_on_message((PROJECT, parent), "risk.from_message")
    assert app.last["message"]["bot_id"] == "B0SANDBOX"
    assert app.last["message"]["blocks"][0]["text"]["text"] == "*R-1* &amp; more"
    luis.uses_on_message((PROJECT, reply), "risk.from_message")
    assert app.last["message"]["thread_ts"] == parent


def test_it_works_where_the_app_is_not_and_for_nobody_who_cannot_read_there(
    app: App, luis: Person, maya: Person
) -> None:
    maya.types(SECRET, "quietly")
    maya.types(OPEN, "openly")
    [secret], [open_one] = maya.reads(SECRET), maya.reads(OPEN)
    maya.uses_on_message(secret, "risk.from_message")
    assert app.last["channel"] == {"id": SECRET, "name": "privategroup"}
    luis.uses_on_message(open_one, "risk.from_message")
    assert app.last["message"]["text"] == "openly"
    with pytest.raises(SlackRefused):
        luis.uses_on_message(secret, "risk.from_message")


def test_the_answer_goes_to_the_person_who_asked_and_replaces_nothing(app: App, luis: Person, maya: Person) -> None:
    ts = app.posts("card")["ts"]
    luis.uses_on_message((PROJECT, ts), "risk.from_message")
    assert respond(app, app.last, text="Logged").status == 200
    assert [(m["text"], m.get("ephemeral")) for m in luis.reads(PROJECT)] == [("card", None), ("Logged", True)]
    assert [m["text"] for m in maya.reads(PROJECT)] == ["card"]
    assert respond(app, app.last, delete_original=True).status == 404


def test_both_bring_a_trigger_that_opens_one_form(app: App, luis: Person) -> None:
    view = {"type": "modal", "callback_id": "x", "title": {"type": "plain_text", "text": "X"}, "blocks": [section("x")]}
    ts = app.posts()["ts"]
    luis.runs_shortcut("risk.start")
    assert app.calls("views.open", trigger_id=app.last["trigger_id"], view=view)["ok"]
    assert app.calls("views.open", trigger_id=app.last["trigger_id"], view=view)["error"] == "exchanged_trigger_id"
    luis.uses_on_message((PROJECT, ts), "risk.from_message")
    assert app.calls("views.open", trigger_id=app.last["trigger_id"], view=view)["ok"]


def test_an_app_that_does_not_answer_is_said_to_fail(app: App, luis: Person) -> None:
    app.answers(None)
    assert luis.runs_shortcut("risk.start").error == "operation_timeout"


def test_what_only_one_person_sees_has_no_shortcuts(app: App, luis: Person) -> None:
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="psst")
    with pytest.raises(SlackRefused, match="no menu"):
        luis.uses_on_message(luis.reads(PROJECT)[0], "risk.from_message")


def test_only_what_the_manifest_lists_can_be_started_and_in_its_place(app: App, luis: Person) -> None:
    ts = app.posts()["ts"]
    with pytest.raises(SlackRefused, match="no global shortcut"):
        luis.runs_shortcut("risk.from_message")
    with pytest.raises(SlackRefused, match="no message shortcut"):
        luis.uses_on_message((PROJECT, ts), "risk.start")
    with pytest.raises(SlackRefused):
        luis.runs_shortcut("risk.nothing")
    assert app.got == []


def many(count: int, kind: str) -> list[dict[str, str]]:
    return [{**START, "type": kind, "callback_id": f"{kind}{number}"} for number in range(count)]


def test_slack_takes_five_of_each_kind() -> None:
    assert check_manifest(with_shortcuts(*many(5, "global"), *many(5, "message"))) == []
    [six] = check_manifest(with_shortcuts(*many(6, "global"), *many(4, "message")))
    assert str(six) == "no more than 5 global shortcuts allowed [json-pointer:/features/shortcuts]"
    assert check_manifest(with_shortcuts(*many(11, "message")))
    twice = check_manifest(with_shortcuts(LOG, LOG))
    assert "already exists" in str(twice[0])


def test_shortcuts_need_the_scope_of_commands() -> None:
    features = {"bot_user": {"display_name": "bot"}, "shortcuts": [START]}
    manifest = {**MANIFEST, "features": features, "oauth_config": {"scopes": {"bot": ["chat:write"]}}}
    manifest["settings"] = {"socket_mode_enabled": True}
    assert [str(problem) for problem in check_manifest(manifest)] == [
        "Shortcuts requires `commands` bot scope [json-pointer:/oauth_config/scopes/bot]"
    ]


def test_the_page_lists_and_starts_them(app: App, sandbox: Sandbox, page: Page) -> None:
    sandbox.deliver = app
    ts = app.posts()["ts"]
    assert page.gets(f"/sandbox/state?as={MAYA}")["shortcuts"] == [
        {"callback_id": "risk.from_message", "kind": "message", "name": "Log as risk", "description": "Keep it"},
        {"callback_id": "risk.start", "kind": "global", "name": "Log a risk", "description": "From anywhere"},
    ]
    assert page.acts(MAYA, "shortcut", callback_id="risk.start")["error"] is None
    assert app.last["user"]["id"] == MAYA
    page.acts(MAYA, "message_shortcut", channel=PROJECT, ts=ts, callback_id="risk.from_message")
    assert app.last["message_ts"] == ts
    refused = page.acts(MAYA, "shortcut", callback_id="other")
    assert not refused["ok"]
