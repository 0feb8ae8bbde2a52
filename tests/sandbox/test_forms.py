"""Modals: opening, filling, submitting, the stack, hashes."""

import pytest

from bot.sandbox import Person, Sandbox, SlackRefused
from tests.sandbox.conftest import (
    LUIS,
    App,
    Payload,
    actions,
    button,
    choice_input,
    form,
    option,
    text_input,
)

RISK = form(text_input("title", max_length=20, min_length=3), choice_input("impact", "high", "low"))


def entered(person: Person, block_id: str) -> Payload:
    values: Payload = person.modal["state"]["values"][block_id][block_id]
    return values


def test_a_form_is_filled_and_submitted(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    result = luis.submits({"title": "Vendor slips", "impact": "high"})
    assert result.modal is None
    view = app.last["view"]
    assert app.last["type"] == "view_submission"
    assert view["state"]["values"] == {
        "title": {"title": {"type": "plain_text_input", "value": "Vendor slips"}},
        "impact": {"impact": {"type": "static_select", "selected_option": option("high")}},
    }
    assert view["callback_id"] == "risk.log"
    assert (view["root_view_id"], view["previous_view_id"]) == (view["id"], None)


def test_a_new_form_holds_its_initial_values(app: App, luis: Person) -> None:
    app.opens(form(text_input("title", initial_value="Vendor"), text_input("note", optional=True)), luis)
    assert entered(luis, "title")["value"] == "Vendor"
    assert entered(luis, "note")["value"] is None


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"title": "Vendor"}, "impact: is required"),
        ({"title": "ab", "impact": "low"}, "title: at least 3 characters"),
        ({"title": "x" * 21}, "title: at most 20 characters"),
        ({"impact": "medium"}, "impact: 'medium' is not offered"),
        ({"owner": LUIS}, "no input 'owner'"),
    ],
)
def test_a_client_holds_back_what_slack_would_not_take(app: App, luis: Person, values: Payload, reason: str) -> None:
    app.opens(RISK, luis)
    with pytest.raises(SlackRefused, match=reason):
        luis.submits(values)
    assert app.last.get("type") != "view_submission"


def test_a_test_may_send_an_unfinished_form_all_the_same(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    luis.submits(force=True)
    assert app.last["view"]["state"]["values"]["title"]["title"]["value"] is None


def test_errors_keep_the_form_and_what_was_entered(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    app.answers({"response_action": "errors", "errors": {"title": "Say more."}})
    result = luis.submits({"title": "Vendor", "impact": "low"})
    assert luis.form_errors == {"title": "Say more."}
    assert result.modal is not None
    assert entered(luis, "title")["value"] == "Vendor"
    app.answers({})
    luis.submits()
    assert luis.form_errors == {}


@pytest.mark.parametrize(
    "ack",
    [
        {"response_action": "errors", "errors": {"buttons": "no input"}},
        {"response_action": "errors", "errors": {}},
        {"response_action": "update", "view": {"type": "modal"}},
        {"response_action": "vanish"},
        {"text": "Logged"},
    ],
)
def test_an_unusable_answer_leaves_the_form_open(sandbox: Sandbox, app: App, luis: Person, ack: Payload) -> None:
    app.opens(form(text_input("title"), actions(button("preview"))), luis)
    app.answers(ack)
    result = luis.submits({"title": "Vendor"})
    assert result.error == "dispatch_failed"
    assert result.modal is not None
    assert sandbox.refusals[-1].method == "ack:interactive"


def test_a_late_answer_leaves_the_form_open(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    app.answers(None)
    result = luis.submits({"title": "Vendor", "impact": "low"})
    assert result.error == "operation_timeout"
    assert result.modal is not None


def test_an_answer_can_replace_push_and_clear_forms(app: App, luis: Person) -> None:
    app.opens(form(text_input("one")), luis)
    first = luis.modal
    app.answers({"response_action": "update", "view": form(text_input("two"))})
    luis.submits({"one": "x"})
    assert luis.modal["id"] == first["id"]
    assert luis.modal["hash"] != first["hash"]
    app.answers({"response_action": "push", "view": form(text_input("three"))})
    luis.submits({"two": "x"})
    assert [view["previous_view_id"] for view in luis.modals] == [None, first["id"]]
    app.answers({"response_action": "clear"})
    assert luis.submits({"three": "x"}).modal is None


def test_entered_values_survive_an_update_under_the_same_two_ids_only(app: App, luis: Person) -> None:
    app.opens(form(text_input("title"), text_input("note", optional=True)), luis)
    luis.fills({"title": "Vendor", "note": "kept"})
    fresh = form(text_input("title@2", initial_value="new"), text_input("note", optional=True, initial_value="lost"))
    app.calls("views.update", view_id=luis.modal["id"], view=fresh)
    assert entered(luis, "title@2")["value"] == "new"
    assert entered(luis, "note")["value"] == "kept"


def test_a_choice_that_is_no_longer_offered_is_forgotten(app: App, luis: Person) -> None:
    app.opens(form(choice_input("impact", "high", "low")), luis)
    luis.fills({"impact": "high"})
    app.calls("views.update", view_id=luis.modal["id"], view=form(choice_input("impact", "low")))
    assert entered(luis, "impact")["selected_option"] is None


def test_a_stale_hash_changes_nothing(app: App, luis: Person) -> None:
    app.opens(RISK, luis)
    before = luis.modal
    assert app.calls("views.update", view_id=before["id"], hash=before["hash"], view=form(text_input("a")))["ok"]
    body = app.calls("views.update", view_id=before["id"], hash=before["hash"], view=form(text_input("b")))
    assert body["error"] == "hash_conflict"
    assert luis.modal["blocks"][0]["block_id"] == "a"


def test_an_input_with_dispatch_action_tells_the_app_at_once(app: App, luis: Person) -> None:
    app.opens(form(text_input("title", dispatch=True), text_input("note")), luis)
    luis.fills({"title": "Vendor", "note": "silent"})
    assert app.last["type"] == "block_actions"
    assert app.last["actions"][0]["value"] == "Vendor"
    assert app.last["view"]["state"]["values"]["title"]["title"]["value"] == "Vendor"
    assert app.last["hash"] == luis.modal["hash"]
    assert app.last["container"] == {"type": "view", "view_id": luis.modal["id"]}
    assert len(app.got) == 2
