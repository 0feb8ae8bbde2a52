"""Putting changed blocks into a form that a person has open."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.schemas.message import Block, View

KEPT = ("type", "callback_id", "title", "submit", "close", "private_metadata", "notify_on_close")


def same_view(view: Mapping[str, Any], blocks: Sequence[Block]) -> View:
    """The view as it may be sent back: Slack keeps what was typed where block and action ids stay."""
    return {key: view[key] for key in KEPT if view.get(key)} | {"blocks": list(blocks)}
