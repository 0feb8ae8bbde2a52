"""Arguments of a Web API call. JSON bodies carry values, forms and tests may carry text: both are read alike."""

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from bot.sandbox.answers import ApiError, invalid_arguments

if TYPE_CHECKING:
    from bot.sandbox.workspace import Workspace

TRUE = (True, 1, "1", "true", "True")


class Args:
    def __init__(self, given: Mapping[str, Any]) -> None:
        self._given = given

    def shown_with(self, token: str | None) -> "Args":
        """The same, where the method has to know which token was shown."""
        return Args({**self._given, "token": token}) if token else self

    def has(self, name: str) -> bool:
        return self._given.get(name) is not None

    def text(self, name: str, default: str = "") -> str:
        value = self._given.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        if not self.text(name):
            raise invalid_arguments([f"missing required field: {name} [json-pointer:/{name}]"])
        return self.text(name)

    def flag(self, name: str) -> bool:
        return self._given.get(name) in TRUE

    def number(self, name: str, default: int, *, most: int, error: str) -> int:
        try:
            value = int(self.text(name) or default)
        except ValueError:
            raise ApiError(error) from None
        if not 0 < value <= most:
            raise ApiError(error)
        return value

    def names(self, name: str, default: str = "") -> list[str]:
        """A list, or its comma-joined form."""
        value = self._given.get(name)
        if isinstance(value, list | tuple):
            return [str(item) for item in value]
        return [part.strip() for part in self.text(name, default).split(",") if part.strip()]

    def parsed(self, name: str) -> Any:
        """A JSON value, given as such or as its text. ValueError when the text is not JSON."""
        value = self._given.get(name)
        return json.loads(value) if isinstance(value, str) and value else value


def need_team(ws: "Workspace", args: Args) -> None:
    """A token of a whole organisation does not say of which workspace a list is wanted."""
    if ws.tokens.serves_org_wide and args.text("team_id") != ws.identity.team_id:
        raise ApiError("missing_argument")


def page(items: Sequence[Any], args: Args, *, default: int, most: int = 1000) -> tuple[list[Any], str]:
    """The page the cursor asks for, and the cursor of the next one ("" at the end)."""
    limit = args.number("limit", default, most=most, error="invalid_limit")
    start = _start(args.text("cursor"))
    rest = start + limit < len(items)
    return list(items[start : start + limit]), _cursor(start + limit) if rest else ""


def _cursor(start: int) -> str:
    return base64.b64encode(f"next:{start}".encode()).decode()


def _start(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        return int(base64.b64decode(cursor, validate=True).decode().removeprefix("next:"))
    except (binascii.Error, ValueError):
        raise ApiError("invalid_cursor") from None
