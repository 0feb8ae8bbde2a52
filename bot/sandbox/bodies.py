"""The body of a request as the sandbox's routes read it."""

import json
import re
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

BOUNDARY = re.compile(r"multipart/form-data;.*\bboundary=\"?(?P<name>[^\s\";]+)", re.IGNORECASE)


def parsed(body: bytes) -> dict[str, Any] | str:
    """The JSON object, or Slack's word for what is wrong with it."""
    try:
        found = json.loads(body)
    except ValueError:
        return "invalid_json"
    return found if isinstance(found, dict) else "json_not_object"


def uploaded(content_type: str, body: bytes) -> bytes:
    """The bytes of a file: those of the body, or of the first part of a form that browsers and curl send."""
    boundary = BOUNDARY.match(content_type)
    if boundary is None:
        return body
    _, _, after = body.partition(b"--" + boundary["name"].encode())
    part, _, _ = after.partition(b"\r\n--" + boundary["name"].encode())
    return part.partition(b"\r\n\r\n")[2]


async def json_body(request: Request) -> dict[str, Any]:
    body = parsed(await request.body())
    if isinstance(body, str):
        raise HTTPException(400, body)
    return body
