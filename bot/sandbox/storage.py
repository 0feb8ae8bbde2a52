"""The workspace as a JSON file. Open forms, triggers and response_urls are not kept."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.sandbox.state import Channel, Member, Message, View, World


def save(world: World, path: Path) -> None:
    """Written beside the file and moved over it: a crash leaves the old one."""
    kept = asdict(world) | {"modals": {}, "form_errors": {}}
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
            "homes": {key: View(**home) for key, home in kept["homes"].items()},
        }
    )


def _channel(kept: dict[str, Any]) -> Channel:
    messages = {ts: Message(**message) for ts, message in kept["messages"].items()}
    return Channel(**kept | {"messages": messages})
