"""Slack's door with a public address: Slack calls us, and signs what it sends."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App
from starlette.routing import Route

from bot.config import SLACK_PATH, Settings
from bot.runtime import Runtime
from bot.server import WebServer, build_web


class HttpDoor:
    def __init__(self, app: App, runtime: Runtime, settings: Settings) -> None:
        self._pool = ThreadPoolExecutor(settings.worker_threads, thread_name_prefix="request")
        secret = settings.slack_signing_secret.get_secret_value()
        also: Sequence[Route] = ()
        if settings.is_for_several:
            from bot.install_web import install_routes  # loaded where it is needed alone

            also = install_routes(runtime, settings)
        web = build_web(app, self._pool, secret, also=also)
        self._server = WebServer(web, host=settings.host, port=settings.port)

    @property
    def address(self) -> str:
        return f"port {self._server.port}, {SLACK_PATH}"

    def open(self) -> None:
        self._server.start()

    def close(self) -> None:
        self._server.stop()
        self._pool.shutdown()

    @property
    def is_open(self) -> bool:
        return self._server.is_serving
