"""Slack's door without a public address: the bot calls out, and payloads come over a socket."""

import logging

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.config import Settings
from bot.runtime import Runtime
from bot.socket_frames import read_frame_by_frame
from handlers.shape import has_slacks_shape

RECEIVE_BUFFER = 65_536

PING = 3.0
"""Seconds: so often it is looked whether the socket still lives, and a dropped one is replaced."""

logger = logging.getLogger(__name__)


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
        read_frame_by_frame(self._handler.client)
        self._handler.client.socket_mode_request_listeners = [self.take]

    def take(self, client: BaseSocketModeClient, envelope: SocketModeRequest) -> None:
        """What has not Slack's shape is taken and passed over: unanswered, it would come again."""
        if has_slacks_shape(envelope.payload):
            self._handler.handle(client, envelope)  # type: ignore[arg-type]  # it is the handler's own
        else:
            logger.warning("an envelope holds no payload of Slack's")
            client.send_socket_mode_response(SocketModeResponse(envelope_id=envelope.envelope_id))

    def open(self) -> None:
        self._handler.connect()

    def close(self) -> None:
        self._handler.close()
        self._handler.disconnect()  # a session that was being renewed while it closed

    @property
    def is_open(self) -> bool:
        return bool(self._handler.client.is_connected())
