"""Every Web API method by its name, and the way of a call: token, method, scope, rate limit, the method itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from bot.sandbox import (
    methods_chat,
    methods_conversations,
    methods_dnd,
    methods_files,
    methods_oauth,
    methods_users,
    methods_views,
)
from bot.sandbox.answers import Answer, ApiError, Json
from bot.sandbox.args import Args
from bot.sandbox.rate_limits import RateLimited, RateLimits
from bot.sandbox.tokens import Kind
from bot.sandbox.workspace import Workspace
from bot.slack_rules.scopes import APP_SCOPE, METHOD_SCOPES

Run = Callable[[Workspace, Args], Json]


@dataclass(frozen=True)
class Method:
    run: Run
    token: Kind | None = "bot"
    """None: the app's client id and secret are shown instead."""


METHODS = {
    "apps.connections.open": Method(methods_users.open_connection, "app"),
    "auth.revoke": Method(methods_oauth.revoke),
    "auth.test": Method(methods_users.auth_test),
    "chat.delete": Method(methods_chat.delete),
    "chat.getPermalink": Method(methods_chat.get_permalink),
    "chat.postEphemeral": Method(methods_chat.post_ephemeral),
    "chat.postMessage": Method(methods_chat.post_message),
    "chat.update": Method(methods_chat.update),
    "conversations.history": Method(methods_conversations.history),
    "conversations.info": Method(methods_conversations.info),
    "conversations.list": Method(methods_conversations.list_channels),
    "conversations.members": Method(methods_conversations.members),
    "conversations.open": Method(methods_conversations.open_dm),
    "conversations.replies": Method(methods_conversations.replies),
    "dnd.teamInfo": Method(methods_dnd.team_info),
    "files.completeUploadExternal": Method(methods_files.complete_upload),
    "files.getUploadURLExternal": Method(methods_files.get_upload_url),
    "files.info": Method(methods_files.info),
    "oauth.v2.access": Method(methods_oauth.access, None),
    "oauth.v2.exchange": Method(methods_oauth.exchange, None),
    "users.conversations": Method(methods_conversations.list_joined),
    "users.info": Method(methods_users.info),
    "users.list": Method(methods_users.list_users),
    "views.open": Method(methods_views.open_view),
    "views.publish": Method(methods_views.publish_view),
    "views.push": Method(methods_views.push_view),
    "views.update": Method(methods_views.update_view),
}


@dataclass(frozen=True)
class WebApi:
    ws: Workspace
    limits: RateLimits | None

    def call(self, method: str, args: Mapping[str, Any], token: str | None, instead: Answer | None = None) -> Answer:
        """`instead` is answered, and nothing done, when a fault wants it so."""
        exchange = self.ws.traffic.begin(method, args)
        answer = self._with_scopes(instead or self._answer(method, Args(args), token), token)
        self.ws.traffic.end(exchange, answer)
        return answer

    def _with_scopes(self, answer: Answer, token: str | None) -> Answer:
        """Slack says to whoever shows a token what it is good for."""
        kind = self.ws.tokens.kind(token)
        if kind is None:
            return answer
        granted = {APP_SCOPE} if kind == "app" else self.ws.installed.scopes
        return replace(answer, headers=answer.headers | {"X-OAuth-Scopes": ",".join(sorted(granted))})

    def _require_scope(self, name: str) -> None:
        """Of several scopes the method itself knows which one the conversation needs."""
        scopes = METHOD_SCOPES[name]
        if len(scopes) == 1:
            self.ws.installed.need(scopes[0])

    def _answer(self, name: str, args: Args, token: str | None) -> Answer:
        try:
            method = self._method(name, token)
            self._require_scope(name)
            if self.limits:
                self.limits.count(name, args.text("channel"))
            with self.ws.changing():
                return Answer(200, method.run(self.ws, args.shown_with(token)))
        except RateLimited as refused:
            return Answer(429, refused.answer().body, {"Retry-After": str(refused.retry_after)})
        except ApiError as refused:
            return refused.answer()

    def _method(self, name: str, token: str | None) -> Method:
        if name not in METHODS:
            raise ApiError("unknown_method")
        wanted = METHODS[name].token
        if wanted is None:
            return METHODS[name]
        if not token:
            raise ApiError("not_authed")
        if self.ws.tokens.need(token) != wanted:
            raise ApiError("not_allowed_token_type")
        return METHODS[name]
