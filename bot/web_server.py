"""uvicorn in a thread of its own."""

import socket
import threading

import uvicorn
from starlette.types import ASGIApp

GRACE = 5
"""Seconds for requests under way when the server is told to stop; Slack waits three."""

READING = 5.0
"""Seconds in which a request has to be here, from its first byte to its last; Slack sends it at once."""

MOST_CONNECTIONS = 500


class CannotListen(OSError):
    """Another program listens there already, or the address is not this machine's."""


class WebServer:
    """The port is bound at once: raises CannotListen."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        host: str,
        port: int,
        connections: int = MOST_CONNECTIONS,
        reading: float = READING,
    ) -> None:
        from bot.impatient import impatient  # loaded where something is served, which Socket Mode alone does not

        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        config = uvicorn.Config(
            app,
            http=impatient(connections, reading),
            lifespan="off",
            ws="none",
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._run, name=f"web-{self.port}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """What is under way is answered first."""
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join()
        self._socket.close()

    @property
    def is_serving(self) -> bool:
        return self._server.started and self._thread.is_alive()

    @property
    def connections(self) -> int:
        return len(self._server.server_state.connections)

    def _run(self) -> None:
        self._server.run(sockets=[self._socket])


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as problem:
        raise CannotListen(f"Port {port} of {host} cannot be listened at: {problem.strerror}") from None
