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
