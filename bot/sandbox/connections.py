"""The server's open connections, to be broken as a network breaks them: without a word."""

import socket
import struct
from typing import Any

import uvicorn
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

RESET = struct.pack("ii", 1, 0)
"""Linger for no time: closing throws away what was not sent and resets the connection."""


class Connections:
    def __init__(self) -> None:
        self.server: uvicorn.Server | None = None
        self._of_apps: set[Any] = set()

    def is_an_app(self, client: Any) -> None:
        """Who called the Web API at this address, and may keep the connection open."""
        self._of_apps.add(tuple(client))

    def reset_apps(self) -> None:
        """Whatever they wait for is not answered any more."""
        clients, self._of_apps = self._of_apps, set()
        for client in clients:
            self.reset(client)

    def reset(self, client: Any) -> None:
        """`client` is the address at the other end, as in an ASGI scope."""
        protocols = self.server.server_state.connections if self.server else ()
        for transport in [protocol.transport for protocol in protocols]:
            if transport.get_extra_info("peername") == tuple(client):
                transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
                transport.abort()


class NoAnswer(Response):
    """The connection is reset in the place of an answer."""

    def __init__(self, connections: Connections) -> None:
        super().__init__()
        self._connections = connections

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self._connections.reset(scope["client"])
        while (await receive())["type"] != "http.disconnect":
            pass
