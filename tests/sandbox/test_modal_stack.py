"""Opening, updating, stacking and closing modals; triggers and hashes; the Home."""

import pytest
from freezegun import freeze_time

from bot.sandbox import Person, Sandbox, SlackRefused
from tests.sandbox.conftest import (
    GONE,
    LUIS,
    MANIFEST,
    PROJECT,
    App,
    Payload,
    actions,
    button,
    form,
    furnish,
    home,
    plain,
    section,
    text_input,
)

RISK = form(text_input("title"))


def push_on_press(app: App, view: Payload) -> None:
    def react(payload: Payload) -> Payload:
        app.calls("views.push", trigger_id=payload["trigger_id"], view=view)
        return {}

    app.reaction = react


def test_three_forms_fit_on_each_other(sandbox: Sandbox, app: App, luis: Person) -> None:
    deeper = form(actions(button("deeper")))
    app.opens(deeper, luis)
    push_on_press(app, deeper)
    for _ in range(3):
        luis.presses("modal", "deeper")
    assert len(luis.modals) == 3
    assert sandbox.refusals[-1].answer.body["error"] == "push_limit_reached"
    luis.closes()
    assert len(luis.modals) == 2


def test_only_a_trigger_from_inside_a_form_can_push(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    luis.types(PROJECT, "/pm")
    assert app.calls("views.push", trigger_id=app.last["trigger_id"], view=RISK)["error"] == "invalid_trigger_id"


def test_closing_is_told_only_when_asked_for(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    luis.closes()
    assert app.last.get("type") != "view_closed"
    app.opens(form(text_input("title"), notify_on_close=True), luis)
    luis.closes()
    assert (app.last["type"], app.last["is_cleared"]) == ("view_closed", False)


def test_the_cross_closes_the_whole_stack(app: App, luis: Person) -> None:
    app.opens(form(actions(button("deeper")), notify_on_close=True), luis)
    root = luis.modal
    push_on_press(app, form(text_input("title")))
    luis.presses("modal", "deeper")
    app.answers({})
    luis.closes(all_views=True)
    assert luis.modals == []
    assert (app.last["view"]["id"], app.last["is_cleared"]) == (root["id"], True)


def test_without_a_form_there_is_nothing_to_do(luis: Person) -> None:
    with pytest.raises(LookupError):
        _ = luis.modal
    with pytest.raises(SlackRefused):
        luis.closes()


def test_a_trigger_opens_one_form(app: App, luis: Person) -> None:
    luis.types(PROJECT, "/risk")
    trigger_id = app.last["trigger_id"]
    assert app.calls("views.open", trigger_id=trigger_id, view=RISK)["ok"]
    assert app.calls("views.open", trigger_id=trigger_id, view=RISK)["error"] == "exchanged_trigger_id"
    assert app.calls("views.open", trigger_id="1.2.3", view=RISK)["error"] == "invalid_trigger_id"


def test_a_trigger_dies_after_three_seconds(app: App, luis: Person) -> None:
    with freeze_time("2026-03-30") as real_time:
        luis.types(PROJECT, "/risk")
        real_time.tick(3.1)
        body = app.calls("views.open", trigger_id=app.last["trigger_id"], view=RISK)
    assert body["error"] == "expired_trigger_id"


def test_a_form_slack_would_refuse_is_refused_with_a_pointer(app: App, luis: Person) -> None:
    luis.types(PROJECT, "/risk")
    body = app.calls("views.open", trigger_id=app.last["trigger_id"], view=RISK | {"title": plain("x" * 25)})
    assert body["error"] == "invalid_arguments"
    [message] = body["response_metadata"]["messages"]
    assert "[json-pointer:/view/title/text]" in message
    assert app.calls("views.open", trigger_id=app.last["trigger_id"], view=RISK)["ok"]


def test_the_web_api_does_not_tell_what_people_are_typing(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    luis.fills({"title": "Vendor"})
    body = app.calls("views.update", view_id=luis.modal["id"], view=RISK)
    assert body["view"]["state"] == {"values": {}}
    assert body["view"]["hash"] == luis.modal["hash"]


def test_an_external_id_is_taken_once(app: App, luis: Person, maya: Person) -> None:
    app.opens(RISK | {"external_id": "risk-1"}, luis)
    maya.types(PROJECT, "/risk")
    body = app.calls("views.open", trigger_id=app.last["trigger_id"], view=RISK | {"external_id": "risk-1"})
    assert body["error"] == "duplicate_external_id"
    body = app.calls("views.update", external_id="risk-1", view=RISK | {"external_id": "risk-1"})
    assert body["view"]["id"] == luis.modal["id"]


def test_a_closed_form_cannot_be_updated(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    view_id = luis.modal["id"]
    luis.closes()
    assert app.calls("views.update", view_id=view_id, view=RISK)["error"] == "not_found"


def test_a_submission_brought_twice_closes_one_form(sandbox: Sandbox, app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    luis.submits({"title": "Vendor"})
    assert sandbox.repeat_last_delivery().error is None
    assert app.got[-1] == app.got[-2]


def test_the_home_is_published_for_one_person(app: App, luis: Person, maya: Person) -> None:
    body = app.calls("views.publish", user_id=LUIS, view=home(section("Yours"), actions(button("refresh"))))
    again = app.calls("views.publish", user_id=LUIS, view=home(section("New"), actions(button("refresh"))))
    assert body["view"]["id"] == again["view"]["id"]
    assert maya.home is None
    luis.presses("home", "refresh")
    assert app.last["view"]["type"] == "home"
    stale = app.calls("views.publish", user_id=LUIS, hash=body["view"]["hash"], view=home(section("Old")))
    assert stale["error"] == "hash_conflict"


def test_a_home_tab_has_to_be_switched_on(sandbox: Sandbox) -> None:
    features = MANIFEST["features"] | {"app_home": {"home_tab_enabled": False}}
    app = App(furnish(Sandbox(sandbox.clock, MANIFEST | {"features": features})))
    assert app.calls("views.publish", user_id=LUIS, view=home(section("x")))["error"] == "not_enabled"
    with pytest.raises(SlackRefused):
        app.sandbox.person(LUIS).opens_home()


def test_a_chosen_conversation_can_get_its_own_address_to_answer(app: App, luis: Person) -> None:
    picker = {"type": "conversations_select", "action_id": "where", "response_url_enabled": True}
    block = {"type": "input", "block_id": "where", "label": plain("Where"), "element": picker}
    app.opens(form(block), luis)
    luis.submits({"where": PROJECT})
    [answer] = app.last["response_urls"]
    assert (answer["block_id"], answer["action_id"], answer["channel_id"]) == ("where", "where", PROJECT)
    app.sandbox.respond(answer["response_url"].rsplit("/", 1)[1], {"text": "done", "response_type": "in_channel"})
    assert luis.reads(PROJECT)[-1]["text"] == "done"


def test_a_view_of_more_than_250_kilobytes_is_too_large(app: App, luis: Person) -> None:
    luis.types(PROJECT, "/risk")
    large = form(*[section("x" * 3000) for _ in range(90)])
    assert app.calls("views.open", trigger_id=app.last["trigger_id"], view=large)["error"] == "view_too_large"


@pytest.mark.parametrize("view", ["{", "[]", home(section("x"))])
def test_what_is_no_form_cannot_be_opened(app: App, luis: Person, view: object) -> None:
    luis.types(PROJECT, "/risk")
    body = app.calls("views.open", trigger_id=app.last["trigger_id"], view=view)
    assert body["error"] == "invalid_arguments"


def test_the_home_is_only_for_people_who_are_there(app: App) -> None:
    for user in (GONE, "U0NOBODY"):
        assert app.calls("views.publish", user_id=user, view=home(section("x")))["error"] == "user_not_found"
