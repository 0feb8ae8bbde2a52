"""A courier in a process of its own, that is going to be killed. Imports little, because every import is waited for."""

import threading
from datetime import UTC, datetime
from multiprocessing.synchronize import Event
from typing import Any

from slack_sdk import WebClient

from bot.clock import MovableClock
from bot.database import Database
from bot.jobs.delivery import Courier
from bot.runtime import Runtime


class Stuck(WebClient):
    """Posts, tells that it did, and never comes back with the answer."""

    def __init__(self, reached: Event, **options: Any) -> None:
        super().__init__(**options)
        self.reached = reached

    def chat_postMessage(self, **words: Any) -> Any:
        super().chat_postMessage(**words)
        self.reached.set()
        threading.Event().wait()


def deliver_until_killed(url: str, api: str, token: str, reached: Event) -> None:
    slack = Stuck(reached, token=token, base_url=api, retry_handlers=[])
    clock = MovableClock(datetime(2026, 3, 30, 13, 0, tzinfo=UTC), running=False)
    runtime = Runtime(database=Database(url), slack=slack, answer=lambda url, body: 404, serves={1}, clock=clock)
    Courier(runtime).deliver_due()
