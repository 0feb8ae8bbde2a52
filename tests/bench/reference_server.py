"""The reference: the smallest asynchronous app of slack-bolt, one listener that only acknowledges.

`python -m tests.bench.reference_server /COMMAND` or `... CALLBACK_ID`; PORT and the rest come from the environment.
"""

import os
import sys

import uvicorn
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def build(listens_to: str) -> Starlette:
    """Bolt asks Slack once who it is, at the first request, which the warm-up pays."""
    token = os.environ["SLACK_BOT_TOKEN"]
    app = AsyncApp(
        token=token,
        client=AsyncWebClient(token=token, base_url=os.environ["SLACK_API_URL"]),
        signing_secret=os.environ["SLACK_SIGNING_SECRET"],
        process_before_response=True,
    )
    listen = app.command if listens_to.startswith("/") else app.view

    @listen(listens_to)
    async def acknowledge(ack: AsyncAck) -> None:
        await ack()

    handler = AsyncSlackRequestHandler(app)

    async def events(request: Request) -> Response:
        return await handler.handle(request)

    return Starlette(routes=[Route("/slack/events", events, methods=["POST"])])


if __name__ == "__main__":
    uvicorn.run(  # as bot.server runs it
        build(sys.argv[1]),
        host="127.0.0.1",
        port=int(os.environ["PORT"]),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
