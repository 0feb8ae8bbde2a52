"""A database whose bot has lived a little, its backup, and empty places to restore to."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url, text

from bot.config import Settings


def settings_of(url: str) -> Settings:
    return Settings(_env_file=None, database_url=url, slack_bot_token=SecretStr("xoxb-1"))


@pytest.fixture
def in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Backups without a name, and what a restore keeps, are laid into ./data."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def elsewhere(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[], str]:
    """A new address each time: of a file that is not there yet, or of an empty database of the same server."""
    made: list[str] = []

    def make() -> str:
        made.append(f"t{abs(hash(request.node.nodeid))}_{len(made)}")
        if database_url.startswith("sqlite"):
            return f"sqlite:///{tmp_path / 'elsewhere' / made[-1]}.db"
        server: Any = request.getfixturevalue("postgres")
        admin = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{made[-1]}" TEMPLATE template0'))
        admin.dispose()
        return make_url(database_url).set(database=made[-1]).render_as_string(hide_password=False)

    return make
