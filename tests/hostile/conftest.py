from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hostile.trial import Trial, listening
from tests.hostile.wire import Wire, recorded

MOST_SECONDS = 900
"""The conversation that comes before the first test of a process is long."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "hostile" in item.path.parts and item.get_closest_marker("timeout") is None:
            item.add_marker(pytest.mark.timeout(MOST_SECONDS))


@pytest.fixture(scope="session")
def wire(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    with recorded(sqlite_template, tmp_path_factory.mktemp("hostile")) as wire:
        yield wire


@pytest.fixture(scope="session")
def whole_trial(wire: Wire) -> Iterator[Trial]:
    trial = Trial(wire, [])
    yield trial
    trial.close()


@pytest.fixture
def trial(whole_trial: Trial) -> Iterator[Trial]:
    """As it was after the conversation."""
    with listening(whole_trial.log):
        whole_trial.reset()
        yield whole_trial
