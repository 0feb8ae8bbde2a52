"""The kinds of faults: what each does, and how the page explains it."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil
from typing import Literal

from bot.sandbox.answers import Answer

RESPONSE_URL = "response_url"
"""What a POST to a response_url is called among the methods."""

UPLOAD = "upload"
"""What a POST to the address of an upload is called among the methods."""

FOR_LONG = 30.0
"""Seconds; longer than an app should wait for an answer."""

Call = Callable[[Answer | None], Answer]
"""A call to Slack. Given an answer, it is not done, and answered so instead."""


@dataclass(frozen=True)
class Course:
    """How one call goes. Seconds are real ones."""

    before: float = 0
    is_seen: bool = True
    instead: Answer | None = None
    after: float = 0
    breaks: bool = False

    def run(self, call: Call) -> Answer | None:
        """None: the connection breaks, and nobody hears the answer."""
        answer = call(self.instead) if self.is_seen else None
        return None if self.breaks else answer


@dataclass(frozen=True)
class Kind:
    """What can be switched on, in words for a person; `seconds` is what is taken when nothing else is said."""

    about: Literal["calls", "triggers", "deliveries"]
    title: str
    words: str
    seconds: float | None = None
    seconds_mean: str = ""
    course: Callable[[float], Course] | None = None


def _refused(status: int, error: str, **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answer(status, {"ok": False, "error": error}, named)


KINDS = {
    "rate_limited": Kind(
        "calls",
        "Too many calls",
        "Slack does nothing, answers 429 and says how long the app has to wait.",
        FOR_LONG,
        "seconds the app is asked to wait",
        lambda seconds: Course(instead=_refused(429, "ratelimited", Retry_After=str(max(1, ceil(seconds))))),
    ),
    "http_500": Kind(
        "calls",
        "Slack fails (500)",
        "Slack does nothing and answers with HTTP status 500.",
        course=lambda seconds: Course(instead=_refused(500, "internal_error")),
    ),
    "http_503": Kind(
        "calls",
        "Slack is down (503)",
        "Slack does nothing and answers with HTTP status 503.",
        course=lambda seconds: Course(instead=_refused(503, "service_unavailable")),
    ),
    "internal_error": Kind(
        "calls",
        "internal_error",
        "Slack does nothing and answers ok: false with the error internal_error.",
        course=lambda seconds: Course(instead=_refused(200, "internal_error")),
    ),
    "fatal_error": Kind(
        "calls",
        "fatal_error",
        "Slack does nothing and answers ok: false with the error fatal_error.",
        course=lambda seconds: Course(instead=_refused(200, "fatal_error")),
    ),
    "reset": Kind(
        "calls",
        "Connection reset",
        "The connection breaks before Slack has seen the call.",
        course=lambda seconds: Course(is_seen=False, breaks=True),
    ),
    "lost_answer": Kind(
        "calls",
        "Answer lost",
        "Slack does what it was asked, then the connection breaks.",
        course=lambda seconds: Course(breaks=True),
    ),
    "hang": Kind(
        "calls",
        "Hang, nothing done",
        "Slack does nothing and lets the app wait for its answer, a 503.",
        FOR_LONG,
        "seconds until the answer comes",
        lambda seconds: Course(instead=_refused(503, "service_unavailable"), after=seconds),
    ),
    "hang_done": Kind(
        "calls",
        "Hang, all done",
        "Slack does what it was asked at once and lets the app wait for the answer.",
        FOR_LONG,
        "seconds until the answer comes",
        lambda seconds: Course(after=seconds),
    ),
    "slow": Kind(
        "calls",
        "Slow",
        "Slack takes its time before it does anything.",
        2.0,
        "seconds that a call takes",
        lambda seconds: Course(before=seconds),
    ),
    "expired_triggers": Kind(
        "triggers",
        "Triggers expire at once",
        "It is too late to open a form, as when the app took more than three seconds.",
    ),
    "repeated": Kind(
        "deliveries",
        "Delivered twice",
        "What people do, and every event, reaches the app a second time.",
    ),
    "reordered": Kind(
        "deliveries",
        "Out of order",
        "One delivery is held back until the next has overtaken it.",
        2.0,
        "seconds that it waits for another at most",
    ),
    "delayed": Kind(
        "deliveries",
        "Events come late",
        "Events reach the app after a while; what people do reaches it at once.",
        60.0,
        "seconds of the workspace's clock",
    ),
}
