"""A small workspace and a small app, for trying the sandbox itself."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient

from bot.clock import MovableClock
from bot.sandbox import Answer, Person, Sandbox
from bot.sandbox.courier import Retry
from bot.sandbox.server import SandboxServer
from tests.sandbox.browser import Page

MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Stationmaster"},
    "features": {
        "bot_user": {"display_name": "stationmaster"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": command, "description": "d", "should_escape": True}
            for command in ("/pm", "/risk", "/decision", "/update")
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands",
                "chat:write",
                "users:read",
                "im:write",
                "im:history",
                "channels:read",
                "channels:history",
                "groups:read",
            ],
            "bot_optional": ["channels:history"],
        }
    },
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": ["app_home_opened", "member_joined_channel", "user_change", "team_join"]},
    },
}
LUIS, MAYA, GUEST, GONE = "U0LUIS", "U0MAYA", "U0GUEST", "U0GONE"
PROJECT, OPEN, SECRET = "C0P101", "C0OPEN", "C0SECRET"

Payload = dict[str, Any]
Reaction = Callable[[Payload], Payload | None]


class App:
    """The app at the other end: remembers what it gets, and answers what the test tells it to."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.got: list[tuple[str, Payload]] = []
        self.retries: list[Retry | None] = []
        self.reaction: Reaction = lambda payload: {}
        sandbox.deliver = self

    def __call__(self, kind: str, payload: Payload, retry: Retry | None = None) -> Payload | None:
        self.got.append((kind, payload))
        self.retries.append(retry)
        return self.reaction(payload)

    @property
    def last(self) -> Payload:
        return self.got[-1][1]

    def answers(self, ack: Payload | None) -> None:
        self.reaction = lambda payload: ack

    def calls(self, method: str, **args: Any) -> Payload:
        return self.answer(method, **args).body

    def answer(self, method: str, **args: Any) -> Answer:
        return self.sandbox.api(method, args, token=self.sandbox.bot_token)

    def posts(self, text: str = "hello", *, channel: str = PROJECT, **more: Any) -> Payload:
        body = self.calls("chat.postMessage", channel=channel, text=text, **more)
        assert body["ok"], body
        return body

    def opens(self, view: Payload, person: Person) -> None:
        """Somebody types a command and the app opens this form for them."""
        self.reaction = lambda payload: self._opened(payload, view)
        person.types(PROJECT, "/risk")
        self.answers({})

    def _opened(self, payload: Payload, view: Payload) -> Payload:
        body = self.calls("views.open", trigger_id=payload["trigger_id"], view=view)
        assert body["ok"], body
        return {}


@pytest.fixture
def clock() -> MovableClock:
    return MovableClock(datetime(2026, 3, 30, 13, tzinfo=UTC), running=False)


@pytest.fixture
def sandbox(clock: MovableClock) -> Sandbox:
    return furnish(Sandbox(clock, MANIFEST))


@pytest.fixture
def app(sandbox: Sandbox) -> App:
    return App(sandbox)


@pytest.fixture
def luis(sandbox: Sandbox) -> Person:
    return sandbox.person(LUIS)


@pytest.fixture
def maya(sandbox: Sandbox) -> Person:
    return sandbox.person(MAYA)


@pytest.fixture
def page_dir(tmp_path: Path) -> Path:
    (tmp_path / "index.html").write_text("<title>Sandbox</title>")
    (tmp_path / "page.js").write_text("export {};")
    return tmp_path


@pytest.fixture
def server(sandbox: Sandbox, page_dir: Path) -> Iterator[SandboxServer]:
    server = SandboxServer(sandbox, page_dir=page_dir)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def page(server: SandboxServer) -> Page:
    return Page(server.url)


@pytest.fixture
def client(server: SandboxServer, sandbox: Sandbox) -> WebClient:
    return WebClient(token=sandbox.bot_token, base_url=f"{server.url}/api/")


def furnish(sandbox: Sandbox) -> Sandbox:
    sandbox.add_person(LUIS, "luis.ortega", tz="America/New_York")
    sandbox.add_person(MAYA, "maya.chen", tz="Asia/Kolkata", is_admin=True)
    sandbox.add_person(GUEST, "sam.guest", is_restricted=True)
    sandbox.add_person(GONE, "left.us", deleted=True)
    sandbox.add_channel(PROJECT, "p-101", [LUIS, MAYA, GUEST, GONE, sandbox.bot_user_id])
    sandbox.add_channel(OPEN, "open", [LUIS, MAYA])
    sandbox.add_channel(SECRET, "secret", [MAYA], is_private=True)
    return sandbox


def plain(text: str) -> Payload:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str, *, verbatim: bool = True) -> Payload:
    return {"type": "mrkdwn", "text": text, "verbatim": verbatim}


def section(text: str, **more: Any) -> Payload:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(action_id: str, label: str = "Do it", **more: Any) -> Payload:
    return {"type": "button", "action_id": action_id, "text": plain(label), **more}


def actions(*elements: Payload, block_id: str = "buttons") -> Payload:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def text_input(block_id: str, *, optional: bool = False, dispatch: bool = False, **element: Any) -> Payload:
    typed = {"type": "plain_text_input", "action_id": block_id, **element}
    block = {"type": "input", "block_id": block_id, "label": plain(block_id), "element": typed}
    return block | ({"optional": True} if optional else {}) | ({"dispatch_action": True} if dispatch else {})


def choice_input(block_id: str, *values: str, **element: Any) -> Payload:
    options = [option(value) for value in values]
    menu = {"type": "static_select", "action_id": block_id, "options": options, **element}
    return {"type": "input", "block_id": block_id, "label": plain(block_id), "element": menu}


def option(value: str) -> Payload:
    return {"text": plain(value.title()), "value": value}


def form(*blocks: Payload, **more: Any) -> Payload:
    named = {"type": "modal", "callback_id": "risk.log", "title": plain("Log a risk")}
    return {**named, "submit": plain("Log"), "close": plain("Cancel"), "blocks": list(blocks), **more}


def home(*blocks: Payload) -> Payload:
    return {"type": "home", "blocks": list(blocks)}
