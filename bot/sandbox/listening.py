"""Where the server listens: closed for a while, as a Slack that nobody reaches, then opened again at its address."""

import asyncio
import socket

import uvicorn


class Listening:
    """While it is closed the system itself refuses every new connection. What is connected already stays so."""

    def __init__(self, host: str, port: int) -> None:
        self._open = socket.create_server((host, port))
        self.host, self.port = self._open.getsockname()[:2]
        self._server: uvicorn.Server | None = None

    async def serve(self, server: uvicorn.Server) -> None:
        self._server = server
        await server.serve(sockets=[self._open])

    @property
    def is_closed(self) -> bool:
        return self._server is not None and not any(server.is_serving() for server in self._server.servers)

    def close(self) -> None:
        """From the server's own thread, or when it has none any more."""
        for server in self._server.servers if self._server else ():
            server.close()
        self._open.close()

    async def open(self) -> None:
        assert self._server is not None
        if not self.is_closed:
            return
        server, config = self._server, self._server.config
        protocol = config.http_protocol_class
        self._open = socket.create_server((self.host, self.port))
        again = await asyncio.get_running_loop().create_server(
            lambda: protocol(config=config, server_state=server.server_state, app_state=server.lifespan.state),  # type: ignore[call-arg]
            sock=self._open,
            backlog=config.backlog,
        )
        server.servers = [again]
