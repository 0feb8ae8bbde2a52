"""Slack's door with a public address: Slack calls us, and signs what it sends."""

from concurrent.futures import ThreadPoolExecutor

from slack_bolt import App

from bot.config import SLACK_PATH, Settings
from bot.server import WebServer, build_web


class HttpDoor:
    def __init__(self, app: App, settings: Settings) -> None:
        self._pool = ThreadPoolExecutor(settings.worker_threads, thread_name_prefix="request")
        secret = settings.slack_signing_secret.get_secret_value()
        self._server = WebServer(build_web(app, self._pool, secret), host=settings.host, port=settings.port)

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
