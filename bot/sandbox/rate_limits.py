"""Slack's rate limits: so many calls of a method in a minute, one message a second in a channel."""

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import ceil

from bot.sandbox.answers import ApiError
from bot.sandbox.tokens import Clock

MINUTE = timedelta(minutes=1)
SECOND = timedelta(seconds=1)
# Tier 1 promises one call a minute and tolerates a burst: an app may open all its sockets at once.
CALLS_PER_MINUTE = {
    "apps.connections.open": 10,
    "conversations.list": 20,
    "dnd.teamInfo": 20,
    "users.conversations": 20,
    "users.list": 20,
    "chat.update": 50,
    "chat.delete": 50,
    "oauth.v2.exchange": 50,
    "conversations.open": 50,
    "conversations.info": 50,
    "conversations.history": 50,
    "conversations.replies": 50,
    "chat.postEphemeral": 100,
    "conversations.members": 100,
    "files.completeUploadExternal": 100,
    "files.getUploadURLExternal": 100,
    "files.info": 100,
    "oauth.v2.access": 100,
    "users.info": 100,
    "views.open": 100,
    "views.push": 100,
    "views.update": 100,
    "views.publish": 100,
    "chat.postMessage": 300,
    "auth.test": 600,
    "chat.getPermalink": 600,
}


class RateLimited(ApiError):
    def __init__(self, seconds: float) -> None:
        super().__init__("ratelimited")
        self.retry_after = max(1, ceil(seconds))


@dataclass
class RateLimits:
    clock: Clock
    times: float = 1
    """Slack's own limits are 1; a test that has no hour to spend allows more of each method. A channel's pace stays."""
    _calls: defaultdict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def count(self, method: str, channel: str) -> None:
        """Raises RateLimited when this call is one too many. A refused call does not count."""
        now = self.clock.now()
        buckets: list[tuple[str, timedelta, float]] = [(method, MINUTE, CALLS_PER_MINUTE[method] * self.times)]
        if method == "chat.postMessage":
            buckets.append((f"{method} {channel}", SECOND, 1))
        for name, window, most in buckets:
            self._require_room(self._calls[name], now, window, most)
        for name, _, _ in buckets:
            self._calls[name].append(now)

    def _require_room(self, calls: deque[datetime], now: datetime, window: timedelta, most: float) -> None:
        while calls and now - calls[0] >= window:
            calls.popleft()
        if len(calls) >= most:
            raise RateLimited((calls[0] + window - now).total_seconds())
