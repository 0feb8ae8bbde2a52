"""Whatever a payload of Slack's says: no fault of ours, and nobody changes what is not theirs.

The payloads are those of a conversation; their words, ids and choices are replaced by others. Seeded, so that a failure
is found again.
"""

import copy
import json
import logging
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_bolt import BoltRequest

from handlers import FEATURES
from tests.hostile.wire import Wire, recorded
from tests.neighbours import everything
from tests.town import Town

Payload = dict[str, Any]

HOSTILE = (
    *("", "  ", "\n", "x", "a\x00b", "\x00", "\ud800", "\u202eabc", "\u2028", "<!channel>", "&" * 150, "a" * 5000),
    *("0", "-1", "1", "2", "7", "²", "1e3", "999999999", "99999999999999999999", "R-99999999999", "D-1"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "2026-03-29", "project:1", "project:999999999", "program:1", "all"),
    *("history:1", "undo:1", "edit:1", "supersede:1", "decide:1", "close:999999999", "risk:1", "status:1"),
    *("UGUEST", "UROBOT", "UGONE", "UNOBODY", "red", "risk 40", "|" * 60, "any|open|UKAVYA|project:1|999|t"),
)
STRUCTURE = (
    *("type", "team", "team_id", "context_team_id", "context_enterprise_id", "token", "api_app_id", "authorizations"),
    *("trigger_id", "response_url", "enterprise", "user", "user_id", "channel", "channel_id", "container"),
)
"""What Slack itself puts there, and signs for."""
OF_A_VIEW = ("state", "callback_id")
ROUNDS = 900
BESIDES = ("person", "calendar", "handled_delivery", "outbox", "posted_message", "history")


@pytest.fixture(scope="module")
def wire(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with recorded(sqlite_template, tmp_path_factory.mktemp("fuzz")) as wire:
        yield wire


def _replaced(payload: Payload, dice: random.Random) -> Payload:
    """The payload with some of its words replaced, or without some of what Slack may leave out."""
    payload = copy.deepcopy(payload)
    for _ in range(dice.choice((1, 1, 2, 3))):
        if not (words := list(_words(payload))):
            break
        holder, key = dice.choice(words)
        holder[key] = dice.choice(HOSTILE) if dice.random() < 0.9 else None
    for part in ("channel", "container", "message"):
        if part in payload and dice.random() < 0.05:
            del payload[part]
    if "trigger_id" in payload:
        payload["trigger_id"] = f"1.{dice.random()}"
    if payload.get("type") == "view_submission":
        payload["view"]["hash"] = str(dice.random())
    return payload


def _words(part: Any, *, top: bool = True) -> Iterator[tuple[Any, Any]]:
    """Every place of a text that a person or their client fills in."""
    for key, value in part.items() if isinstance(part, dict) else enumerate(part):
        if key in STRUCTURE or (top and key == "message"):
            continue
        if top and key == "view":
            value = {name: each for name, each in value.items() if name in OF_A_VIEW and isinstance(each, dict)}
        if isinstance(value, str) and key not in ("command", "id"):
            yield part, key
        elif isinstance(value, dict | list):
            yield from _words(value, top=False)


def test_no_payload_is_a_fault_of_ours(wire, caplog):
    dice = random.Random(4)
    for number in range(ROUNDS):
        payload = _replaced(dice.choice(wire.payloads), dice)
        with caplog.at_level(logging.WARNING):
            response = wire.town.app.dispatch(BoltRequest(mode="socket_mode", body=copy.deepcopy(payload)))
        faults = [record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR]
        assert (response.status, faults) == (200, []), (number, json.dumps(payload)[:3000])
        if number % 100 == 99:
            for user in ("UKAVYA", "ULUIS", "UMAYA"):
                wire.close(user)
    assert not wire.town.sandbox.broadcasts


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
