"""How often Slack may be called (slack-platform 6.2): so many calls of a method a minute, one message a second in a
channel. All rates lie below Slack's limits, whose window may hold what came in a burst and all that followed it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import floor

from models.schemas.delivery import Operation

MESSAGES = "chat.postMessage"
LOOKING = "conversations.history"
"""What a message whose answer was lost costs beside."""


@dataclass(frozen=True)
class Rate:
    """One call `every` so long; after a pause up to `burst` at once. All that has to be remembered of it is when the
    next call may leave, which lies in the past after a pause."""

    every: timedelta
    burst: int = 1

    def room(self, free_at: datetime | None, now: datetime) -> int:
        """How many calls may leave now."""
        if free_at is None:
            return self.burst
        return 0 if free_at > now else min(self.burst, 1 + floor((now - free_at) / self.every))

    def after(self, free_at: datetime | None, now: datetime, calls: int = 1) -> datetime:
        """When the next one may leave, once these have."""
        longest_pause = now - (self.burst - 1) * self.every
        return max(free_at or longest_pause, longest_pause) + calls * self.every


def per_minute(calls: int, *, burst: int) -> Rate:
    return Rate(timedelta(minutes=1) / calls, burst)


IN_A_CHANNEL = Rate(timedelta(seconds=1))
BURST_SECONDS = 5
"""Messages of so long leave at once after a pause, wherever they go."""

_TIER_3, _TIER_4 = per_minute(40, burst=8), per_minute(80, burst=15)
METHODS: Mapping[str, Rate] = {
    "chat.update": _TIER_3,
    "chat.delete": _TIER_3,
    LOOKING: _TIER_3,
    "chat.postEphemeral": _TIER_4,
    "views.publish": _TIER_4,
    "files.getUploadURLExternal": _TIER_4,
}

ALL_METHODS = (MESSAGES, *METHODS)
"""Whose buckets are of a workspace, not of a channel."""

METHOD_OF: Mapping[Operation, str] = {
    Operation.POST: MESSAGES,
    Operation.PICTURE: MESSAGES,
    Operation.UPDATE: "chat.update",
    Operation.EPHEMERAL: "chat.postEphemeral",
    Operation.PUBLISH_HOME: "views.publish",
    Operation.REMOVE: "chat.delete",
    Operation.EXPORT: "files.getUploadURLExternal",
}


@dataclass(frozen=True)
class Rates:
    """Of one workspace. Each has its own, and so has each channel in it."""

    messages_per_minute: int = 240
    methods: Mapping[str, Rate] = field(default_factory=lambda: METHODS)

    def of(self, method: str) -> Rate | None:
        """None: nothing of it is counted."""
        if method == MESSAGES:
            return per_minute(self.messages_per_minute, burst=max(1, self.messages_per_minute * BURST_SECONDS // 60))
        return self.methods.get(method)

    def room(self, method: str, free_at: datetime | None, now: datetime, *, most: int) -> int:
        rate = self.of(method)
        if rate is None:
            return 0 if free_at is not None and free_at > now else most
        return min(most, rate.room(free_at, now))


UNCOUNTED = Rates(messages_per_minute=60_000, methods={})
"""But for the pace of a channel: where no real Slack is called."""


def channel_bucket(target: str) -> str:
    return f"{MESSAGES} {target}"
