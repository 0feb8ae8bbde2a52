"""Menus that ask the app for their options while a person types."""

from typing import Any

import pytest

from bot.clock import MovableClock
from bot.sandbox import Person, Sandbox, SlackRefused
from bot.slack_rules import check_options_answer
from tests.sandbox.browser import Page
from tests.sandbox.conftest import (
    LUIS,
    MANIFEST,
    PROJECT,
    App,
    actions,
    button,
    form,
    furnish,
    home,
    option,
    plain,
    section,
)

SILENT = {**MANIFEST["settings"], "interactivity": {"is_enabled": False}}
FOUND = {"options": [option("p-101"), option("p-102")]}


def menu(kind: str = "external_select", **more: Any) -> dict[str, Any]:
    return {"type": kind, "action_id": "project", **more}


def asking(**more: Any) -> dict[str, Any]:
    return {"type": "input", "block_id": "project", "label": plain("Project"), "element": menu(**more)}


def asking_many(*chosen: dict[str, Any]) -> dict[str, Any]:
    element = {"type": "multi_external_select", "action_id": "others", "initial_options": list(chosen)}
    return {"type": "input", "block_id": "others", "label": plain("Others"), "element": element}


def test_what_is_typed_into_a_form_reaches_the_app_and_an_option_is_sent_in_whole(app: App, luis: Person) -> None:
    app.opens(form(asking()), luis)
    app.answers(FOUND)
    result = luis.suggests("modal", "project", "p-1")
    assert result.ack == FOUND
    asked = app.last
    assert asked["type"] == "block_suggestion"
    assert (asked["block_id"], asked["action_id"], asked["value"]) == ("project", "project", "p-1")
    assert asked["view"]["id"] == asked["container"]["view_id"] == luis.modal["id"]
    assert "trigger_id" not in asked
    assert "response_url" not in asked
    app.answers({})
    luis.submits({"project": "p-102"})
    state = app.last["view"]["state"]["values"]["project"]["project"]
    assert state == {"type": "external_select", "selected_option": option("p-102")}


def test_a_menu_in_a_message_names_its_message(app: App, luis: Person) -> None:
    ts = app.posts("x", blocks=[section("Where?", block_id="where", accessory=menu(min_query_length=0))])["ts"]
    app.answers(FOUND)
    luis.suggests((PROJECT, ts), "project", "")
    assert app.last["channel"]["id"] == PROJECT
    assert app.last["message"]["ts"] == app.last["container"]["message_ts"] == ts
    luis.presses((PROJECT, ts), "project", option="p-101")
    assert app.last["actions"][0]["selected_option"] == option("p-101")


def test_a_menu_on_the_home_asks_and_begins_with_its_first_choice(app: App, luis: Person) -> None:
    picked = menu(initial_option=option("p-9"), min_query_length=1)
    app.calls("views.publish", user_id=LUIS, view=home({"type": "actions", "block_id": "pick", "elements": [picked]}))
    assert luis.home
    first = {"type": "external_select", "selected_option": option("p-9")}
    assert luis.home["state"]["values"] == {"pick": {"project": first}}
    app.answers(FOUND)
    assert luis.suggests("home", "project", "p").ack == FOUND
    assert app.last["container"] == {"type": "view", "view_id": luis.home["id"]}
    assert (app.last["view"]["type"], app.last["block_id"], app.last["value"]) == ("home", "pick", "p")
    app.answers({})
    luis.presses("home", "project", option="p-102")
    [action] = app.last["actions"]
    assert (action["selected_option"], action["initial_option"]) == (option("p-102"), option("p-9"))
    assert luis.home["state"]["values"]["pick"]["project"]["selected_option"] == option("p-102")


def test_a_menu_in_a_message_begins_with_its_first_choice_and_can_go_back_to_it(app: App, luis: Person) -> None:
    where = section("Where?", block_id="where", accessory=menu(initial_option=option("p-9")))
    ts = app.posts("x", blocks=[where, actions(button("go"))])["ts"]
    luis.presses((PROJECT, ts), "go")
    assert app.last["state"]["values"]["where"]["project"]["selected_option"] == option("p-9")
    app.answers(FOUND)
    luis.suggests((PROJECT, ts), "project", "p-1")
    for value in ("p-101", "p-9"):
        luis.presses((PROJECT, ts), "project", option=value)
        assert app.last["actions"][0]["selected_option"] == option(value)


def test_a_form_is_submitted_with_the_first_choice_of_its_menu(app: App, luis: Person) -> None:
    app.opens(form(asking(initial_option=option("p-9")), asking_many(option("a"), option("b"))), luis)
    luis.submits()
    values = app.last["view"]["state"]["values"]
    assert values["project"]["project"]["selected_option"] == option("p-9")
    assert values["others"]["others"]["selected_options"] == [option("a"), option("b")]


def test_options_come_in_groups_too_and_several_can_be_chosen(app: App, luis: Person) -> None:
    app.opens(form(asking(kind="multi_external_select", max_selected_items=2)), luis)
    groups = [{"label": plain("Nova"), "options": [option("a"), option("b")]}]
    app.answers({"option_groups": [*groups, {"label": plain("Terra"), "options": [option("c")]}]})
    luis.suggests("modal", "project", "any")
    luis.fills({"project": ["a", "c"]})
    assert luis.modal["state"]["values"]["project"]["project"]["selected_options"] == [option("a"), option("c")]
    with pytest.raises(SlackRefused, match="at most 2"):
        luis.fills({"project": ["a", "b", "c"]})


def test_only_what_was_offered_can_be_chosen(app: App, luis: Person, maya: Person) -> None:
    app.opens(form(asking(initial_option=option("first"))), luis)
    app.answers(FOUND)
    luis.suggests("modal", "project", "p-1")
    luis.fills({"project": "first"})
    with pytest.raises(SlackRefused, match="not offered"):
        luis.fills({"project": "p-999"})
    app.opens(form(asking()), maya)
    with pytest.raises(SlackRefused, match="not offered"):
        maya.fills({"project": "p-101"})


def test_what_is_chosen_outlives_an_update_of_the_form(app: App, luis: Person) -> None:
    app.opens(form(asking()), luis)
    app.answers(FOUND)
    luis.suggests("modal", "project", "p-1")
    luis.fills({"project": "p-101"})
    app.calls("views.update", view_id=luis.modal["id"], view=form(section("More"), asking()))
    assert luis.modal["state"]["values"]["project"]["project"]["selected_option"] == option("p-101")


def test_too_little_typed_asks_nothing(app: App, luis: Person) -> None:
    app.opens(form(asking()), luis)
    asked = len(app.got)
    with pytest.raises(SlackRefused, match="3 characters"):
        luis.suggests("modal", "project", "p-")
    assert len(app.got) == asked


def test_an_answer_that_slack_would_not_take_shows_nothing(app: App, luis: Person) -> None:
    app.opens(form(asking()), luis)
    app.answers({"options": [option(f"p-{n}") for n in range(101)]})
    assert luis.suggests("modal", "project", "p-1").error == "dispatch_failed"
    with pytest.raises(SlackRefused, match="not offered"):
        luis.fills({"project": "p-1"})
    app.answers(None)
    assert luis.suggests("modal", "project", "p-1").error == "operation_timeout"


def test_without_interactivity_there_is_nobody_to_ask(clock: MovableClock) -> None:
    sandbox = furnish(Sandbox(clock, MANIFEST | {"settings": SILENT}))
    app = App(sandbox)
    ts = app.posts("x", blocks=[section("Where?", accessory=menu())])["ts"]
    assert sandbox.person(LUIS).suggests((PROJECT, ts), "project", "p-1").error == "app_missing_action_url"
    assert app.got == []


def test_the_page_gets_the_options(app: App, luis: Person, page: Page, sandbox: Sandbox) -> None:
    sandbox.deliver = app
    app.opens(form(asking()), luis)
    app.answers(FOUND)
    container = {"type": "view", "view_id": luis.modal["id"]}
    answer = page.acts(LUIS, "suggest", container=container, block_id="project", action_id="project", typed="p-1")
    assert answer == {"ok": True, "error": None, "suggested": FOUND}


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({}, "failed to match all allowed schemas [json-pointer:]"),
        ({"options": [], "option_groups": []}, "failed to match all allowed schemas [json-pointer:]"),
        ({"options": [{"text": plain("No value")}]}, "missing required field: value [json-pointer:/options/0]"),
        ({"options": [option("v" * 76)]}, "must be less than 76 characters [json-pointer:/options/0/text/text]"),
    ],
)
def test_options_are_held_to_slacks_rules(answer: dict[str, Any], problem: str) -> None:
    assert [str(found) for found in check_options_answer(answer)] == [problem]


def test_no_options_are_an_answer_too() -> None:
    assert check_options_answer({"options": []}) == []


def test_a_word_about_an_answer_says_which_button(app: App, luis: Person) -> None:
    sides = {"positive_button": {"text": plain("Good"), "value": "good"}}
    sides |= {"negative_button": {"text": plain("Bad"), "value": "bad"}}
    asked = {"type": "feedback_buttons", "action_id": "feedback", **sides}
    ts = app.posts("x", blocks=[{"type": "context_actions", "block_id": "asked", "elements": [asked]}])["ts"]
    luis.presses((PROJECT, ts), "feedback", value="bad")
    action = app.last["actions"][0]
    assert (action["type"], action["value"]) == ("feedback_buttons", "bad")
    with pytest.raises(SlackRefused, match="neither button"):
        luis.presses((PROJECT, ts), "feedback", value="ugly")
