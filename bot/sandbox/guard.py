"""Only this machine's browser page may talk to the sandbox: no other site, no other host name."""

from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

NAMES = ("127.0.0.1", "localhost", "[::1]")
APP_PATHS = ("/api/", "/respond/", "/upload/", "/w/")


@dataclass(frozen=True)
class Guard:
    app: ASGIApp
    port: int

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or self._is_welcome(scope):
            await self.app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await PlainTextResponse("forbidden", 403)(scope, receive, send)

    def _is_welcome(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        hosts = {f"{name}:{self.port}" for name in NAMES}
        if scope["type"] == "websocket":
            # slack_sdk's own client leaves the port out; the ticket in the address is what counts there.
            return headers.get("host") in hosts | set(NAMES) and "origin" not in headers
        if headers.get("host") not in hosts:
            return False
        return scope["method"] != "POST" or self._may_post(scope["path"], headers.get("origin"), hosts)

    def _may_post(self, path: str, origin: str | None, hosts: set[str]) -> bool:
        """An app is no browser and names no origin; the page's browser always does."""
        if origin is None:
            return path.startswith(APP_PATHS)
        return origin in {f"http://{host}" for host in hosts}
