"""What the sandbox received from the bot, call by call: all that the checker is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Call:
    """One accepted `chat.postMessage` or `chat.update`."""

    at: datetime
    method: str
    channel: str
    ts: str
    body: Mapping[str, Any]

    @property
    def is_new(self) -> bool:
        return self.method == "chat.postMessage"

    @property
    def key(self) -> str:
        """What the message is about, in the bot's own words: the same thing has the same key."""
        payload = (self.body.get("metadata") or {}).get("event_payload") or {}
        return str(payload.get("key", ""))

    @property
    def text(self) -> str:
        return str(self.body.get("text", ""))

    @property
    def words(self) -> str:
        """Everything that stands in its sections."""
        found = [self.text]
        for block in self.body.get("blocks") or ():
            parts = [block.get("text"), *(block.get("fields") or ()), *(block.get("elements") or ())]
            found += [str(part.get("text", "")) for part in parts if isinstance(part, dict)]
        return "\n".join(found)

    @property
    def buttons(self) -> list[tuple[str, str]]:
        """(action, value) of each button, in the order of the message."""
        rows = [block.get("elements") or () for block in self.body.get("blocks") or () if block["type"] == "actions"]
        beside = [[block["accessory"]] for block in self.body.get("blocks") or () if block.get("accessory")]
        return [
            (each["action_id"], str(each.get("value", "")))
            for row in (*rows, *beside)
            for each in row
            if each.get("type") == "button"
        ]


@dataclass(frozen=True)
class Answered:
    """An inhabitant pressed a button of a daily message, and Slack showed no error."""

    at: datetime
    person: str
    action: str
    value: str
