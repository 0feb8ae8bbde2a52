"""Brings payloads to the app, learns whether it took them, and brings events again that it did not take."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.sandbox.answers import ApiError, Json, NobodyListens
from bot.sandbox.payloads import Payloads
from bot.sandbox.workspace import Workspace

RETRIES_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))


class Deliver(Protocol):
    """How payloads reach the app. `kind` is "slash_commands", "interactive" or "events_api".

    Answers the acknowledgement's payload ({} when empty), None when there was none within three real seconds.
    """

    def __call__(self, kind: str, payload: Json) -> Json | None: ...


Apply = Callable[[Json], None]
"""Does in the workspace what an acknowledgement asks for; raises ApiError when it cannot be done."""


@dataclass(frozen=True)
class Delivery:
    kind: str
    payload: Json
    user: str
    apply: Apply


@dataclass(frozen=True)
class Outcome:
    acked: bool = True
    ack: Json = field(default_factory=dict)
    error: str | None = None


@dataclass(frozen=True, eq=False)
class Waiting:
    """An event nobody has acknowledged yet."""

    payload: Json
    attempts: int
    next_at: datetime


class Courier:
    def __init__(self, ws: Workspace, payloads: Payloads, *, retry_events: bool) -> None:
        self.deliver: Deliver | None = None
        self.last: Delivery | None = None
        self._ws = ws
        self._payloads = payloads
        self._retry_events = retry_events
        self._waiting: list[Waiting] = []

    def send(self, delivery: Delivery) -> Outcome:
        self.last = delivery
        outcome = self._send(delivery.kind, delivery.payload)
        if not outcome.acked:
            return outcome
        try:
            with self._ws.changing():
                delivery.apply(outcome.ack)
        except ApiError as refused:
            self._ws.log(f"ack:{delivery.kind}", outcome.ack, refused.answer())
            return Outcome(True, outcome.ack, "dispatch_failed")
        return outcome

    def send_event(self, event: Json, user: str) -> Outcome:
        """Delivered only if the manifest subscribes to it."""
        name = _subscription(event)
        if name not in self._ws.installed.events:
            return Outcome()
        with self._ws.changing():
            payload = self._payloads.event(event)
        delivery = Delivery("events_api", payload, user, lambda ack: None)
        outcome = self.send(delivery)
        if not outcome.acked and self._retry_events:
            self._wait(payload, attempts=0)
        # A person sees nothing of an event that was not taken.
        return Outcome(outcome.acked, outcome.ack)

    def redeliver(self, *, only_due: bool) -> int:
        """Bring every waiting event again; answers how many still wait for another attempt."""
        for event in self._due(only_due):
            if not self._send("events_api", event.payload).acked:
                self._wait(event.payload, attempts=event.attempts + 1)
        return len(self._waiting)

    def _due(self, only_due: bool) -> list[Waiting]:
        now = self._ws.clock.now()
        with self._ws.reading():
            due = [event for event in self._waiting if event.next_at <= now or not only_due]
            self._waiting = [event for event in self._waiting if event not in due]
        return due

    def _wait(self, payload: Json, *, attempts: int) -> None:
        if attempts < len(RETRIES_AFTER):
            next_at = self._ws.clock.now() + RETRIES_AFTER[attempts]
            with self._ws.reading():
                self._waiting.append(Waiting(payload, attempts, next_at))

    def _send(self, kind: str, payload: Json) -> Outcome:
        if self.deliver is None:
            return Outcome(False, {}, "dispatch_failed")
        try:
            ack = self.deliver(kind, payload)
        except NobodyListens:
            return Outcome(False, {}, "dispatch_failed")
        return Outcome(False, {}, "operation_timeout") if ack is None else Outcome(True, ack)


def _subscription(event: Json) -> str:
    """The name in the manifest; messages are subscribed to by the kind of conversation."""
    kinds = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
    return kinds[event["channel_type"]] if event["type"] == "message" else str(event["type"])
