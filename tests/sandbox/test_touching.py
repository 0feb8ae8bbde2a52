"""Pressing and choosing in messages."""

import pytest

from bot.sandbox import Person, Sandbox, SlackRefused
from tests.sandbox.conftest import (
    LUIS,
    MANIFEST,
    PROJECT,
    App,
    actions,
    button,
    furnish,
    option,
    plain,
    section,
)

CARD = [
    section("*R-1* & <https://example.com|more>"),
    actions(button("risk.edit", "Edit & save", value="1"), button("risk.close")),
    section("*R-2*", accessory=button("risk.edit", value="2")),
]


def test_a_pressed_button_arrives_with_its_message(app: App, luis: Person) -> None:
    ts = app.posts("R&D", blocks=CARD)["ts"]
    result = luis.presses((PROJECT, ts), "risk.edit", value="1")
    payload = app.last
    assert result.acked
    assert payload["type"] == "block_actions"
    assert payload["container"] == {
        "type": "message",
        "message_ts": ts,
        "channel_id": PROJECT,
        "is_ephemeral": False,
    }
    assert payload["channel"] == {"id": PROJECT, "name": "p-101"}
    assert payload["user"] == {"id": LUIS, "username": "luis.ortega", "name": "luis.ortega", "team_id": "T0EXAMPLE"}
    assert payload["state"] == {"values": {}}
    [action] = payload["actions"]
    assert (action["action_id"], action["block_id"], action["value"]) == ("risk.edit", "buttons", "1")
    assert payload["is_enterprise_install"] is False


def test_text_in_the_message_is_handed_back_with_entities(app: App, luis: Person) -> None:
    ts = app.posts("R&D <b>", blocks=CARD)["ts"]
    luis.presses((PROJECT, ts), "risk.close")
    message = app.last["message"]
    assert message["text"] == "R&amp;D &lt;b&gt;"
    assert message["blocks"][0]["text"]["text"] == "*R-1* &amp; <https://example.com|more>"
    assert message["blocks"][1]["elements"][0]["text"]["text"] == "Edit &amp; save"
    assert luis.reads(PROJECT)[0]["blocks"][1]["elements"][0]["text"]["text"] == "Edit & save"


def test_a_button_of_a_private_message_comes_without_the_message(app: App, luis: Person, maya: Person) -> None:
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="x", blocks=CARD)
    [message] = luis.reads(PROJECT)
    luis.presses(message, "risk.close")
    assert app.last["container"]["is_ephemeral"] is True
    assert "message" not in app.last
    with pytest.raises(SlackRefused):
        maya.presses(message, "risk.close")


def test_choices_in_a_message_are_kept_for_the_person(app: App, luis: Person, maya: Person) -> None:
    menu = {"type": "static_select", "action_id": "who", "options": [option("a"), option("b")]}
    more = {"type": "overflow", "action_id": "more", "options": [option("why"), option("snooze")]}
    date = {"type": "datepicker", "action_id": "when", "initial_date": "2026-04-03"}
    app.posts(blocks=[section("x", accessory=menu, block_id="s"), actions(more, date)])
    [message] = luis.reads(PROJECT)
    luis.presses(message, "who", option="b")
    assert app.last["actions"][0]["selected_option"] == option("b")
    luis.presses(message, "when", value="2026-04-10")
    assert app.last["actions"][0]["selected_date"] == "2026-04-10"
    luis.presses(message, "more", option="snooze")
    assert app.last["state"]["values"] == {
        "s": {"who": {"type": "static_select", "selected_option": option("b")}},
        "buttons": {"when": {"type": "datepicker", "selected_date": "2026-04-10"}},
    }
    maya.presses(message, "more", option="why")
    assert app.last["state"]["values"]["s"]["who"]["selected_option"] is None


def test_nobody_presses_what_is_not_there(app: App, luis: Person) -> None:
    ts = app.posts(blocks=CARD)["ts"]
    for action_id, value in [("risk.nothing", None), ("risk.edit", "3")]:
        with pytest.raises(SlackRefused):
            luis.presses((PROJECT, ts), action_id, value=value)
    with pytest.raises(SlackRefused):
        luis.presses((PROJECT, "1.000001"), "risk.edit")


def test_without_interactivity_buttons_lead_nowhere(sandbox: Sandbox) -> None:
    app = App(furnish(Sandbox(sandbox.clock, MANIFEST | {"settings": {"socket_mode_enabled": True}})))
    ts = app.posts(blocks=CARD)["ts"]
    result = app.sandbox.person(LUIS).presses((PROJECT, ts), "risk.close")
    assert (result.acked, result.error) == (False, "app_missing_action_url")


def test_parts_without_ids_get_some(app: App, luis: Person) -> None:
    nameless = {"type": "button", "text": plain("Press")}
    app.posts(blocks=[{"type": "actions", "elements": [nameless]}])
    [block] = luis.reads(PROJECT)[0]["blocks"]
    assert block["block_id"]
    assert block["elements"][0]["action_id"]
