"""A workspace and an installation to be examined; whatever the doctor says of it, no secret is in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from bot.clock import Clock, SystemClock
from bot.config import Settings
from bot.database import Database
from bot.doctor import run_doctor
from bot.doctor.report import secrets_of
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import EXAMPLE
from tests.town import MANIFEST

SECRET = "8f742231b10e8888abcd9900011185a5"
NOBODY_LISTENS = "http://127.0.0.1:9/api/"
PASSWORD = "hunter22hunter22"


class Practice:
    """A workspace, and an installation to be examined."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self._capsys = capsys
        self.now: Clock = SystemClock()
        self.settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr(EXAMPLE.bot_token),
            slack_app_token=SecretStr(EXAMPLE.app_token),
            database_url=f"sqlite:///{folder / 'bot.db'}",
        )
        self.open_workspace(MANIFEST)

    def open_workspace(self, manifest: dict[str, Any], **options: bool) -> None:
        """In the place of the one before, with the same people and channels."""
        self.sandbox = Sandbox(self.now, manifest, **options)
        for user in ("UMAYA", "ULUIS"):
            self.sandbox.add_person(user, user[1:].lower(), real_name=user[1:].title(), is_admin=user == "UMAYA")
        for channel in ("CLEDGER", "CFRAUD", "CSECRET"):
            members = ["UMAYA", "ULUIS", self.sandbox.bot_user_id]
            self.sandbox.add_channel(channel, channel[1:].lower(), members, is_private=channel == "CSECRET")

    @contextmanager
    def slack(self) -> Iterator[None]:
        server = SandboxServer(self.sandbox, page_dir=self.folder)
        server.start()
        self.sets(slack_api_url=f"{server.url}/api/")
        yield
        server.stop()

    def sets(self, **values: Any) -> None:
        secret = {name: SecretStr(value) if name.startswith("slack_") and name != "slack_api_url" else value
                  for name, value in values.items()}  # fmt: skip
        self.settings = self.settings.model_copy(update=secret)

    def change(self, statement: Any) -> None:
        database = Database(self.settings.database_url)
        with database.everywhere() as session:
            session.execute(statement)
        database.close()

    def examine(self, *, clock: Clock | None = None, as_json: bool = False, again: bool = False) -> tuple[int, str]:
        """The exit code, and all that was said, on one line. Never a secret."""
        env_file = self.folder / ".env"
        clock = clock or self.now
        code = run_doctor(lambda: self.settings, env_file=env_file, clock=clock, as_json=as_json, again=again)
        said = "".join(self._capsys.readouterr())
        for secret in secrets_of(self.settings):
            assert secret not in said
        return code, " ".join(said.split())

    def says(self, words: str, **options: Any) -> int:
        code, said = self.examine(**options)
        assert words in said, said
        return code


def set_up(sandbox: Sandbox, *channels: str) -> None:
    maya = sandbox.person("UMAYA")
    for channel in channels:
        maya.types(channel, f"/pm setup The {channel}")
        maya.submits({"target_on": "2099-01-01"})
        assert maya.form_errors == {}


def with_scopes(add: set[str] = frozenset(), without: set[str] = frozenset()) -> dict[str, Any]:
    scopes = MANIFEST["oauth_config"]["scopes"]
    bot = [scope for scope in scopes["bot"] if scope not in without]
    return MANIFEST | {"oauth_config": {"scopes": {**scopes, "bot": [*bot, *add]}}}
