"""Every Web API method by its name, and the way of a call: token, method, scope, rate limit, the method itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox import methods_chat, methods_conversations, methods_users, methods_views
from bot.sandbox.answers import Answer, ApiError, Json
from bot.sandbox.args import Args
from bot.sandbox.rate_limits import RateLimited, RateLimits
from bot.sandbox.state import APP_TOKEN, BOT_TOKEN
from bot.sandbox.workspace import Workspace

Run = Callable[[Workspace, Args], Json]


@dataclass(frozen=True)
class Method:
    run: Run
    scope: str | None = None
    token: str = BOT_TOKEN


METHODS = {
    "apps.connections.open": Method(methods_users.open_connection, token=APP_TOKEN),
    "auth.test": Method(methods_users.auth_test),
    "chat.delete": Method(methods_chat.delete, "chat:write"),
    "chat.getPermalink": Method(methods_chat.get_permalink),
    "chat.postEphemeral": Method(methods_chat.post_ephemeral, "chat:write"),
    "chat.postMessage": Method(methods_chat.post_message, "chat:write"),
    "chat.update": Method(methods_chat.update, "chat:write"),
    "conversations.history": Method(methods_conversations.history),
    "conversations.info": Method(methods_conversations.info),
    "conversations.list": Method(methods_conversations.list_channels),
    "conversations.members": Method(methods_conversations.members),
    "conversations.open": Method(methods_conversations.open_dm, "im:write"),
    "conversations.replies": Method(methods_conversations.replies),
    "users.info": Method(methods_users.info, "users:read"),
    "users.list": Method(methods_users.list_users, "users:read"),
    "views.open": Method(methods_views.open_view),
    "views.publish": Method(methods_views.publish_view),
    "views.push": Method(methods_views.push_view),
    "views.update": Method(methods_views.update_view),
}


@dataclass(frozen=True)
class WebApi:
    ws: Workspace
    limits: RateLimits | None

    def call(self, method: str, args: Mapping[str, Any], token: str | None) -> Answer:
        answer = self._answer(method, Args(args), token)
        self.ws.log(method, args, answer)
        return answer

    def _answer(self, name: str, args: Args, token: str | None) -> Answer:
        try:
            method = _method(name, token)
            if method.scope:
                self.ws.installed.need(method.scope)
            if self.limits:
                self.limits.count(name, args.text("channel"))
            with self.ws.changing():
                return Answer(200, method.run(self.ws, args))
        except RateLimited as refused:
            return Answer(429, refused.answer().body, {"Retry-After": str(refused.retry_after)})
        except ApiError as refused:
            return refused.answer()


def _method(name: str, token: str | None) -> Method:
    if name not in METHODS:
        raise ApiError("unknown_method")
    if not token:
        raise ApiError("not_authed")
    if token not in (BOT_TOKEN, APP_TOKEN):
        raise ApiError("invalid_auth")
    if token != METHODS[name].token:
        raise ApiError("not_allowed_token_type")
    return METHODS[name]
