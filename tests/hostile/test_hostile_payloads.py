"""Whatever comes through Slack's doors: no fault of ours, no change by the wrong one, and no word to them."""

import json
from pathlib import Path
from typing import Any

import pytest

from handlers import FEATURES
from tests.hostile.mutations import LOUD, QUIET, Mutation
from tests.hostile.trial import CORPUS, COUNT, Trial, run
from tests.hostile.wire import EVENTS, NOTICES, kind_of

ALL = (*QUIET, *LOUD)
SHARES = max(1, COUNT // (len(ALL) * 500))
"""So that a long run is spread over the workers."""


def test_the_conversation_holds_every_kind_of_payload(wire):
    kinds = {kind_of(payload) for payload in wire.payloads}
    assert kinds >= {
        *("command", "block_actions", "view_submission", "view_closed", "shortcut", "message_action"),
        *("block_suggestion", "url_verification", "ssl_check", *(f"event {name}" for name in (*EVENTS, *NOTICES))),
    }
    assert {name for feature in FEATURES for name in feature.events} == set(EVENTS)


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("mutation", ALL, ids=lambda mutation: mutation.name)
def test_no_payload_does_what_none_may(trial: Trial, mutation: Mutation, share: int):
    found = run(trial, mutation, share, COUNT // (len(ALL) * SHARES) + 1)
    assert not found, f"{len(found)} found:\n" + "\n".join(found[:8])
    assert not trial.wire.town.sandbox.broadcasts


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_found_once_is_not_found_again(trial: Trial, path: Path):
    """`$times` and `$deep` stand for what would fill the file."""
    case = json.loads(path.read_text(), object_hook=_grown)
    for door in ("socket", "web"):
        found = trial.problems(case["payload"], door, is_quiet=case["quiet"])
        assert not found, (case["what"], found)


def _grown(part: dict[str, Any]) -> Any:
    if "$times" in part:
        text, times = part["$times"]
        return text * times
    if "$deep" in part:
        deep: Any = {}
        for _ in range(part["$deep"]):
            deep = [deep]
        return deep
    return part
