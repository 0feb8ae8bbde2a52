"""The HTTP door: what Slack signs is answered, what it did not sign is refused, and the process tells of its health."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

import pytest
from pydantic import SecretStr
from slack_bolt import App
from slack_sdk.signature import SignatureVerifier

from bot.app import build_app, connect
from bot.clock import SystemClock
from bot.config import Settings
from bot.gate import Gate
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from bot.server import MOST_BYTES, SlackEndpoint, build_admin, build_web
from bot.start import Bot, run_bot
from bot.web_server import CannotListen, WebServer
from handlers.feature import Ask, Command, Feature, Reply
from tests.town import one_channel

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
JSON = {"Content-Type": "application/json"}


class Door:
    """Slack's side of the wire."""

    def __init__(self, port: int) -> None:
        self.port = port

    def sends(self, body: str | bytes, headers: dict[str, str], *, secret: str = SECRET) -> tuple[int, str]:
        verifier = SignatureVerifier(secret)
        at = str(int(verifier.clock.now()))
        text = body if isinstance(body, str) else body.decode("latin-1")
        signature = str(verifier.generate_signature(timestamp=at, body=text))
        return self.asks("POST", "/slack/events", body, self.signed(at, signature) | headers)

    def signed(self, at: str, signature: str) -> dict[str, str]:
        return {"X-Slack-Request-Timestamp": at, "X-Slack-Signature": signature}

    def asks(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, str]:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request(method, path, body, headers or {})
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


@pytest.fixture
def sandbox() -> Sandbox:
    return one_channel(SystemClock())


@pytest.fixture
def settings(sandbox: Sandbox, tmp_path: Path) -> Iterator[Settings]:
    slack = SandboxServer(sandbox, page_dir=tmp_path)
    slack.start()
    yield Settings(
        _env_file=None,
        slack_bot_token=SecretStr(sandbox.bot_token),
        slack_signing_secret=SecretStr(SECRET),
        slack_api_url=f"{slack.url}/api/",
        database_url=f"sqlite:///{tmp_path / 'bot.db'}",
        host="127.0.0.1",
        port=0,
        admin_port=0,
    )
    slack.stop()


@pytest.fixture
def bot(settings: Settings) -> Iterator[Bot]:
    bot = Bot(settings)
    bot.prepare()
    bot.start()
    yield bot
    bot.stop()


@pytest.fixture
def door(bot: Bot) -> Door:
    assert bot.door is not None
    return Door(int(bot.door.address.removeprefix("port ").partition(",")[0]))


@pytest.fixture
def admin(bot: Bot) -> Door:
    assert bot.health is not None
    return Door(bot.health.port)


@contextmanager
def serving(bot: Bot, app: App, gate: Gate) -> Iterator[Door]:
    """Another door of the same bot, with its own app and gate."""
    server = WebServer(build_web(SlackEndpoint(app, gate, bot.runtime, SECRET)), host="127.0.0.1", port=0)
    server.start()
    yield Door(server.port)
    server.stop()
    assert gate.close(10)


def command(sandbox: Sandbox, text: str) -> str:
    said = {
        "team_id": sandbox.team_id,
        "channel_id": "CLEDGER",
        "channel_name": "ledger",
        "user_id": "ULUIS",
        "command": "/pm",
        "text": text,
        "is_enterprise_install": "false",
        "response_url": "http://127.0.0.1:9/respond/none",
        "trigger_id": "1.2.abc",
    }
    return urlencode(said)


def test_a_signed_command_is_answered(sandbox, door):
    status, body = door.sends(command(sandbox, "help"), FORM)
    assert status == 200
    assert json.loads(body)["response_type"] == "ephemeral"
    assert json.loads(body)["text"].startswith("What you can say")


def test_what_slack_did_not_sign_is_refused(sandbox, door):
    body = command(sandbox, "help")
    assert door.sends(body, FORM, secret="another secret")[0] == 401
    assert door.asks("POST", "/slack/events", body, FORM)[0] == 401
    assert door.asks("POST", "/slack/events", body, FORM | door.signed("yesterday", "v0=1"))[0] == 401


def test_a_signature_of_ten_minutes_ago_is_refused(sandbox, door):
    body = command(sandbox, "help")
    verifier = SignatureVerifier(SECRET)
    at = str(int(verifier.clock.now()) - 600)
    signature = str(verifier.generate_signature(timestamp=at, body=body))
    assert door.asks("POST", "/slack/events", body, FORM | door.signed(at, signature))[0] == 401


def test_slack_may_ask_whether_the_address_is_ours(door):
    assert door.sends(json.dumps({"type": "url_verification", "token": "t", "challenge": "c4ll"}), JSON) == (
        200,
        '{"challenge": "c4ll"}',
    )
    assert door.asks("POST", "/slack/events", "ssl_check=1&token=t", FORM)[0] == 200


@pytest.mark.parametrize("body", ["{", "[1]", "[" * 100_000, "\xff\xfe", '"text"', "null"])
def test_what_is_no_payload_is_refused_without_an_error_of_ours(door, body):
    status, _ = door.sends(body.encode("latin-1"), JSON)
    assert 400 <= status < 500


def test_a_payload_larger_than_slack_sends_is_not_read(door):
    assert door.sends("payload=" + "x" * MOST_BYTES, FORM)[0] == 413


def test_there_is_nothing_else_at_this_address(door):
    assert door.asks("GET", "/slack/events")[0] == 405
    assert door.asks("GET", "/healthz")[0] == 404


def test_health_is_told_on_a_port_of_its_own(admin):
    assert admin.asks("GET", "/healthz") == (200, "ok")
    status, body = admin.asks("GET", "/readyz")
    assert (status, json.loads(body)) == (200, {"ready": True, "problems": []})


def test_a_bot_that_cannot_work_says_why(bot, admin):
    bot.timetable.stop()
    status, body = admin.asks("GET", "/readyz")
    assert (status, json.loads(body)["problems"]) == (503, ["the timetable does not run", "nobody delivers"])
    assert admin.asks("GET", "/healthz")[0] == 200


def test_a_port_that_is_taken_is_said_in_words(settings, caplog):
    taken = WebServer(build_admin(list, bytes), host="127.0.0.1", port=0)
    code = run_bot(settings.model_copy(update={"port": taken.port}), wait=lambda: None)
    taken.stop()
    assert code == 1
    assert f"Port {taken.port} of 127.0.0.1 cannot be listened at: Address already in use" in caplog.text


@pytest.mark.parametrize("text", ["100 %", "%22 stays", "a+b & c=d", "Größe \u2028 🚂", '{"x": ["y", "/"]}', "%25%"])
@pytest.mark.parametrize("encode", [quote, quote_plus])
def test_an_interaction_arrives_as_it_was_sent(bot, sandbox, text, encode):
    """Whatever a person typed, however it was escaped."""
    got = []

    def take(ask: Ask) -> Reply:
        got.append(ask.value)
        return Reply()

    app = build_app(
        bot.runtime, connect(bot.runtime), features=[Feature(actions={"take": take})], signing_secret=SECRET
    )
    payload = {
        "type": "block_actions",
        "team": {"id": sandbox.team_id},
        "user": {"id": "ULUIS", "team_id": sandbox.team_id},
        "trigger_id": "1.2.3",
        "actions": [{"action_id": "take", "value": text}],
    }
    with serving(bot, app, Gate(1, 1)) as door:
        assert door.sends(f"payload={encode(json.dumps(payload, ensure_ascii=False))}", FORM)[0] == 200
    assert got == [text]


def test_two_requests_are_worked_on_at_once(bot, sandbox):
    """Each waits for the other: on one thread, neither would ever be answered."""
    both = threading.Barrier(2, timeout=10)

    def meet(ask: Ask) -> Reply:
        both.wait()
        return Reply()

    meeting = Feature(commands=[Command("meet", "Log", [("meet", "")], meet, "Meet")])
    app = build_app(bot.runtime, connect(bot.runtime), features=[meeting], signing_secret=SECRET)
    with serving(bot, app, Gate(2, 1)) as door, ThreadPoolExecutor(2) as people:
        answers = [people.submit(door.sends, command(sandbox, "meet"), FORM) for _ in range(2)]
        assert [answer.result()[0] for answer in answers] == [200, 200]


def test_a_port_is_taken_at_once(settings):
    taken = WebServer(build_admin(list, bytes), host="127.0.0.1", port=0)
    with pytest.raises(CannotListen):
        WebServer(build_admin(list, bytes), host="127.0.0.1", port=taken.port)
    taken.stop()
