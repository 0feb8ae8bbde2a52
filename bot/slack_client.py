"""Slack's Web API over connections that stay open: opening one for each call costs five times the call itself."""

import re
from collections.abc import Callable
from functools import cached_property
from ssl import SSLContext
from time import perf_counter
from typing import TYPE_CHECKING, Any
from urllib.request import Request

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import Unreached

if TYPE_CHECKING:
    from bot.slack_lines import Lines

TIMEOUT = 10
"""Seconds for one call to Slack: well below half of an outbox lease."""

OK, NO_ANSWER, UNREACHED = "ok", "no_answer", "unreached"

OnCall = Callable[[str, str, float], None]
"""Told of each call: its method, its result ("ok", Slack's word, "http_503", "no_answer", "unreached"), its seconds."""

ERROR_WORD = re.compile("[a-z0-9_]+")


def error_word(problem: SlackApiError) -> str:
    """Slack's own word, or the status of what answered in Slack's place."""
    word = str(problem.response.get("error"))
    return word if ERROR_WORD.fullmatch(word) else f"http_{problem.response.status_code}"


HISTORY = frozenset({"channels:history", "groups:history", "im:history"})
"""Scopes with which it may be looked for what was said in a channel or to a person."""


class Connections:
    """What all clients of one process share: open lines, the TLS context, and who counts the calls."""

    def __init__(
        self, context: SSLContext | None = None, *, on_call: OnCall = lambda method, result, seconds: None
    ) -> None:
        self.context = context
        self.on_call = on_call
        self.granted: dict[str | None, frozenset[str]] = {}
        """By token what it is good for, as Slack said last."""

    @cached_property
    def lines(self) -> "Lines":
        from bot.slack_lines import Lines  # loaded with the first call, not with the bot

        return Lines(self.context)


class SlackClient(WebClient):
    """Any thread may call at any time. Nothing is sent a second time here: whoever calls knows what that would mean."""

    def __init__(self, token: str, base_url: str, connections: Connections, *, timeout: int = TIMEOUT) -> None:
        super().__init__(token, base_url, timeout, connections.context, retry_handlers=[])
        self._connections = connections

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        begun, result = perf_counter(), NO_ANSWER
        try:
            answer = super().api_call(api_method, **request)
            result = OK
            self._note_scopes(answer)
            return answer
        except SlackApiError as problem:
            result = error_word(problem)
            raise
        except Unreached:
            result = UNREACHED
            raise
        finally:
            self._connections.on_call(api_method, result, perf_counter() - begun)

    @property
    def may_look(self) -> bool:
        """False too as long as Slack has not said."""
        return self._connections.granted.get(self.token, frozenset()) >= HISTORY

    def _note_scopes(self, answer: SlackResponse) -> None:
        told = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), None)
        if told is not None:
            self._connections.granted[self.token] = frozenset(told.replace(",", " ").split())

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        """The one place where the SDK opens a connection; what it makes of the answer stays its own."""
        body: Any = req.data or b""
        answer = self._connections.lines.post(
            url, body, dict(req.header_items()), timeout=self.timeout, proxy=self.proxy
        )
        headers = dict(answer.headers)
        if "Retry-After" in answer.headers:  # however its letters are written
            headers["Retry-After"] = answer.headers["Retry-After"]
        return {"status": answer.status, "headers": headers, "body": answer.data.decode("utf-8", "replace")}


def may_look(slack: WebClient) -> bool:
    """Whether it can be found out what became of a message whose answer was lost."""
    return isinstance(slack, SlackClient) and slack.may_look
