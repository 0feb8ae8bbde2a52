"""A workspace that shows every block and element once, behind an app that only shows them."""

import struct
import zlib
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.clock import MovableClock
from bot.sandbox import Sandbox
from bot.sandbox.courier import Retry
from bot.sandbox.server import SandboxServer
from bot.sandbox.state import File
from tests.gallery_blocks import FORMS, HOME, MESSAGES, OPTIONS, PICTURE

PAGE = Path(__file__).parent.parent / "bot" / "sandbox" / "page"
MANIFEST: dict[str, Any] = {
    "display_information": {"name": "Gallery"},
    "features": {
        "bot_user": {"display_name": "gallery"},
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "slash_commands": [
            {"command": "/show", "description": "Opens a form of the gallery", "usage_hint": "name of the form"},
            {"command": "/short", "description": "Answers one word"},
        ],
        "shortcuts": [
            {"name": "Show a small form", "type": "global", "callback_id": "small", "description": "From anywhere"},
            {
                "name": "Show the lower form",
                "type": "global",
                "callback_id": "lower",
                "description": "From anywhere too",
            },
            {
                "name": "Keep as small",
                "type": "message",
                "callback_id": "small.keep",
                "description": "Keeps what it says",
            },
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": ["commands", "chat:write", "users:read", "im:write", "channels:read", "files:write", "files:read"]
        }
    },
    "settings": {
        "socket_mode_enabled": True,
        "interactivity": {"is_enabled": True},
        "event_subscriptions": {"bot_events": ["app_home_opened"]},
    },
}
ADA, NOOR, LONG = "U0ADA", "U0NOOR", "U0LONG"
BLOCKS, TALK, CROWDED = "C0BLOCKS", "C0TALK", "C0CROWDED"


class Gallery:
    """`got` is what reached the app; `is_silent` keeps it from answering, as when it is down."""

    def __init__(self) -> None:
        clock = MovableClock(datetime(2026, 3, 30, 13, tzinfo=UTC), running=False)
        self.sandbox = Sandbox(clock, MANIFEST)
        self.is_silent = False
        self.got: list[dict[str, Any]] = []
        _furnish(self.sandbox)
        self.server = SandboxServer(self.sandbox, page_dir=PAGE)
        self.sandbox.deliver = self
        self._keep_picture()
        self.posted = {name: self.post(name, blocks) for name, blocks in MESSAGES.items()}
        self.posted["files"] = self._share_files()
        self._talk()

    def __call__(self, kind: str, payload: dict[str, Any], retry: Retry | None = None, /) -> dict[str, Any] | None:
        self.got.append(payload)
        if self.is_silent:
            return None
        if kind == "slash_commands":
            return self._command(payload)
        if kind == "events_api":
            self._call("views.publish", user_id=payload["event"]["user"], view=HOME)
        return self._answer(payload) if kind == "interactive" else {}

    @property
    def url(self) -> str:
        return self.server.url

    def post(self, name: str, blocks: list[dict[str, Any]], **more: Any) -> str:
        return str(self._call("chat.postMessage", **{"channel": BLOCKS, "text": name, "blocks": blocks, **more})["ts"])

    def _command(self, payload: dict[str, Any]) -> dict[str, Any]:
        if payload["command"] == "/short":
            return {"response_type": "ephemeral", "text": "Word"}
        self._call("views.open", trigger_id=payload["trigger_id"], view=FORMS[payload["text"]])
        return {}

    def _answer(self, payload: dict[str, Any]) -> dict[str, Any]:
        if payload["type"] in ("shortcut", "message_action"):
            self._call("views.open", trigger_id=payload["trigger_id"], view=FORMS[payload["callback_id"].split(".")[0]])
            return {}
        if payload["type"] == "block_suggestion":
            return {"options": [option for option in OPTIONS if payload["value"].lower() in option["value"]]}
        if payload["type"] == "view_submission" and payload["view"]["callback_id"] == "complains":
            return {"response_action": "errors", "errors": {"title": "Say it in three words.", "date": "That is past."}}
        if payload["type"] == "block_actions" and payload["actions"][0]["action_id"] == "another":
            self._call("views.push", trigger_id=payload["trigger_id"], view=FORMS["small"])
        return {}

    def _keep_picture(self) -> None:
        """Under an id that the catalogue of blocks can name."""
        data = png(640, 360)
        with self.sandbox.workspace.changing() as world:
            world.files[PICTURE] = File(PICTURE, "map.png", len(data), "", 0, data=data, completed=True, looks=1)

    def _share_files(self) -> str:
        named = [
            self._upload("burn-down & more.png", png(600, 240), alt_txt="Burn-down: 9 of 12 left <b>"),
            self._upload("risks <b> of Ledger Migration.csv", b"id,title\n1,Vendor slips\n"),
        ]
        self._call("files.completeUploadExternal", files=named, channel_id=BLOCKS, initial_comment="The register")
        return str(self.sandbox.person(ADA).reads(BLOCKS)[-1]["ts"])

    def _upload(self, name: str, data: bytes, **more: Any) -> dict[str, str]:
        announced = self._call("files.getUploadURLExternal", filename=name, length=len(data), **more)
        assert self.sandbox.upload(announced["upload_url"], data).status == 200
        return {"id": announced["file_id"], "title": name}

    def _talk(self) -> None:
        """A conversation of people, with a thread, an edit, a private answer and a language from right to left."""
        ada, noor, long = (self.sandbox.person(user) for user in (ADA, NOOR, LONG))
        ada.types(TALK, "Who looks at *the ledger* today? `ledger.sync` failed twice, see <#C0BLOCKS>")
        ada.types(TALK, "> it was\n> the clock\nI think")
        noor.types(TALK, "אני מסתכל על זה עכשיו")
        parent = long.types(TALK, "word " * 600).shown or ada.reads(TALK)
        for person in (ada, noor, ada):
            person.types(TALK, "In the thread", thread_ts=parent[-1]["ts"])
        edited = self.post("First", [], channel=TALK)
        self._call("chat.update", channel=TALK, ts=edited, text="Second thoughts of the app <@U0ADA>")
        self._call("chat.postEphemeral", channel=TALK, user=ADA, text="Only for Ada")

    def _call(self, method: str, **args: Any) -> Mapping[str, Any]:
        body = self.sandbox.api(method, args, token=self.sandbox.bot_token).body
        assert body["ok"], (method, body)
        return body


def png(width: int, height: int) -> bytes:
    """A picture with a pattern of three greys."""
    row = b"\0" + bytes(96 + 48 * (x // 40 % 3) for x in range(width))

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    pixels = zlib.compress(row * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def _furnish(sandbox: Sandbox) -> None:
    everyone = [ADA, NOOR, LONG, sandbox.bot_user_id]
    sandbox.add_person(ADA, "ada.berg", tz="Europe/Berlin", is_admin=True)
    sandbox.add_person(NOOR, "noor", real_name="נור אל-חסן", tz="Asia/Jerusalem", is_restricted=True)
    sandbox.add_person(LONG, "maximiliane.featherstonehaugh", tz="Australia/Sydney")
    for number in range(20):
        sandbox.add_person(f"U1{number:04}", f"person.{number}")
    sandbox.add_channel(BLOCKS, "blocks", everyone)
    sandbox.add_channel(TALK, "talk", everyone)
    sandbox.add_channel(
        CROWDED, "a-name-as-long-as-slack-lets-a-channel-have-with-all-of-its-eighty-characters", everyone
    )
    for number in range(60):
        sandbox.add_channel(f"C1{number:04}", f"project-{number:02}", everyone, is_private=number % 7 == 0)
