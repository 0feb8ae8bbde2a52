"""Ids of another workspace are told in the same words, by the same statements, as ids that nobody has."""

import copy
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.hostile.capabilities import ACTIONS, COMMANDS, FORMS, LINES, SUGGESTIONS, metadata_of, value_of
from tests.hostile.trial import Trial
from tests.hostile.wire import Payload
from tests.neighbours import NOBODYS
from tests.statements import statements_of

NUMBERS = re.compile(r"\b(?:7000[0-9]{2}|987654[0-9]{3})\b")
"""The neighbour's ids, and nobody's."""
STAMPS = re.compile(r"[0-9A-F]{4}-[0-9A-F]{2}\b|\bV[0-9A-Z]{6,}\b|[0-9]{10}\.[0-9]{6}")
"""Codes of errors, and what Slack numbers itself."""


def heard(trial: Trial, payload: Payload) -> tuple[str, list[str]]:
    """All that is said on it, and all that the database is asked."""
    trial.reset()
    calls = len(trial.wire.town.sandbox.calls)
    with statements_of(Engine) as statements:
        answer = trial.socket.sends(payload)
        asked = [" ".join(statement.split()) for statement in statements]
    said = [(call.method, call.args) for call in trial.wire.town.sandbox.calls[calls:]]
    for user in ("ULUIS", "UMAYA"):
        trial.wire.close(user)
    told = NUMBERS.sub("…", f"{answer.status} {answer.body} {json.dumps(said, default=str)}")
    return STAMPS.sub("…", told), asked


def differences(trial: Trial, theirs: Payload, nobodys: Payload) -> Iterator[str]:
    [told, asked], [told_of_none, asked_of_none] = heard(trial, theirs), heard(trial, nobodys)
    if told != told_of_none:
        yield f"told: {told[:600]} | {told_of_none[:600]}"
    if asked != asked_of_none:
        yield f"asked: {len(asked)} and {len(asked_of_none)} statements"


def nobodys(trial: Trial) -> dict[str, int]:
    return {table: NOBODYS + number for number, table in enumerate(trial.wire.theirs)}


def pressed(trial: Trial, user: str, action: str, value: str) -> Payload:
    press = copy.deepcopy(trial.wire.pressed)
    press["user"]["id"], press["trigger_id"] = user, "6.press"
    del press["response_url"]  # good for five answers: each is a direct message instead
    chosen = {"selected_option": {"value": value}}
    press["actions"][0] |= {"action_id": action, "value": value, "block_id": f"b|{value}|{value}"} | chosen
    return press


def submitted(trial: Trial, user: str, form: str, ids: dict[str, int], action: str) -> Payload:
    sent = copy.deepcopy(trial.wire.submitted)
    sent["user"]["id"], sent["trigger_id"] = user, "6.submit"
    metadata = metadata_of(ids) | {"action": action}
    sent["view"] |= {"callback_id": form, "hash": "6", "private_metadata": json.dumps(metadata)}
    for elements in sent["view"]["state"]["values"].values():
        for element in elements.values():
            chosen = element.get("selected_option")
            if chosen and chosen.get("value", "").startswith("project:"):
                chosen["value"] = f"project:{ids['project']}"
    return sent


def test_every_button_is_known_with_the_rows_that_it_names(trial):
    named = {action: value_of(action, trial.wire.theirs) for action in ACTIONS}
    assert sum(value is not None for value in named.values()) > 150


@pytest.mark.parametrize("user", ["ULUIS", "UMAYA"])
def test_a_button_with_the_id_of_another_workspace_is_one_with_nobodys(trial, user):
    found = {}
    for action in ACTIONS:
        value, none = (value_of(action, ids) for ids in (trial.wire.theirs, nobodys(trial)))
        if value is not None and none is not None:
            theirs, others = (pressed(trial, user, action, each) for each in (value, none))
            if problems := list(differences(trial, theirs, others)):
                found[action] = problems
    assert found == {}


@pytest.mark.parametrize("user", ["ULUIS", "UMAYA"])
def test_a_form_of_a_row_of_another_workspace_is_one_of_nobodys(trial, user):
    found = {}
    for form in FORMS:
        for action in ("edit", "close") if form.endswith(".act") else ("edit",):
            theirs, others = (submitted(trial, user, form, ids, action) for ids in (trial.wire.theirs, nobodys(trial)))
            if problems := list(differences(trial, theirs, others)):
                found[f"{form} {action}"] = problems
    assert found == {}


def typed(trial: Trial, line: str) -> Payload:
    command, _, text = line.partition(" ")
    sent = next(each for each in trial.wire.payloads if each.get("command"))
    return copy.deepcopy(sent) | {"command": command, "text": text, "trigger_id": "6.type", "user_id": "UMAYA"}


def test_every_command_is_typed():
    assert set(LINES) == {command.word for command in COMMANDS}
    typed = {line.partition(" ")[0] for lines in LINES.values() for line in lines}
    assert typed == {"/pm", *(command.alias for command in COMMANDS if command.alias)}


def test_a_line_that_names_what_is_another_workspaces_is_one_that_names_nothing(trial):
    """Its words, and its numbers."""
    found: dict[str, list[str]] = {}
    for line in (line for lines in LINES.values() for line in lines):
        if "{word}" in line:
            theirs, none = typed(trial, line.format(word="neighbour")), typed(trial, line.format(word="eighbourn"))
            [told, _], [told_of_none, _] = heard(trial, theirs), heard(trial, none)
            if told.replace("neighbour", "…") != told_of_none.replace("eighbourn", "…"):
                found[line] = [told[:500], told_of_none[:500]]
    for kind in ("R", "D", "I", "A", "M", "AF", "P", "PRG"):
        for row in (7001, 7050, 7100):
            theirs, none = typed(trial, f"/pm {kind}-{row}"), typed(trial, f"/pm {kind}-{row + 900_000}")
            [told, _], [told_of_none, _] = heard(trial, theirs), heard(trial, none)
            if told.replace(str(row), "…") != told_of_none.replace(str(row + 900_000), "…"):
                found[f"{kind}-{row}"] = [told[:500], told_of_none[:500]]
    assert found == {}


def test_no_menu_offers_what_is_another_workspaces(trial):
    suggestion: dict[str, Any] = next(each for each in trial.wire.payloads if each.get("type") == "block_suggestion")
    for menu in SUGGESTIONS:
        for value in ("neighbour", "", "Next door"):
            answer = trial.socket.sends(copy.deepcopy(suggestion) | {"action_id": menu, "value": value})
            assert "neighbour" not in answer.body.lower(), menu
