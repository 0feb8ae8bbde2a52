"""The body of a request as the sandbox's routes read it."""

import json
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request


def parsed(body: bytes) -> dict[str, Any] | str:
    """The JSON object, or Slack's word for what is wrong with it."""
    try:
        found = json.loads(body)
    except ValueError:
        return "invalid_json"
    return found if isinstance(found, dict) else "json_not_object"


async def json_body(request: Request) -> dict[str, Any]:
    body = parsed(await request.body())
    if isinstance(body, str):
        raise HTTPException(400, body)
    return body
