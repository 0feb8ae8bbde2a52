"""SECURITY.md says nothing that no test holds; and what has no better place for its test."""

import ast
import re
import stat
from http.client import HTTPConnection
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app import build_runtime
from bot.config import LOOPBACK, Settings
from bot.server import build_admin
from bot.start import _only_one
from bot.web_server import WebServer
from tests.town import Town

ROOT = Path(__file__).parents[2]
SECURITY = (ROOT / "SECURITY.md").read_text()
NAMED = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
TOKEN = "xoxb-1-sentinel"


def promises() -> list[str]:
    """Each point of the part that promises, with the lines that go on with it."""
    part = SECURITY.partition("## What is promised")[2].partition("\n## What is not promised")[0]
    return [" ".join(point.split()) for point in re.split(r"\n- ", part)[1:]]


def test_there_are_promises():
    assert len(promises()) > 20


@pytest.mark.parametrize("promise", promises(), ids=lambda promise: promise[:40])
def test_each_promise_names_a_test_that_there_is(promise):
    named = NAMED.findall(promise)
    assert named, promise
    for path, name in named:
        tree = ast.parse((ROOT / path).read_text())
        assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, f"{path}::{name}"


def settings(tmp_path: Path) -> Settings:
    return Settings(
        _env_file=None,
        slack_bot_token=SecretStr(TOKEN),
        slack_app_token=SecretStr(TOKEN),
        slack_signing_secret=SecretStr(TOKEN),
        database_url=f"sqlite:///{tmp_path / 'bot.db'}",
    )


def test_nothing_that_holds_a_token_shows_it(tmp_path):
    """Not in a traceback that prints it, not in a log that names it, not as JSON."""
    given = settings(tmp_path)
    runtime = build_runtime(given, wake=lambda: None)
    shown = [repr(given), str(given), given.model_dump_json(), repr(runtime), str(runtime.slack), repr(runtime.slack)]
    runtime.database.close()
    assert TOKEN not in "".join(shown)


def test_a_refused_call_shows_no_token(town: Town):
    """What Slack's SDK raises, and so what a log would print."""
    town.refused |= {"chat.postMessage"}
    with pytest.raises(Exception, match="channel_not_found") as problem:
        town.runtime.slack.chat_postMessage(channel="CNOWHERE", text="x")
    assert town.sandbox.bot_token not in f"{problem.value!r} {problem.value} {problem.value.__dict__}"


def test_health_listens_on_this_machine_alone_unless_told_otherwise():
    assert Settings.model_fields["admin_host"].default in LOOPBACK


def test_the_server_does_not_say_what_it_is():
    server = WebServer(build_admin(list, bytes), host="127.0.0.1", port=0)
    server.start()
    connection = HTTPConnection("127.0.0.1", server.port, timeout=30)
    for path in ("/healthz", "/nothing"):
        connection.request("GET", path)
        response = connection.getresponse()
        body = response.read().decode()
        assert response.getheader("server") is None
        assert not re.search(r"uvicorn|starlette|python|Traceback", body, re.IGNORECASE)
    connection.close()
    server.stop()


def test_the_lock_is_its_owners_alone(tmp_path):
    with _only_one(f"sqlite:///{tmp_path / 'bot.db'}"):
        assert stat.S_IMODE((tmp_path / "bot.db.lock").stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_dependency_is_pinned_by_its_hashes(name):
    logical = re.sub(r"\\\n\s*", " ", (ROOT / name).read_text())
    pins = [line for line in logical.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    assert len(pins) > 20
    for line in pins:
        assert re.match(r"[\w.\[\],-]+==[\w.!+]+", line), line
        assert "--hash=sha256:" in line, line


def test_only_what_has_the_hashes_is_installed():
    assert '"--require-hashes"' in (ROOT / "run").read_text()
