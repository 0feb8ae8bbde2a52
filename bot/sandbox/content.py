"""What an app wants to say, as it is checked before anything is kept: text, blocks, views, metadata."""

import copy
import json
from collections.abc import Mapping
from typing import Any

from bot.sandbox import files
from bot.sandbox.answers import ApiError, Json, invalid_arguments
from bot.sandbox.args import Args
from bot.sandbox.workspace import Workspace
from bot.slack_rules import check_message, check_view, text_size

# The smallest total that Slack was reported to refuse lies just above.
MOST_BLOCK_TEXT = 11_000
MOST_TEXT = 40_000
MOST_EDITED_TEXT = 4_000
# Slack publishes no limit for metadata; this is far more than a key or a few ids need.
MOST_METADATA = 8_000


def content_of(
    ws: Workspace, args: Args, *, most_text: int = MOST_TEXT, most_block_text: int | None = MOST_BLOCK_TEXT
) -> Json:
    """`text` and `blocks` of a call, checked. Blocks are None when the call does not name them."""
    try:
        blocks = args.parsed("blocks")
    except ValueError:
        raise ApiError("invalid_blocks_format") from None
    text = args.text("text")
    if not text and not blocks:
        raise ApiError("no_text")
    if len(text) > most_text:
        raise ApiError("msg_too_long")
    content = {"text": text, **({} if blocks is None else {"blocks": blocks})}
    _require_sound(ws, content)
    if most_block_text is not None and text_size(content) > most_block_text:
        raise ApiError("msg_blocks_too_long")
    return {"text": text, "blocks": copy.deepcopy(blocks)}


def _require_sound(ws: Workspace, content: Mapping[str, Any]) -> None:
    found = check_message(content) or files.check_pictures(ws, content.get("blocks") or (), "/blocks")
    if problems := [str(problem) for problem in found]:
        messages = [f"[ERROR] {problem}" for problem in problems]
        raise ApiError("invalid_blocks", errors=problems, response_metadata={"messages": messages})


def require_sound_view(ws: Workspace, view: Any, kind: str) -> Json:
    """A view as it is kept; `kind` is what the place takes, "modal" or "home"."""
    if not isinstance(view, dict):
        raise invalid_arguments(["must provide an object [json-pointer:/view]"])
    problems = check_view(view) or files.check_pictures(ws, view["blocks"], "/view/blocks")
    if any(problem.message == "view_too_large" for problem in problems):
        raise ApiError("view_too_large")
    if not problems and view["type"] != kind:
        raise invalid_arguments([f"must be a {kind} [json-pointer:/view/type]"])
    if problems:
        raise invalid_arguments(problems)
    return copy.deepcopy(view)


def metadata_of(args: Args) -> Json | None:
    try:
        metadata = args.parsed("metadata")
    except ValueError:
        raise ApiError("invalid_metadata_format") from None
    if not metadata:
        return {} if args.has("metadata") else None
    if not isinstance(metadata, dict):
        raise ApiError("invalid_metadata_format")
    if set(metadata) != {"event_type", "event_payload"} or not isinstance(metadata["event_payload"], dict):
        raise ApiError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > MOST_METADATA:
        raise ApiError("metadata_too_large")
    return metadata
