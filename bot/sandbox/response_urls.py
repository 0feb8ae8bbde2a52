"""response_url: five answers within thirty minutes, also where the app is no member."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.sandbox import messages
from bot.sandbox.answers import Answer, ApiError, Json
from bot.sandbox.args import Args
from bot.sandbox.content import content_of
from bot.sandbox.state import Message
from bot.sandbox.workspace import Workspace
from bot.slack_rules.limits import RESPONSE_URL_SECONDS, RESPONSE_URL_USES

LIFE = timedelta(seconds=RESPONSE_URL_SECONDS)


@dataclass
class ResponseUrl:
    user: str
    channel: str
    original_ts: str | None
    made: datetime
    uses: int = 0


class Final(Exception):
    """A status that is not 2xx: whoever gets it must not try again."""

    def __init__(self, status: int, code: str) -> None:
        super().__init__(code)
        self.answer = Answer(status, {"ok": False, "error": code})


@dataclass
class ResponseUrls:
    ws: Workspace
    _made: dict[str, ResponseUrl] = field(default_factory=dict)

    def make(self, user: str, channel: str, original_ts: str | None = None) -> str:
        now = self.ws.clock.now()
        self._made = {path: url for path, url in self._made.items() if now - url.made <= 2 * LIFE}
        path = self.ws.next_id("R")
        self._made[path] = ResponseUrl(user, channel, original_ts, now)
        return f"{self.ws.base_url}/respond/{path}"

    def answer(self, path: str, body: Mapping[str, Any]) -> Answer:
        try:
            self._take(self._usable(path), Args(body))
        except Final as final:
            return final.answer
        except ApiError as refused:
            return Answer(400, refused.answer().body)
        return Answer(200, {"ok": True})

    def _usable(self, path: str) -> ResponseUrl:
        url = self._made.get(path)
        if url is None or self.ws.clock.now() - url.made > LIFE:
            raise Final(404, "expired_url")
        if url.uses >= RESPONSE_URL_USES:
            raise Final(404, "used_url")
        url.uses += 1
        return url

    def _take(self, url: ResponseUrl, body: Args) -> None:
        if body.flag("delete_original"):
            messages.drop(self.ws, self._original(url))
        elif body.flag("replace_original"):
            content = self._content(body)
            messages.change(self.ws, self._original(url), content["text"], content["blocks"])
        else:
            say(self.ws, url.user, url.channel, self._content(body), body)

    def _content(self, body: Args) -> Json:
        return content_of(self.ws, body, most_block_text=None)

    def _original(self, url: ResponseUrl) -> Message:
        """The message whose button was pressed; a command line cannot be replaced or deleted."""
        found = self.ws.world.channels[url.channel].messages.get(url.original_ts or "")
        if found is None:
            raise Final(404, "message_not_found")
        return found


def say(ws: Workspace, user: str, channel: str, content: Json, body: Args) -> Message:
    """An answer to one person, or with `in_channel` to everyone there."""
    to_all = body.text("response_type") == "in_channel"
    thread_ts = body.text("thread_ts") or None
    if thread_ts and not to_all:
        raise ApiError("invalid_arguments")
    only_for = None if to_all else user
    message = messages.app_message(ws, channel, content, only_for=only_for, thread_ts=thread_ts)
    return messages.keep(ws, message)
