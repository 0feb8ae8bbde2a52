"""What the Web API answers, and the ways to be refused: by the server, or by the client beforehand."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a Web API call or a response_url answers."""

    status: int
    body: Json
    headers: dict[str, str] = field(default_factory=dict)


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


class NotTaken(Exception):
    """Raised by a `Deliver` when the app could not be reached or answered with an error.

    `retry_for` is the reason as Slack's header names it; None when Slack does not try again.
    """

    def __init__(self, problem: str = "", *, retry_for: str | None = "connection_failed") -> None:
        super().__init__(problem)
        self.retry_for = retry_for


class NobodyListens(NotTaken):
    """There is no way to reach the app at all."""


def invalid_arguments(problems: Iterable[object]) -> ApiError:
    messages = [f"[ERROR] {problem}" for problem in problems]
    return ApiError("invalid_arguments", response_metadata={"messages": messages})


def paged(items_key: str, items: list[Any], next_cursor: str) -> Json:
    return {"ok": True, items_key: items, "response_metadata": {"next_cursor": next_cursor}}
