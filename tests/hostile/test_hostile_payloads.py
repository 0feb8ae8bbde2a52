"""Whatever comes through Slack's doors: no fault of ours, no change by the wrong one, and no word to them."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from handlers import FEATURES
from tests.hostile.mutations import LOUD, QUIET, Mutation
from tests.hostile.trial import CORPUS, COUNT, Trial, listening, run, user_of
from tests.hostile.wire import EVENTS, Wire, kind_of, recorded

ALL = (*QUIET, *LOUD)
SHARES = max(1, COUNT // (len(ALL) * 500))
"""So that a long run is spread over the workers."""


@pytest.fixture(scope="module")
def wire(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with recorded(sqlite_template, tmp_path_factory.mktemp("hostile")) as wire:
        yield wire


@pytest.fixture(scope="module")
def trial(wire: Wire) -> Iterator[Trial]:
    with listening() as log:
        trial = Trial(wire, log)
        yield trial
        trial.close()


def test_the_conversation_holds_every_kind_of_payload(wire):
    kinds = {kind_of(payload) for payload in wire.payloads}
    assert kinds >= {
        *("command", "block_actions", "view_submission", "view_closed", "shortcut", "message_action"),
        *("block_suggestion", "url_verification", "ssl_check", *(f"event {name}" for name in EVENTS)),
    }
    assert {name for feature in FEATURES for name in feature.events} == set(EVENTS)


@pytest.mark.timeout(900)
@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("mutation", ALL, ids=lambda mutation: mutation.name)
def test_no_payload_does_what_none_may(trial: Trial, mutation: Mutation, share: int):
    trial.reset()
    found = run(trial, mutation, share, COUNT // (len(ALL) * SHARES) + 1)
    assert not found, f"{len(found)} found:\n" + "\n".join(found[:8])
    assert not trial.wire.town.sandbox.broadcasts


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*.json")), ids=lambda path: path.stem)
def test_what_was_found_once_is_not_found_again(trial: Trial, path: Path):
    trial.reset()
    case = json.loads(path.read_text())
    for send in (trial.socket.sends, trial.web.sends):
        found = trial.problems(
            lambda send=send: send(case["payload"]), is_quiet=case["quiet"], user=user_of(case["payload"])
        )
        assert not found, (case["what"], found)
