"""Slack in the name of one workspace among several, whose token may be renewed while it is in use."""

from collections.abc import Callable
from typing import Any

from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack_client import SlackClient

STALE = frozenset({"account_inactive", "invalid_auth", "token_expired", "token_revoked"})
"""What Slack says of a token that another process may have renewed meanwhile."""


class Renewed:
    """Mixed into a client: a token that has ended is renewed once, and the call repeated, for nothing was done."""

    token: str | None
    renewed: Callable[[str], str | None] | None = None
    """Told of a token that Slack did not take, it gives the one that holds now. None: there is no other."""

    def api_call(self, api_method: str, **request: Any) -> SlackResponse:
        held = self.token or ""
        call: Callable[..., SlackResponse] = super().api_call  # type: ignore[misc]  # the client that this is mixed into
        try:
            return call(api_method, **request)
        except SlackApiError as problem:
            if self.renewed is None or problem.response.get("error") not in STALE:
                raise
            fresh = self.renewed(held)
            if fresh is None or fresh == held:
                raise
        self.token = fresh
        return call(api_method, **request)


class TenantClient(Renewed, SlackClient):
    pass
