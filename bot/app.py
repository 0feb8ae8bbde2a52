"""Puts the parts together."""

import logging
import ssl
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from slack_bolt import App, BoltContext
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

import handlers
from bot.clock import Clock, RemoteClock, SystemClock
from bot.config import Settings
from bot.database import Database
from bot.domain.pace import Rates
from bot.later import Later
from bot.outgoing import post_answer, post_file
from bot.renewing import Renewing
from bot.runtime import Runtime, Tenants
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
    later = Later(settings.worker_threads)
    clock = clock or (RemoteClock(settings.clock_url) if settings.clock_url else SystemClock())
    database = Database(
        settings.database_url,
        wake=wake,
        connections=settings.worker_threads + settings.senders + SPARE_CONNECTIONS,
        durable=settings.sync_each_commit,
    )
    connections = Connections(context, on_call=on_call)
    slack = build_client(settings, connections)
    serves: set[int] = set()
    tenants = build_tenants(settings, database, clock, connections, serves) if settings.is_for_several else None
    return Runtime(
        database=database,
        slack=slack,
        answer=lambda url, body: post_answer(url, body, slack=settings.slack_api_url, context=context),
        put_file=lambda url, stream, length: post_file(
            url, stream, length, slack=settings.slack_api_url, context=context
        ),
        clock=clock,
        later=later,
        finish_later=later.finish,
        admins=settings.admins,
        serves=serves,
        client_of=tenants.client_of if tenants else None,
        tenants=tenants,
        install_url=settings.install_url,
        keeps=timedelta(days=settings.erase_after_days),
        senders=settings.senders,
        rates=Rates(settings.messages_per_minute),
    )


def build_tenants(
    settings: Settings, database: Database, clock: Clock, connections: Connections, serves: set[int]
) -> Tenants:
    """Where several workspaces install the app: all of them share the open connections."""
    from bot.oauth import OAuth  # loaded where it is needed alone, as are the seal's ciphers
    from bot.seal import Seal
    from bot.tenant_client import TenantClient

    def connect(token: str, *, team_id: str | None, renewed: Callable[[str], str | None]) -> TenantClient:
        client = TenantClient(token, settings.slack_api_url, connections)
        client.renewed = renewed
        if team_id is not None:
            client.default_params["team_id"] = team_id
        return client

    seal = Seal([key.get_secret_value() for key in settings.keys])
    oauth = OAuth(settings, build_client(settings, connections))
    renewing = Renewing(database, clock, seal, oauth)
    return Tenants(database, clock, seal=seal, connect=connect, serves=serves, renewing=renewing)


def build_client(settings: Settings, connections: Connections) -> SlackClient:
    """`connections` holds the one TLS context for all calls (it costs 47 ms of CPU to build)."""
    return SlackClient(settings.slack_bot_token.get_secret_value(), settings.slack_api_url, connections)


def connect(runtime: Runtime) -> dict[str, Any] | None:
    """Ask Slack who we are, remember the workspace, and serve it from now on.

    None where several may have installed the app: all of them are served. Raises CannotOpen without the right key.
    """
    if runtime.tenants is not None:
        runtime.tenants.open()
        return None
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
