"""Slack's door with a public address: Slack calls us, and signs what it sends."""

from collections.abc import Sequence
from time import monotonic

from slack_bolt import App
from starlette.routing import Route

from bot.config import SLACK_PATH, Settings
from bot.gate import Gate
from bot.runtime import Runtime
from bot.server import SlackEndpoint, build_web
from bot.web_server import WebServer


class HttpDoor:
    def __init__(self, app: App, runtime: Runtime, settings: Settings) -> None:
        self.gate = Gate(settings.worker_threads, settings.queue)
        self._endpoint = SlackEndpoint(app, self.gate, runtime, settings.signing_secret or "")
        also: Sequence[Route] = ()
        if settings.is_for_several:
            from bot.install_web import install_routes  # loaded where it is needed alone

            also = install_routes(runtime, settings)
        web = build_web(self._endpoint, also=also)
        self._server = WebServer(web, host=settings.host, port=settings.port, connections=settings.connections)

    @property
    def address(self) -> str:
        return f"port {self._server.port}, {SLACK_PATH}"

    def open(self) -> None:
        self._server.start()

    def drain(self) -> None:
        """What still comes is answered, and asked to come by another connection from now on."""
        self._endpoint.is_closing = True

    def close(self, seconds: float = 10) -> bool:
        """Nothing new is let in; what was is answered. False where that took longer."""
        until = monotonic() + seconds
        self.drain()
        self._server.stop()
        return self.gate.close(until - monotonic())

    @property
    def is_open(self) -> bool:
        return self._server.is_serving
