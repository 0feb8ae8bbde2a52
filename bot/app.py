"""Puts the parts together."""

import logging
import ssl
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

import handlers
from bot.clock import Clock, RemoteClock, SystemClock
from bot.config import Settings
from bot.database import Database
from bot.outgoing import post_answer, post_file
from bot.runtime import Runtime
from bot.services import workspace as workspaces
from bot.slack_client import Connections, OnCall, SlackClient
from handlers.feature import Feature
from handlers.router import Router

QUIET = logging.getLogger("stationmaster.bolt")
QUIET.setLevel(logging.ERROR)
"""Bolt warns of tokens in the environment that it does not need: they are ours."""

SPARE_CONNECTIONS = 4
"""For the postman and the ticks, beside one for each request under way."""


def build_runtime(
    settings: Settings, *, clock: Clock | None = None, wake: Callable[[], None], on_call: OnCall = lambda *call: None
) -> Runtime:
    """`on_call` is told of each call to Slack and what came of it."""
    context = ssl.create_default_context() if settings.slack_api_url.startswith("https") else None
    pool = ThreadPoolExecutor(max_workers=settings.worker_threads, thread_name_prefix="after")
    return Runtime(
        database=Database(settings.database_url, wake=wake, connections=settings.worker_threads + SPARE_CONNECTIONS),
        slack=build_client(settings, Connections(context, on_call=on_call)),
        answer=lambda url, body: post_answer(url, body, slack=settings.slack_api_url, context=context),
        put_file=lambda url, stream, length: post_file(
            url, stream, length, slack=settings.slack_api_url, context=context
        ),
        clock=clock or (RemoteClock(settings.clock_url) if settings.clock_url else SystemClock()),
        later=pool.submit,
        admins=settings.admins,
    )


def build_client(settings: Settings, connections: Connections) -> SlackClient:
    """`connections` holds the one TLS context for all calls (it costs 47 ms of CPU to build)."""
    return SlackClient(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, connections)


def connect(runtime: Runtime) -> dict[str, Any]:
    """Ask Slack who we are, remember the workspace, and serve it from now on."""
    known: dict[str, Any] = dict(runtime.slack.auth_test().data)  # type: ignore[arg-type]  # JSON, never bytes
    with runtime.database.everywhere() as session:
        workspace = workspaces.install(
            session,
            team_id=known["team_id"],
            name=known["team"],
            url=known["url"],
            bot_user_id=known["user_id"],
        )
    runtime.serves.add(workspace.id)
    return known


def build_app(
    runtime: Runtime,
    identity: dict[str, Any] | None,
    *,
    features: Sequence[Feature] = handlers.FEATURES,
    signing_secret: str | None = None,
) -> App:
    """Bolt verifies, parses and authorizes; our router, its last middleware, answers.

    What comes over HTTP is verified with the signing secret; what comes over a socket is not signed.
    Without an identity there may be several workspaces, and each names itself.
    """
    app = App(
        logger=QUIET,
        name="stationmaster",  # Bolt would look for one in every module that is loaded
        client=WebClient(base_url=runtime.slack.base_url),  # Bolt's own, which we do not use
        before_authorize=_without_address,
        authorize=_in_any(runtime) if identity is None else _in_one(identity),
        process_before_response=True,
        token_verification_enabled=False,
        signing_secret=signing_secret,
        request_verification_enabled=signing_secret is not None,
    )
    app.middleware(Router(runtime, features))
    return app


def _without_address(context: BoltContext, next: Callable[[], None]) -> None:
    """Bolt would write to the response_url of a workspace that it does not know; `bot.outgoing` alone writes."""
    context.pop("response_url", None)
    next()


def _in_one(identity: dict[str, Any]) -> Callable[..., AuthorizeResult]:
    known = AuthorizeResult(
        enterprise_id=identity.get("enterprise_id"),
        team_id=identity["team_id"],
        team=identity.get("team"),
        url=identity.get("url"),
        bot_user_id=identity["user_id"],
        bot_id=identity.get("bot_id"),
    )

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """What comes from another workspace is passed on without a name: the router knows what to say."""
        return known if team_id == known.team_id else AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id)

    return authorize


def _in_any(runtime: Runtime) -> Callable[..., AuthorizeResult]:
    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        """Who the bot is there, so that Bolt drops what it did itself. Slack is not asked."""
        served = runtime.tenants.served(team_id) if runtime.tenants else None
        who = served.bot_user_id if served else None
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_user_id=who)

    return authorize
