"""`./run start`: connects by Socket Mode, serves, and stops; what keeps it from starting is said in words."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.clock import SystemClock
from bot.config import Settings
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from bot.start import run_bot
from tests.town import one_channel


@pytest.fixture
def slack(sandbox: Sandbox, tmp_path: Path) -> Iterator[SandboxServer]:
    server = SandboxServer(sandbox, page_dir=tmp_path)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sandbox() -> Sandbox:
    return one_channel(SystemClock())


def settings(sandbox: Sandbox, slack: SandboxServer, tmp_path: Path, **values: str) -> Settings:
    tokens = {"slack_bot_token": sandbox.bot_token, "slack_app_token": sandbox.app_token} | values
    return Settings(
        _env_file=None,
        slack_api_url=f"{slack.url}/api/",
        database_url=f"sqlite:///{tmp_path / 'bot.db'}",
        **{name: SecretStr(token) for name, token in tokens.items()},
    )


def test_a_bot_against_real_sockets_serves_until_it_is_told_to_stop(sandbox, slack, tmp_path):
    said = []

    def meanwhile() -> None:
        luis = sandbox.person("ULUIS")
        said.append(luis.types("CLEDGER", "/pm help").text)
        luis.types("CLEDGER", "/pm setup Ledger")
        luis.submits({"target_on": "2099-01-01"})
        said.append(luis.form_errors)

    assert run_bot(settings(sandbox, slack, tmp_path), wait=meanwhile) == 0
    assert said == ["What you can say: /pm, /risk, /decision, /update. Add help to any of them.", {}]
    assert (tmp_path / "bot.db").stat().st_mode & 0o777 == 0o600


def test_a_wrong_token_is_said_in_words_and_never_shown(sandbox, slack, tmp_path, caplog):
    code = run_bot(settings(sandbox, slack, tmp_path, slack_bot_token="xoxb-very-wrong"), wait=lambda: None)
    assert code == 1
    assert "Slack refused a token: invalid_auth." in caplog.text
    assert "very-wrong" not in caplog.text


def test_a_slack_that_cannot_be_reached_is_said_in_words(sandbox, slack, tmp_path, caplog):
    unreachable = settings(sandbox, slack, tmp_path).model_copy(update={"slack_api_url": "http://127.0.0.1:9/api/"})
    assert run_bot(unreachable, wait=lambda: None) == 1
    assert "http://127.0.0.1:9/api/ cannot be reached" in caplog.text


def test_one_bot_runs_on_a_file(sandbox, slack, tmp_path):
    second: list[object] = []

    def meanwhile() -> None:
        def start_again() -> None:
            try:
                run_bot(settings(sandbox, slack, tmp_path), wait=lambda: None)
            except SystemExit as refusal:
                second.append(str(refusal))

        other = threading.Thread(target=start_again)
        other.start()
        other.join()

    assert run_bot(settings(sandbox, slack, tmp_path), wait=meanwhile) == 0
    assert second == [f"Another Stationmaster runs on {tmp_path / 'bot.db'} already."]
