"""The workspace as a JSON file. Open forms, triggers, response_urls and unfinished uploads are not kept."""

import base64
import json
import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from bot.sandbox.state import Channel, File, Member, Message, View, World


def save(world: World, path: Path) -> None:
    """Written beside the file and moved over it: a crash leaves the old one."""
    files = {key: _packed(file) for key, file in world.files.items() if file.completed}
    kept = asdict(replace(world, files={})) | {"modals": {}, "form_errors": {}, "files": files}
    fresh = path.with_suffix(path.suffix + ".new")
    fresh.write_text(json.dumps(kept))
    os.replace(fresh, path)


def load(path: Path) -> World:
    kept = json.loads(path.read_text())
    return World(
        **kept
        | {
            "members": {key: Member(**member) for key, member in kept["members"].items()},
            "channels": {key: _channel(channel) for key, channel in kept["channels"].items()},
            "files": {key: _file(file) for key, file in kept.get("files", {}).items()},
            "homes": {key: View(**home) for key, home in kept["homes"].items()},
        }
    )


def _packed(file: File) -> dict[str, Any]:
    return asdict(file) | {"data": base64.b64encode(file.data or b"").decode()}


def _file(kept: dict[str, Any]) -> File:
    return File(**kept | {"data": base64.b64decode(kept["data"])})


def _channel(kept: dict[str, Any]) -> Channel:
    messages = {ts: Message(**message) for ts, message in kept["messages"].items()}
    return Channel(**kept | {"messages": messages})
