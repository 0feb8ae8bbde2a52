"""Every button and form that is registered, whether the conversation opens it or not, with ids that are and junk."""

import copy
import json
import logging
import random
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import BoltRequest

from handlers import FEATURES
from tests.hostile.wire import Wire
from tests.neighbours import everything
from tests.town import Town

Payload = dict[str, Any]

BESIDES = ("person", "calendar", "handled_delivery", "outbox", "posted_message", "history")


@pytest.mark.parametrize(
    ("part", "junk"), [("user", {}), ("user", "UKAVYA"), ("actions", [{}]), ("view", {}), ("event", {})]
)
def test_what_has_not_the_shape_that_slack_gives_it_is_passed_over(wire, part, junk):
    kinds = {payload.get("type"): payload for payload in wire.payloads if part in payload}
    assert kinds
    for payload in kinds.values():
        broken = copy.deepcopy(payload) | {part: junk}
        assert wire.town.app.dispatch(BoltRequest(mode="socket_mode", body=broken)).status == 200


ACTIONS = sorted({action for feature in FEATURES for action in feature.actions} - {"kind"})
"""`kind` is asked in two forms, and what it holds differs."""
OF_A_FORM = {action for action in ACTIONS if "." not in action} | {"checkin.preview", "risk.project"}
"""Choices inside a form: Slack sends the form along."""
FORMS = sorted({form for feature in FEATURES for form in feature.forms})
NAMED = (
    *("1", "2", "project:1", "program:1", "round:1", "status:program:1", "rollups:program:1", "snooze:1", "cancel:1"),
    *("1:2", "1:risk:1", "solve:1", "prev:1", "why:1", "history:1", "review_risk:1", "2026-03-30"),
)
JUNK = ("", "x", "-1", "999999999", "99999999999999999999", "program:x", "9999-12-31", "\x00", "::", "|", "a" * 150)


def _pressed(wire: Wire, action: str, value: str, user: str) -> Payload:
    press = copy.deepcopy(wire.pressed)
    press["user"]["id"] = user
    press["trigger_id"] = f"3.{action}.{value[:30]}.{user}"
    chosen = {"selected_option": {"value": value}, "selected_user": value, "selected_date": value}
    press["actions"][0] |= {"action_id": action, "value": value, "block_id": f"b|{value}|{value}"} | chosen
    if action in OF_A_FORM:
        press |= {"view": _sent(wire, "risk.log", value, user)["view"], "channel": None}
    return press


def _sent(wire: Wire, form: str, value: str, user: str) -> Payload:
    """A form whose fields hold what none of ours does, opened from anything."""
    submission = copy.deepcopy(wire.submitted)
    submission["user"]["id"] = user
    names = ("ask", "absent", "program", "project", "section", "escalation", "checkin", "answer", "absence", "blocker")
    metadata = dict.fromkeys((*names, "risk", "issue", "decision", "assumption", "milestone", "finding"), value)
    submission["trigger_id"] = f"4.{form}.{value[:30]}.{user}"
    submission["view"] |= {
        "callback_id": form,
        "hash": submission["trigger_id"],
        "private_metadata": json.dumps(metadata | {"channel": "CPROG", "action": "edit", "person": value}),
    }
    return submission


def _faults(wire: Wire, payload: Payload, caplog: pytest.LogCaptureFixture) -> list[str]:
    caplog.clear()
    with caplog.at_level(logging.WARNING):
        response = wire.town.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
    assert response.status == 200
    return [
        f"{record.getMessage()} {record.exc_info[1] if record.exc_info else ''}"
        for record in caplog.records
        if record.levelno >= logging.ERROR
    ]


def _everything_registered(wire: Wire, user: str) -> Iterator[tuple[str, Payload]]:
    """Each button and form, whether the conversation above opens it or not: with ids that there are, and some junk."""
    dice = random.Random(5)
    for name in ACTIONS:
        for value in (*dice.sample(NAMED, 2), dice.choice(JUNK)):
            yield f"{name} {value}", _pressed(wire, name, value, user)
    for name in FORMS:
        for value in (dice.choice(NAMED), dice.choice(JUNK)):
            yield f"{name} {value}", _sent(wire, name, value, user)


@pytest.mark.parametrize("user", ["ULUIS", "UMAYA"])
def test_no_registered_button_or_form_is_brought_down_by_what_it_carries(wire, caplog, user):
    found = {name: _faults(wire, payload, caplog) for name, payload in _everything_registered(wire, user)}
    wire.close(user)
    assert {name: faults for name, faults in found.items() if faults} == {}


def _everything(town: Town) -> dict[str, list[Any]]:
    """But for who was met, what was told, and what was tried."""
    return {name: rows for name, rows in everything(town.database).items() if name not in BESIDES}


def test_a_guest_changes_nothing_by_any_payload_of_others(wire):
    """They own no record: whatever they send again in their own name is refused."""
    before = _everything(wire.town)
    registered = [payload for _, payload in _everything_registered(wire, "UGUEST")]
    for number, payload in enumerate(wire.payloads + registered):
        mine = copy.deepcopy(payload)
        if "command" in mine:
            mine["user_id"] = "UGUEST"
        elif "user" in mine:
            mine["user"] |= {"id": "UGUEST"}
        if mine.get("type") == "view_submission":
            mine["view"]["hash"] = f"a guest's {number}"
        mine |= {"trigger_id": f"2.guest.{number}"} if "trigger_id" in mine else {}
        wire.town.app.dispatch(BoltRequest(mode="socket_mode", body=mine))
    after = _everything(wire.town)
    assert {name: rows for name, rows in after.items() if rows != before[name]} == {}
