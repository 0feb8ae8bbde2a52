"""Each kind of input, and what a client lets through."""

import pytest

from bot.sandbox import Person, SlackRefused
from tests.sandbox.conftest import (
    LUIS,
    MAYA,
    PROJECT,
    App,
    Payload,
    form,
    option,
    plain,
)


def picker(kind: str, **more: object) -> Payload:
    element = {"type": kind, "action_id": "it", **more}
    return {"type": "input", "block_id": "it", "label": plain("it"), "element": element}


@pytest.mark.parametrize(
    ("block", "plain_value", "state"),
    [
        (picker("datepicker"), "2026-04-03", {"selected_date": "2026-04-03"}),
        (picker("timepicker"), "09:30", {"selected_time": "09:30"}),
        (picker("datetimepicker"), 1774875600, {"selected_date_time": 1774875600}),
        (picker("users_select"), MAYA, {"selected_user": MAYA}),
        (picker("multi_users_select"), [LUIS, MAYA], {"selected_users": [LUIS, MAYA]}),
        (picker("number_input", is_decimal_allowed=False), "3", {"value": "3"}),
        (picker("radio_buttons", options=[option("a")]), "a", {"selected_option": option("a")}),
        (picker("checkboxes", options=[option("a"), option("b")]), ["b"], {"selected_options": [option("b")]}),
        (picker("conversations_select"), PROJECT, {"selected_conversation": PROJECT}),
    ],
)
def test_each_kind_of_input_has_its_own_state(
    app: App, luis: Person, block: Payload, plain_value: object, state: Payload
) -> None:
    app.opens(form(block), luis)
    luis.submits({"it": plain_value})
    assert app.last["view"]["state"]["values"]["it"]["it"] == {"type": block["element"]["type"], **state}


@pytest.mark.parametrize(
    ("block", "plain_value"),
    [
        (picker("datepicker"), "next Friday"),
        (picker("timepicker"), "9 o'clock"),
        (picker("number_input", is_decimal_allowed=False), "many"),
        (picker("number_input", is_decimal_allowed=False), "1.5"),
        (picker("number_input", is_decimal_allowed=True, max_value="10"), "11"),
        (picker("multi_users_select", max_selected_items=1), [LUIS, MAYA]),
    ],
)
def test_a_picker_lets_only_its_own_kind_through(app: App, luis: Person, block: Payload, plain_value: object) -> None:
    app.opens(form(block), luis)
    with pytest.raises(SlackRefused):
        luis.submits({"it": plain_value})
