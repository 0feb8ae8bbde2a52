"""Every (state, act, role) of every machine, from Slack: what is legal works, what is not is refused in words.

The tables are typed from domain 3 in `subjects.py`, apart from the data that the code reads.
"""

import pytest

from tests.asking import sqlite_only
from tests.machines.subjects import SUBJECTS
from tests.machines.trial import CAST, Trial

CANNOT, NOT_THERE = "You cannot", "I cannot find"
SIZE = sum(len(subject.states) * len(subject.actions) * len(CAST) for subject in SUBJECTS.values())


@sqlite_only
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SUBJECTS)
def test_every_role_can_do_what_the_paper_says_in_every_state_and_nothing_else(town, name, record_property):
    subject = SUBJECTS[name]
    trial = Trial(town, subject)
    wrong: list[str] = []
    tried = 0
    for state in subject.states:
        for action in subject.actions:
            row = subject.row(state, action)
            for role in CAST:
                trial.put(state)
                refused_before = trial.refusals()
                told = trial.act(role, action)
                tried += 1
                expected = row.target if row and role in row.people() else state
                what = f"{name}: {role} {action} from {state}"
                if trial.state() != expected:
                    wrong.append(f"{what}: is {trial.state()}, should be {expected}; told {told!r}")
                elif problem := _wrong_words(
                    role, row is not None, expected != state or (action, role) in subject.asks, told
                ):
                    wrong.append(f"{what}: {problem}: {told!r}")
                elif told and trial.refusals() != refused_before + 1:
                    wrong.append(f"{what}: the refusal is not in the history")
    assert not wrong, f"{len(wrong)} of {tried} wrong:\n" + "\n".join(wrong[:40])
    record_property("triples", tried)
    print(f"{name}: {tried} (state, act, role) triples, {SIZE} in all")  # noqa: T201


def _wrong_words(role: str, is_legal: bool, worked: bool, told: str) -> str | None:
    if worked:
        return None if not told or not is_legal else "something was told"
    if not is_legal and role != "outsider":
        return None if "From here it can" in told or "Nothing more can be done" in told else "the state is not told"
    if role == "outsider":
        return None if NOT_THERE in told else "an outsider is told more than that it is not there"
    return None if CANNOT in told else "who may is not told"
