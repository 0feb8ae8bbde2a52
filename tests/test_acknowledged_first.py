"""Slack is slow at times: nothing is asked of it before an acknowledgement, but to show a form or a Home.

Every test in a town counts this of all that it does. Here everything that is registered is touched.
"""

import copy
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

import handlers
from bot.app import build_app
from bot.database import Database
from handlers.feature import Ask, Command, Feature, Reply
from tests.deliveries import caught
from tests.town import Town

NAMES = {
    part: sorted(name for feature in handlers.FEATURES for name in getattr(feature, part))
    for part in ("actions", "forms", "shortcuts", "suggestions")
}
LINES = sorted({line for feature in handlers.FEATURES for command in feature.commands for line, _ in command.examples})
WORDS = sorted(command.word for feature in handlers.FEATURES for command in feature.commands)
VALUES = ("1", "history:1", "edit:1", "project:1", "any|open|UKAVYA|project:1|1|t")
RATED = {"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}
RECORDS = (
    ("/risk Vendor slips the API", RATED),
    ("/pm issue The ledger is down", {"severity": "sev1", "owner": "ULUIS"}),
    ("/pm assumption The bank agrees", {"owner": "ULUIS", "validate_by": "2026-05-04"}),
    ("/decision Cutover way", {"approver": "ULUIS", "options": "A way\nB way"}),
    ("/update", {"health": "green", "summary": "On time"}),
    ("/checkin", {"people": ["ULUIS", "UKAVYA"]}),
)


@pytest.fixture
def busy(town: Town) -> Town:
    """A record of each kind, and luis, who may do most with them."""
    luis = town.person("ULUIS")
    for line, answers in RECORDS:
        luis.types("CLEDGER", line)
        luis.submits(answers)
        assert luis.form_errors == {}, line
    return town


def pressed(town: Town, button: Mapping[str, Any], name: str, value: str) -> dict[str, Any]:
    """The button's payload as another's, whose trigger is new."""
    payload = copy.deepcopy(dict(button))
    payload["trigger_id"] = town.sandbox.workspace.triggers.make(
        f"{name} {value}", payload["user"]["id"], in_modal=False
    )
    payload["actions"][0] |= {"action_id": name, "value": value, "selected_option": {"value": value}}
    return payload


def sent_off(town: Town) -> Iterator[dict[str, Any]]:
    """The form that is open, with what stands in it."""
    luis = town.person("ULUIS")
    if luis.modals:
        yield caught(town, lambda: luis.submits(force=True))
    while luis.modals:
        luis.closes(all_views=True)


def touch_everything(town: Town) -> set[str]:
    """The forms that were opened and sent off."""
    luis, forms = town.person("ULUIS"), set()
    card = next(said for said in luis.reads("CLEDGER") if "risk.more" in str(said["blocks"]))
    button = caught(town, lambda: luis.presses(card, "risk.more", value="history:1"))
    for line in [*LINES, *(f"/pm {word}" for word in WORDS)]:
        luis.types("CLEDGER", line)
        forms |= {town.acknowledge(form) and form["view"]["callback_id"] for form in sent_off(town)}
    for name in NAMES["actions"]:
        for value in VALUES:
            town.acknowledge(pressed(town, button, name, value))
            forms |= {town.acknowledge(form) and form["view"]["callback_id"] for form in sent_off(town)}
    return forms


def touch_the_rest(town: Town, form: dict[str, Any]) -> None:
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "The vendor may slip")
    said = luis.reads("CLEDGER")[-1]
    for name in NAMES["shortcuts"]:
        luis.uses_on_message(said, name) if name.endswith("from_message") else luis.runs_shortcut(name)
        list(sent_off(town))
    for name in NAMES["forms"]:
        view = form["view"] | {"callback_id": name, "id": f"V{name}", "hash": name}
        town.acknowledge(form | {"view": view})
    for name in NAMES["suggestions"]:
        who = {key: form[key] for key in ("team", "user")}
        menu = {"action_id": name, "block_id": name.rpartition(".")[2], "value": "led", "channel": {"id": "CLEDGER"}}
        town.acknowledge({"type": "block_suggestion", "api_app_id": "A1"} | who | menu)
    luis.opens_home()
    luis.invites_bot("CEMPTY")
    town.sandbox.welcome_person("UNEW", "new")
    town.sandbox.change_person("UNEW", tz="Europe/Berlin")
    town.sandbox.set_quiet_time("UNEW", None)


def test_nothing_is_asked_of_slack_before_an_acknowledgement_but_forms(busy: Town) -> None:
    before = len(busy.sandbox.calls)
    opened = touch_everything(busy)
    busy.person("ULUIS").types("CLEDGER", "/risk")
    [form] = sent_off(busy)
    touch_the_rest(busy, form)
    busy.refused |= {call.method for call in busy.sandbox.refusals}  # of ids that nobody has
    assert busy.before_acknowledging == []
    assert len(opened) > len(NAMES["forms"]) / 3, opened
    shown = [call for call in busy.sandbox.calls[before:] if call.method.startswith("views.")]
    assert len(shown) > 50


def test_a_handler_that_asks_slack_first_is_noticed(database: Database) -> None:
    def ask_first(ask: Ask) -> Reply:
        ask.runtime.slack.chat_postMessage(channel="CLEDGER", text="First!")
        return Reply()

    town = Town(database)
    hasty = Feature(commands=(Command(word="hasty", group="Tests", examples=(), handler=ask_first, button="Hasty"),))
    town.app = build_app(town.runtime, town.identity, features=(*handlers.FEATURES, hasty))
    town.person("ULUIS").types("CLEDGER", "/pm hasty")
    assert town.before_acknowledging == ["chat.postMessage"]
