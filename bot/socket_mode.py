"""Slack's door without a public address: the bot calls out, and payloads come over a socket."""

import sys

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler

from bot.config import Settings
from bot.runtime import Runtime

BURST = 20_000
"""slack_sdk's socket client recurses once per frame that arrives in one read: bursts need room on the stack."""

RECEIVE_BUFFER = 65_536

PING = 3.0
"""Seconds: so often it is looked whether the socket still lives, and a dropped one is replaced."""


class SocketDoor:
    address = "Slack by Socket Mode"

    def __init__(self, app: App, runtime: Runtime, settings: Settings) -> None:
        self._handler = SocketModeHandler(
            app,
            settings.slack_app_token.get_secret_value(),
            web_client=runtime.slack,
            concurrency=settings.worker_threads,
            receive_buffer_size=RECEIVE_BUFFER,
            ping_interval=PING,
        )

    def open(self) -> None:
        sys.setrecursionlimit(max(sys.getrecursionlimit(), BURST))
        self._handler.connect()

    def close(self) -> None:
        self._handler.close()
        self._handler.disconnect()  # a session that was being renewed while it closed

    @property
    def is_open(self) -> bool:
        return bool(self._handler.client.is_connected())
