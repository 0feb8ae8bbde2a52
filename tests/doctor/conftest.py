"""Practices in their several states."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.database import Database
from tests.doctor.practice import Practice
from tests.town import Town


@pytest.fixture
def practice(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Practice:
    return Practice(tmp_path, capsys)


@pytest.fixture
def connected(practice: Practice) -> Iterator[Practice]:
    """Slack answers."""
    with practice.slack():
        yield practice


@pytest.fixture
def used(practice: Practice, database: Database) -> Iterator[Practice]:
    """A bot has run on its database, of either kind."""
    town = Town(database, now=practice.now.now())
    practice.sandbox = town.sandbox
    practice.sets(database_url=database.url)
    with practice.slack():
        town.sandbox.deliver = town.deliver
        yield practice
