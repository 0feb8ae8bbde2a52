import copy
from typing import Any

import pytest

from bot.database import Database
from tests.importing.office import REFERENCE, Office


@pytest.fixture
def office(database: Database) -> Office:
    return Office(database)


@pytest.fixture
def data() -> dict[str, Any]:
    """The reference portfolio, to be changed as a test likes."""
    return copy.deepcopy(REFERENCE)
