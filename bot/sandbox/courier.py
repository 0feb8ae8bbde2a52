"""Brings payloads to the app, learns whether it took them, and brings events again that it did not take."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.sandbox.answers import Answer, ApiError, Json, NotTaken
from bot.sandbox.payloads import Payloads
from bot.sandbox.workspace import Workspace

RETRIES_AFTER = (timedelta(0), timedelta(minutes=1), timedelta(minutes=5))
TIMEOUT = "http_timeout"


@dataclass(frozen=True)
class Retry:
    """An event that comes again: for the how many-th time, and what became of the time before."""

    number: int
    reason: str


class Deliver(Protocol):
    """How payloads reach the app. `kind` is "slash_commands", "interactive" or "events_api".

    Answers the acknowledgement's payload ({} when empty), None when there was none within three real seconds.
    Raises NotTaken when the app cannot be reached or answers with an error.
    """

    def __call__(self, kind: str, payload: Json, retry: Retry | None, /) -> Json | None: ...


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
    retry_for: str | None = None
    """Why an event of this outcome comes again."""
    problem: str = ""
    """What kept the app from taking it, in more words than a person sees."""


@dataclass(frozen=True, eq=False)
class Waiting:
    """An event that is going to be brought, for the first time or again."""

    delivery: Delivery
    retry: Retry | None
    at: datetime
    after_the_next: bool = False


class Courier:
    def __init__(self, ws: Workspace, payloads: Payloads, *, retry_events: bool) -> None:
        self.deliver: Deliver | None = None
        self.last: Delivery | None = None
        self._ws = ws
        self.payloads = payloads
        self._retry_events = retry_events
        self._waiting: list[Waiting] = []
        self._overtaking = Overtaking()

    def send(self, delivery: Delivery) -> Outcome:
        fault = None if self._overtaking.is_awaited else self._ws.faults.take("reordered")
        if fault:
            self._overtaking.wait(fault.seconds or 0)
        return self._deliver(delivery)

    def send_event(self, event: Json, user: str, payload: Json | None = None) -> Outcome:
        """Delivered only if the manifest subscribes to it. A person sees nothing of an event that was not taken."""
        name = _subscription(event)
        if name not in self._ws.installed.events:
            return Outcome()
        if payload is None:
            with self._ws.changing():
                payload = self.payloads.event(event)
        delivery = Delivery("events_api", payload, user, lambda ack: None)
        if self._is_put_aside(delivery):
            return Outcome()
        outcome = self._deliver(delivery)
        return Outcome(outcome.acked, outcome.ack)

    def repeat(self, delivery: Delivery) -> Outcome:
        """Once more, unchanged; of an event Slack says that it is one more attempt."""
        return self._deliver(delivery, _once_more(delivery))

    def redeliver(self, *, only_due: bool) -> int:
        """Bring every waiting event; answers how many still wait for another attempt."""
        now = self._ws.clock.now()
        for event in self._no_longer_waiting(lambda event: event.at <= now or not only_due):
            self._deliver(event.delivery, event.retry)
        return len(self._waiting)

    def _deliver(self, delivery: Delivery, retry: Retry | None = None) -> Outcome:
        self.last = delivery
        outcome = self._send(delivery, retry)
        if outcome.acked:
            outcome = self._applied(delivery, outcome)
        elif outcome.retry_for and self._retry_events:
            self._wait_for_another_attempt(delivery, retry, outcome.retry_for)
        if retry is None and self._ws.faults.take("repeated"):
            self._send(delivery, _once_more(delivery))
        self._overtaking.happened()
        for event in self._no_longer_waiting(lambda event: event.after_the_next):
            self._deliver(event.delivery, event.retry)
        return outcome

    def _applied(self, delivery: Delivery, outcome: Outcome) -> Outcome:
        try:
            with self._ws.changing():
                delivery.apply(outcome.ack)
        except ApiError as refused:
            self._ws.traffic.record(f"ack:{delivery.kind}", outcome.ack, refused.answer())
            return Outcome(True, outcome.ack, "dispatch_failed")
        return outcome

    def _is_put_aside(self, delivery: Delivery) -> bool:
        """Whether a fault makes this event late, or lets the next delivery overtake it."""
        late = self._ws.faults.take("delayed")
        held = late or (None if self._is_any_held() else self._ws.faults.take("reordered"))
        if held:
            at = self._ws.clock.now() + timedelta(seconds=held.seconds or 0)
            self._put_aside(Waiting(delivery, None, at, after_the_next=late is None))
        return held is not None

    def _wait_for_another_attempt(self, delivery: Delivery, retry: Retry | None, reason: str) -> None:
        attempts = retry.number if retry else 0
        if delivery.kind == "events_api" and attempts < len(RETRIES_AFTER):
            at = self._ws.clock.now() + RETRIES_AFTER[attempts]
            self._put_aside(Waiting(delivery, Retry(attempts + 1, reason), at))

    def _put_aside(self, event: Waiting) -> None:
        with self._ws.reading():
            self._waiting.append(event)

    def _no_longer_waiting(self, has_come: Callable[[Waiting], bool]) -> list[Waiting]:
        with self._ws.reading():
            found = [event for event in self._waiting if has_come(event)]
            self._waiting = [event for event in self._waiting if event not in found]
        return found

    def _is_any_held(self) -> bool:
        with self._ws.reading():
            return any(event.after_the_next for event in self._waiting)

    def _send(self, delivery: Delivery, retry: Retry | None) -> Outcome:
        exchange = self._ws.traffic.begin(delivery.kind, delivery.payload, to_app=True)
        outcome = self._attempt(delivery, retry)
        answer = Answer(200, outcome.ack) if outcome.acked else None
        self._ws.traffic.end(exchange, answer, outcome.problem or outcome.error)
        return outcome

    def _attempt(self, delivery: Delivery, retry: Retry | None) -> Outcome:
        if self.deliver is None:
            return Outcome(False, {}, "dispatch_failed", "connection_failed")
        try:
            ack = self.deliver(delivery.kind, delivery.payload, retry)
        except NotTaken as trouble:
            return Outcome(False, {}, "dispatch_failed", trouble.retry_for, str(trouble))
        return Outcome(False, {}, "operation_timeout", TIMEOUT) if ack is None else Outcome(True, ack)


class Overtaking:
    """Lets what a person did wait until another delivery was faster. One waits at a time, else none would go first."""

    def __init__(self) -> None:
        self.is_awaited = False
        self._deliveries = 0
        self._changed = threading.Condition()

    def wait(self, seconds: float) -> None:
        """Real seconds at most: somebody sits at the other end."""
        with self._changed:
            self.is_awaited = True
            before = self._deliveries
            self._changed.wait_for(lambda: self._deliveries > before, timeout=seconds)
            self.is_awaited = False

    def happened(self) -> None:
        with self._changed:
            self._deliveries += 1
            self._changed.notify_all()


def _once_more(delivery: Delivery) -> Retry | None:
    return Retry(1, TIMEOUT) if delivery.kind == "events_api" else None


def _subscription(event: Json) -> str:
    """The name in the manifest; messages are subscribed to by the kind of conversation."""
    kinds = {"channel": "message.channels", "group": "message.groups", "im": "message.im"}
    return kinds[event["channel_type"]] if event["type"] == "message" else str(event["type"])
