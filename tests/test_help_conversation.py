"""Help, wrong words, buttons of older versions and faults of ours: nothing typed is ever lost."""

import json
import logging
from dataclasses import replace

import pytest

from handlers import FEATURES
from handlers.feature import Feature, Reply
from handlers.router import Router


def test_help_is_made_from_the_registrations(town):
    shown = town.person("UKAVYA").types("CLEDGER", "/pm help").shown[0]
    text = str(shown["blocks"])
    assert "This channel is Ledger Migration." in text
    for feature in FEATURES:
        for command in feature.commands:
            for example, _ in command.examples:
                assert example in text
    assert shown["ephemeral"]


@pytest.mark.parametrize("typed", ["/pm", "/pm help", "/pm  HELP ", "/risk help", "/pm help risk"])
def test_every_way_of_asking_for_help_is_answered(town, typed):
    assert town.person("UKAVYA").types("CLEDGER", typed).text.startswith("What you can say")


def test_one_command_shows_its_own_help(town):
    text = str(town.person("UKAVYA").types("CLEDGER", "/decision help").shown[0]["blocks"])
    assert "/decision Cutover strategy" in text
    assert "/update" not in text


def test_a_wrong_word_offers_the_nearest_with_what_was_typed(town):
    kavya = town.person("UKAVYA")
    said = kavya.types("CLEDGER", "/pm rsik Vendor slips <API> & more").shown[0]
    assert "*I do not know `rsik`. Did you mean `risk`?*" in said["blocks"][0]["text"]["text"]
    assert "`/pm rsik Vendor slips &lt;API&gt; &amp; more`" in said["blocks"][0]["text"]["text"]
    kavya.presses(said, "command.run")
    assert kavya.modal["blocks"][0]["element"]["initial_value"] == "Vendor slips <API> & more"


@pytest.mark.parametrize(
    "typed", ["/pm xyzzy", "/pm <!channel>", "/pm " + "&" * 3000, "/pm `code` and *bold*", "/pm مخاطر", "/pm 🚂"]
)
def test_words_that_are_like_nothing_come_back(town, typed):
    said = town.person("UKAVYA").types("CLEDGER", typed).shown[0]
    assert "I do not know" in said["blocks"][0]["text"]["text"]
    assert "Nothing was saved" in said["blocks"][0]["text"]["text"]


def test_a_button_of_an_older_version_explains_itself(town):
    kavya = town.person("UKAVYA")
    help_message = kavya.types("CLEDGER", "/pm help").shown[0]
    router = Router(town.runtime, [])
    payload = {
        "type": "block_actions",
        "trigger_id": "1.2.old",
        "user": {"id": "UKAVYA"},
        "response_url": "",
        "actions": [{"action_id": "gone.long_ago", "value": "1"}],
    }
    answered = router(payload, _context(town), lambda: None)
    assert answered.status == 200
    assert kavya.direct_messages()[-1]["text"].startswith("This button is from an older version.")
    assert help_message


def test_a_fault_of_ours_gives_a_code_that_the_log_carries_and_the_text_back(town, caplog):
    broken = replace(FEATURES[0].commands[0], handler=_breaks)
    router = Router(town.runtime, [Feature(commands=(broken,))])
    body = {
        "command": "/risk",
        "text": "Vendor <slips>",
        "user_id": "UKAVYA",
        "channel_id": "CLEDGER",
        "trigger_id": "1.2.x",
    }
    with caplog.at_level(logging.ERROR):
        answered = router(body, _context(town), lambda: None)
    text = str(answered.body)
    [record] = caplog.records
    code = record.getMessage().rsplit(" ", 1)[1]
    assert code in text
    assert "The fault is ours" in text
    assert "/risk Vendor &lt;slips&gt;" in text
    assert "secret-token" not in text
    assert "Vendor" not in record.getMessage(), "what people type stays out of the log"


def test_a_form_that_cannot_be_saved_stays_open_with_all_that_was_typed(town, caplog):
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    answers = {"probability": "4", "impact": "5", "category": "vendor", "statement": "Kept <as> typed"}
    healthy, town.sandbox.deliver = town.sandbox.deliver, _broken(town)
    with caplog.at_level(logging.ERROR):
        kavya.submits(answers)
    assert kavya.modal["blocks"][0]["type"] == "alert"
    assert "Not saved yet. Everything you typed is still here." in kavya.modal["blocks"][0]["text"]["text"]
    town.sandbox.deliver = healthy
    kavya.submits()
    assert kavya.form_errors == {}
    assert "Kept &lt;as&gt; typed" in str(town.card("CLEDGER", "New Extreme risk R-1")["blocks"])


def _broken(town):
    router = Router(town.runtime, [Feature(forms={"risk.log": _breaks})])

    def deliver(kind, payload, retry):
        return json.loads(router(payload, _context(town), lambda: None).body or "{}")

    return deliver


def _breaks(ask) -> Reply:
    raise RuntimeError("the disk is on fire, secret-token")


def _context(town):
    class Context:
        team_id = town.identity["team_id"]

    return Context()
