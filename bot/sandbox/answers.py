"""What the Web API answers, and the ways to be refused: by the server, or by the client beforehand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a Web API call or a response_url answers."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One line of the log: a Web API call, or (method `ack:…`) an acknowledgement."""

    at: datetime
    method: str
    args: Json
    answer: Answer


class ApiError(Exception):
    """Answered as `{"ok": false, "error": code, …}`."""

    def __init__(self, code: str, **extra: Any) -> None:
        super().__init__(code)
        self.code = code
        self.extra = extra

    def answer(self) -> Answer:
        return Answer(200, {"ok": False, "error": self.code, **self.extra})


class SlackRefused(Exception):
    """The client did not let the person do this; nothing reached the app."""


class NoFormOpen(SlackRefused, LookupError):
    """There is nothing to fill, submit or close."""


class NobodyListens(Exception):
    """Raised by a `Deliver` that has no way to reach the app at all."""


def invalid_arguments(problems: Iterable[object]) -> ApiError:
    messages = [f"[ERROR] {problem}" for problem in problems]
    return ApiError("invalid_arguments", response_metadata={"messages": messages})


def paged(items_key: str, items: list[Any], next_cursor: str) -> Json:
    return {"ok": True, items_key: items, "response_metadata": {"next_cursor": next_cursor}}
