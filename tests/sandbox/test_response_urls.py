"""response_url: where an app may answer after the acknowledgement."""

import pytest

from bot.clock import MovableClock
from bot.sandbox import Answer, Person, Sandbox
from tests.sandbox.conftest import LUIS, OPEN, PROJECT, App, Payload, actions, button, section


def respond(app: App, payload: Payload, **body: object) -> Answer:
    return app.sandbox.respond(payload["response_url"].rsplit("/", 1)[1], body)


def test_an_answer_to_a_command_is_private_and_works_where_the_app_is_not(app: App, luis: Person, maya: Person) -> None:
    luis.types(OPEN, "/risk")
    assert respond(app, app.last, text="later").status == 200
    assert [message["text"] for message in luis.reads(OPEN)] == ["later"]
    assert maya.reads(OPEN) == []
    respond(app, app.last, text="for all", response_type="in_channel")
    assert [message["text"] for message in maya.reads(OPEN)] == ["for all"]


@pytest.fixture
def pressed(app: App, luis: Person) -> Payload:
    app.posts("card", blocks=[section("card"), actions(button("close"))])
    luis.presses(luis.reads(PROJECT)[0], "close")
    return app.last


def test_the_pressed_message_can_be_replaced_and_deleted(app: App, luis: Person, pressed: Payload) -> None:
    respond(app, pressed, text="closed", replace_original=True)
    assert [(message["text"], message["blocks"]) for message in luis.reads(PROJECT)] == [("closed", [])]
    respond(app, pressed, delete_original=True)
    assert luis.reads(PROJECT) == []
    assert respond(app, pressed, text="again", replace_original=True).status == 404


def test_a_private_message_stays_private_when_replaced(app: App, luis: Person, maya: Person) -> None:
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="x", blocks=[actions(button("undo"))])
    luis.presses(luis.reads(PROJECT)[0], "undo")
    respond(app, app.last, text="undone", replace_original=True, response_type="in_channel")
    assert [message["text"] for message in luis.reads(PROJECT)] == ["undone"]
    assert maya.reads(PROJECT) == []


def test_a_private_message_can_be_deleted_for_its_one_reader(app: App, luis: Person) -> None:
    app.posts("stays")
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="x", blocks=[actions(button("undo"))])
    luis.presses(luis.reads(PROJECT)[-1], "undo")
    assert respond(app, app.last, delete_original=True).status == 200
    assert [message["text"] for message in luis.reads(PROJECT)] == ["stays"]
    assert respond(app, app.last, text="again", replace_original=True).status == 404


def test_what_was_replaced_can_be_pressed_and_replaced_again(app: App, luis: Person) -> None:
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="1", blocks=[actions(button("next"))])
    for number in (2, 3):
        luis.presses(luis.reads(PROJECT)[0], "next")
        respond(app, app.last, text=str(number), blocks=[actions(button("next"))], replace_original=True)
    [message] = luis.reads(PROJECT)
    assert (message["text"], message["ephemeral"]) == ("3", True)


def test_a_message_in_a_thread_is_replaced_and_deleted_there(app: App, luis: Person, maya: Person) -> None:
    parent = app.posts("card")["ts"]
    asks = [actions(button("close"))]
    public = app.posts("public", blocks=asks, thread_ts=parent)["ts"]
    app.calls("chat.postEphemeral", channel=PROJECT, user=LUIS, text="private", blocks=asks, thread_ts=parent)
    private = luis.thread(PROJECT, parent)[-1]
    for message, text in (((PROJECT, public), "public 2"), (private, "private 2")):
        luis.presses(message, "close")
        respond(app, app.last, text=text, replace_original=True)
    assert [message["text"] for message in luis.thread(PROJECT, parent)] == ["card", "public 2", "private 2"]
    luis.presses(app.posts("third", blocks=asks, thread_ts=parent) | {"channel": PROJECT}, "close")
    respond(app, app.last, delete_original=True)
    assert [message["text"] for message in maya.thread(PROJECT, parent)] == ["card", "public 2"]


def test_a_deleted_message_with_replies_leaves_its_place(app: App, luis: Person, pressed: Payload) -> None:
    luis.types(PROJECT, "why?", thread_ts=pressed["message"]["ts"])
    respond(app, pressed, delete_original=True)
    assert [message["text"] for message in luis.thread(PROJECT, pressed["message"]["ts"])] == [
        "This message was deleted.",
        "why?",
    ]


def test_a_public_message_stays_public_when_replaced(app: App, maya: Person, pressed: Payload) -> None:
    respond(app, pressed, text="closed", replace_original=True, response_type="ephemeral")
    [message] = maya.reads(PROJECT)
    assert (message["text"], message.get("ephemeral")) == ("closed", None)
    assert message["edited"]


def test_nothing_is_replaced_by_nothing(app: App, luis: Person, pressed: Payload) -> None:
    assert respond(app, pressed, replace_original=True).body["error"] == "no_text"
    assert [message["text"] for message in luis.reads(PROJECT)] == ["card"]


def test_a_command_line_cannot_be_replaced(app: App, luis: Person) -> None:
    luis.types(PROJECT, "/risk")
    assert respond(app, app.last, delete_original=True).status == 404


def test_an_address_is_good_for_five_answers(app: App, pressed: Payload) -> None:
    assert [respond(app, pressed, text="x").status for _ in range(6)] == [200] * 5 + [404]


def test_an_address_dies_after_thirty_minutes(app: App, clock: MovableClock, pressed: Payload) -> None:
    clock.wait(30 * 60)
    assert respond(app, pressed, text="in time").status == 200
    clock.wait(1)
    assert respond(app, pressed, text="too late").status == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": "x", "blocks": [section("x" * 3001)]},
        {"text": "x", "thread_ts": "1.000001"},
    ],
)
def test_a_bad_body_is_refused(sandbox: Sandbox, app: App, pressed: Payload, body: Payload) -> None:
    assert respond(app, pressed, **body).status == 400
    assert sandbox.refusals[-1].method == "response_url"


def test_the_sum_of_text_in_blocks_is_not_limited_here(app: App, pressed: Payload) -> None:
    assert respond(app, pressed, text="long", blocks=[section("x" * 2900)] * 5).status == 200
