"""What is answered when there is no room: at once, and nothing typed is lost."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt import BoltResponse

from bot.runtime import Runtime
from bot.views import trouble
from handlers.resume import same_view

logger = logging.getLogger(__name__)

AGAIN = BoltResponse(status=503, body="")
"""Slack brings an event again, and tells who pressed or chose that it did not work."""


def turned_away(body: Mapping[str, Any], runtime: Runtime) -> BoltResponse:
    if "command" in body:
        typed = f"{body['command']} {body.get('text') or ''}".strip()
        return BoltResponse(status=200, body=trouble.busy(typed).payload() | {"response_type": "ephemeral"})
    match body.get("type"):
        case "view_submission":
            return BoltResponse(status=200, body=_kept_open(body.get("view") or {}))
        case "block_suggestion":
            return BoltResponse(status=200, body={"options": []})
        case "block_actions" | "message_action" if body.get("response_url"):
            runtime.later(lambda: _tell(runtime, str(body["response_url"])))
            return BoltResponse(status=200, body="")
        case "view_closed" | "ssl_check":
            return BoltResponse(status=200, body="")
        case _:
            return AGAIN


def _kept_open(view: Mapping[str, Any]) -> dict[str, Any]:
    """Under the form's first field; a form without any gets a word on top. Either way all that was typed stays."""
    inputs = [block["block_id"] for block in view.get("blocks", ()) if block.get("type") == "input"]
    submit = (view.get("submit") or {}).get("text", "Save")
    if inputs:
        return {"response_action": "errors", "errors": {inputs[0]: trouble.busy_field(submit)}}
    blocks = [block for block in view.get("blocks", ()) if block.get("block_id") != trouble.NOT_SAVED]
    return {"response_action": "update", "view": same_view(view, [trouble.busy_form(submit), *blocks])}


def _tell(runtime: Runtime, response_url: str) -> None:
    body = trouble.busy().payload() | {"response_type": "ephemeral", "replace_original": False}
    status = runtime.answer(response_url, body)
    if not 200 <= status < 300:
        logger.info("nobody could be told that there was no room: %s", status)
