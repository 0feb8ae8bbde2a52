"""OAuth with Slack: the page where an admin agrees, and what a code or a token that ends is exchanged for."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from slack_sdk import WebClient

from bot.config import Settings


@dataclass(frozen=True)
class Tokens:
    """In clear: on the way from Slack to the seal, and from there to a client."""

    token: str = field(repr=False)
    refresh_token: str | None = field(repr=False)
    expires_at: datetime | None


class OAuth:
    """`slack` speaks without a token of its own."""

    def __init__(self, settings: Settings, slack: WebClient) -> None:
        self._settings = settings
        self._slack = slack

    def authorize_url(self, state: str, *, scopes: Sequence[str]) -> str:
        """Where somebody who may install apps says yes."""
        parts = urlsplit(self._settings.slack_api_url)
        [*only] = [team for team in self._settings.teams if team.startswith("T")]
        query = {
            "client_id": self._settings.slack_client_id,
            "scope": ",".join(scopes),
            "state": state,
            "redirect_uri": self._settings.redirect_url,
            **({"team": only[0]} if len(self._settings.teams) == len(only) == 1 else {}),
        }
        return f"{parts.scheme}://{parts.netloc}/oauth/v2/authorize?{urlencode(query)}"

    def exchange_code(self, code: str) -> dict[str, Any]:
        """All that Slack says of the installation. Raises SlackApiError."""
        answer = self._slack.oauth_v2_access(code=code, redirect_uri=self._settings.redirect_url, **self._who)
        return dict(answer.data)  # type: ignore[arg-type]  # JSON, never bytes

    def refresh(self, refresh_token: str, *, now: datetime) -> Tokens:
        """The refresh token is spent by it. Raises SlackApiError."""
        answer = self._slack.oauth_v2_access(grant_type="refresh_token", refresh_token=refresh_token, **self._who)
        return tokens_of(answer.data, now=now)  # type: ignore[arg-type]

    def begin_rotation(self, token: str, *, now: datetime) -> Tokens:
        """Of a token that was made before the app's tokens rotated. It ends with that. Raises SlackApiError."""
        answer = self._slack.oauth_v2_exchange(token=token, **self._who)
        return tokens_of(answer.data, now=now)  # type: ignore[arg-type]

    @property
    def _who(self) -> dict[str, str]:
        secret = self._settings.slack_client_secret.get_secret_value()
        return {"client_id": self._settings.slack_client_id, "client_secret": secret}


def tokens_of(answer: dict[str, Any], *, now: datetime) -> Tokens:
    lives = answer.get("expires_in")
    expires_at = now + timedelta(seconds=int(lives)) if lives else None
    return Tokens(str(answer["access_token"]), answer.get("refresh_token"), expires_at)
