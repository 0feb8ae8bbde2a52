"""Nothing is sent to an address that is not Slack's, whatever a payload says."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import ClassVar

import pytest
from slack_bolt import BoltRequest
from slack_sdk.webhook import WebhookClient

from bot.outgoing import NOT_SENT, is_hook, is_upload, post_answer, post_file
from tests.deliveries import caught
from tests.town import Town

SLACK = "https://slack.com/api/"
LOCAL = "http://127.0.0.1:8066/api/"

HOOKS = ("https://hooks.slack.com/commands/T1/2/abc", "https://hooks.slack.com:443/actions/T1/2/abc")
FILES = ("https://files.slack.com/upload/v1/ABC", "https://files.slack-gov.com/upload/v1/ABC")
OTHERS = (
    *("http://hooks.slack.com/commands/T1/2/abc", "https://hooks.slack.com:8443/", "https://hooks.slack.com.evil.example/"),
    *("https://evil.example/hooks.slack.com", "https://hooks.slack.com@evil.example/", "https://evil.example#hooks.slack.com"),
    *("https://evilslack.com/", "https://hooks-slack.com/", "https://a.hooks.slack.com.evil/", "//hooks.slack.com/x"),
    *("http://169.254.169.254/latest/meta-data/", "http://localhost:5432/", "http://[::1]/", "http://127.0.0.1:8066/x"),
    *("file:///etc/passwd", "ftp://hooks.slack.com/", "gopher://hooks.slack.com/", "data:text/plain,x", "", "x", "https://"),
    *("https://hooks.slack.com\\@evil.example/", "https://hooks.slack.com\n.evil.example/", "https://hooks.slack.com:x/"),
    *("https://hooks.slack.com%2eevil.example/", "https://hooks.slack.com\u3002evil.example/", "https://[hooks.slack.com]/"),
)  # fmt: skip


@pytest.mark.parametrize("url", HOOKS)
def test_an_answer_goes_to_slacks_hooks(url):
    assert is_hook(url, slack=SLACK)


@pytest.mark.parametrize("url", FILES)
def test_a_file_goes_to_slacks_files(url):
    assert is_upload(url, slack=SLACK)


@pytest.mark.parametrize("url", OTHERS)
def test_no_answer_and_no_file_goes_anywhere_else(url):
    assert not is_hook(url, slack=SLACK)
    assert not is_upload(url, slack=SLACK)
    assert post_answer(url, {"text": "hello"}, slack=SLACK, context=None) == NOT_SENT
    assert post_file(url, BytesIO(b"x"), 1, slack=SLACK, context=None) == NOT_SENT


def test_a_local_slack_is_answered_at_its_own_address_alone():
    assert is_hook("http://127.0.0.1:8066/respond/R1", slack=LOCAL)
    assert not is_hook("http://127.0.0.1:8067/respond/R1", slack=LOCAL)
    assert not is_hook("https://127.0.0.1:8066/respond/R1", slack=LOCAL)
    assert not is_hook("https://slack.com/respond/R1", slack=SLACK)


class Redirecting(BaseHTTPRequestHandler):
    asked: ClassVar[list[str]] = []

    def do_POST(self) -> None:
        self.asked.append(self.path)
        self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(302)
        self.send_header("location", f"http://127.0.0.1:{self.server.server_address[1]}/elsewhere")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        pass


def test_a_redirect_is_not_followed():
    Redirecting.asked.clear()
    server = HTTPServer(("127.0.0.1", 0), Redirecting)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    slack = f"http://127.0.0.1:{server.server_address[1]}/"
    assert post_answer(f"{slack}respond/R1", {}, slack=slack, context=None) == 302
    assert post_file(f"{slack}upload/v1/R1", BytesIO(b"x"), 1, slack=slack, context=None) == 302
    server.shutdown()
    thread.join()
    server.server_close()
    assert Redirecting.asked == ["/respond/R1", "/upload/v1/R1"]


@pytest.mark.parametrize("team", ["TUNKNOWN", None])
def test_bolt_itself_writes_to_no_address_of_a_payload(town: Town, monkeypatch, team):
    """It would, to tell a workspace that it does not know."""
    written: list[str] = []
    monkeypatch.setattr(WebhookClient, "send_dict", lambda self, body, **_: written.append(self.url))
    command = caught(town, lambda: town.person("ULUIS").types("CLEDGER", "/pm help"))
    command |= {"team_id": team, "response_url": "http://169.254.169.254/"}
    assert town.app.dispatch(BoltRequest(mode="socket_mode", body=command)).status == 200
    assert written == []


def test_no_other_file_of_ours_opens_addresses():
    """`bot/slack_lines.py` speaks to SLACK_API_URL, `bot/clock.py` to the settings' clock, `bot/outgoing.py` else."""
    root = Path(__file__).parents[2]
    words = (
        "urlopen",
        "http.client import HTTPC",
        "build_opener",
        "urllib3",
        "socket.create_connection",
        "WebhookClient",
    )
    found = {
        str(path.relative_to(root))
        for folder in ("bot", "handlers", "models")
        for path in (root / folder).rglob("*.py")
        if "sandbox" not in path.parts and any(word in path.read_text() for word in words)
    }
    assert found <= {"bot/outgoing.py", "bot/clock.py", "bot/slack_lines.py"}
