"""Couriers in processes of their own, that are going to be killed. This side runs in them."""

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import Connection
from typing import Any, Literal

import psycopg  # noqa: F401 - as the mappers below: here once, and not in every process that is forked from here
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import configure_mappers

from bot.app import build_runtime, connect
from bot.clock import Clock, MovableClock
from bot.config import Settings
from bot.scheduler import Timetable
from bot.slack_client import TIMEOUT

configure_mappers()

Moment = Literal["before", "after"]
WRITES = frozenset({"chat.postMessage", "chat.update", "views.publish"})
"""What leaves something in Slack; the other calls only ask."""

IDLE = "idle"
AT_WORK = "at work"


@dataclass(frozen=True)
class Fate:
    """It stops for good `before` its n-th call leaves, or `after` Slack has done its n-th write."""

    moment: Moment
    call: int


class Doomed(WebClient):
    """Calls Slack until its hour has come; then it says at which call it stands, and never moves again."""

    def __init__(self, fate: Fate, say: Callable[[str], None], **options: Any) -> None:
        super().__init__(**options)
        self._fate = fate
        self._say = say
        self._calls = 0

    def api_call(self, api_method: str, **request: Any) -> Any:
        if self._ends("before"):
            self._stop(api_method)
        answer = super().api_call(api_method, **request)
        if api_method in WRITES and self._ends("after"):
            self._stop(api_method)
        return answer

    def _ends(self, moment: Moment) -> bool:
        self._calls += moment == self._fate.moment
        return moment == self._fate.moment and self._calls == self._fate.call

    def _stop(self, api_method: str) -> None:
        self._say(api_method)
        threading.Event().wait()


def deliver_step_by_step(settings: Settings, fate: Fate | None, now: datetime, parent: Connection) -> None:
    """All that is due; then the parent says how late it is, and it goes on. Without a fate nothing stops it."""
    clock = MovableClock(now, running=False)
    runtime = build_runtime(settings, clock=clock, wake=lambda: None)
    connect(runtime)
    if fate is not None:
        known = {"token": runtime.slack.token, "base_url": runtime.slack.base_url}
        slack = Doomed(fate, parent.send, **known, timeout=TIMEOUT, retry_handlers=[])
        runtime = replace(runtime, slack=slack)
    timetable = Timetable(runtime)
    while True:
        timetable.run_due()
        parent.send(IDLE)
        clock.move_to(parent.recv())


def deliver_freely(settings: Settings, parent: Connection) -> None:
    """As the bot does it: in threads, at its own speed, by the clock of the sandbox."""
    runtime = build_runtime(settings, wake=lambda: None)
    connect(runtime)
    Timetable(runtime).start()
    parent.send(AT_WORK)
    threading.Event().wait()


def deliver_on_demand(settings: Settings, clock: Clock, timeout: float, parent: Connection) -> None:
    """What is due, at its own speed; then it is idle until the parent sends it on. Slack may be down at the start."""
    logging.getLogger("bot").setLevel(logging.ERROR)  # that Slack fails is no news here
    runtime = build_runtime(settings, clock=clock, wake=lambda: None)
    runtime.slack.timeout = timeout
    while True:
        with suppress(OSError, SlackApiError):
            connect(runtime)
            break
        threading.Event().wait(0.1)
    timetable = Timetable(runtime)
    while True:
        parent.send(AT_WORK)
        timetable.deliver_due()
        parent.send(IDLE)
        parent.recv()
