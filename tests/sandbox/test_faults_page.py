"""Faults, switched on and off from the page."""

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.fault_kinds import KINDS
from tests.sandbox.browser import Page
from tests.sandbox.conftest import Payload


def test_the_page_switches_faults_on_and_off(sandbox: Sandbox, page: Page) -> None:
    shown = page.gets("/sandbox/faults")
    assert (shown["active"], [entry["kind"] for entry in shown["catalogue"]]) == ([], list(KINDS))
    assert {"kind", "about", "title", "words", "seconds", "seconds_mean"} == set(shown["catalogue"][0])
    assert [entry["do"] for entry in shown["sockets"]] == ["renew", "drop", "disable", "refuse"]
    assert {"chat.postMessage", "response_url"} < set(shown["methods"])
    added = {"kind": "rate_limited", "methods": ["chat.postMessage"], "times": 2, "seconds": 5}
    assert page.ask("POST", "/sandbox/faults", {"add": added})[1]["active"] == [added]
    everywhere = page.ask("POST", "/sandbox/faults", {"add": {"kind": "slow"}})[1]["active"][1]
    assert everywhere == {"kind": "slow", "methods": ["*"], "times": None, "seconds": 2.0}
    assert page.ask("POST", "/sandbox/faults", {"clear": "slow"})[1]["active"] == [added]
    assert page.ask("POST", "/sandbox/faults", {"clear": True})[1]["active"] == []
    assert sandbox.faults.active() == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "say what"),
        ({"add": {"kind": "earthquake"}}, "no fault is called"),
        ({"add": {"kind": "slow", "methods": ["chat.shout"]}}, "methods is a list"),
        ({"add": {"kind": "slow", "methods": "*"}}, "methods is a list"),
        ({"add": {"kind": "slow", "methods": [["*"]]}}, "methods is a list"),
        ({"add": {"kind": "slow", "times": "2"}}, "times is"),
        ({"add": {"kind": "slow", "times": 0}}, "at least once"),
        ({"add": {"kind": "slow", "seconds": True}}, "seconds is"),
        ({"add": {"kind": "slow", "seconds": 1e9}}, "seconds is"),
        ({"sockets": "burn"}, "burn"),
    ],
)
def test_the_page_is_told_what_it_cannot_switch_on(page: Page, body: Payload, words: str) -> None:
    status, said = page.ask("POST", "/sandbox/faults", body)
    assert status == 400
    assert words in said


def test_another_site_cannot_switch_anything_on(page: Page, sandbox: Sandbox) -> None:
    elsewhere = {"Origin": "http://elsewhere.example"}
    assert page.ask("POST", "/sandbox/faults", {"add": {"kind": "slow"}}, **elsewhere)[0] == 403
    assert sandbox.faults.active() == []
