"""The app's tokens in a workspace, or in all those of an organisation: which live, and what a code is exchanged for."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.sandbox.answers import ApiError
from bot.sandbox.state import Identity

Kind = Literal["bot", "app"]

CODE_LIVES = timedelta(minutes=10)
TOKEN_LIVES = timedelta(hours=12)
"""Where tokens rotate."""

MOST_LIVE = 2
"""Expiring tokens of one installation: a third ends the oldest."""


class Clock(Protocol):
    def now(self) -> datetime:
        """The present instant, aware, UTC."""
        ...


@dataclass
class Live:
    expires_at: datetime | None = None
    refresh_token: str | None = None


@dataclass
class Code:
    made_at: datetime
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    is_used: bool = False


@dataclass(frozen=True)
class Fresh:
    """What the app gets, once."""

    access_token: str
    refresh_token: str | None
    expires_in: int | None


@dataclass
class Tokens:
    """`wide` are the organisation's, where the workspace is one of several with one installation."""

    clock: Clock
    identity: Identity
    rotates: bool
    is_org_wide: bool = False
    wide: "Tokens | None" = None
    codes: dict[str, Code] = field(default_factory=dict)
    _live: dict[str, Live] = field(default_factory=dict)
    _ended: set[str] = field(default_factory=set)
    _spent: set[str] = field(default_factory=set)
    """Refresh tokens that were used."""

    def __post_init__(self) -> None:
        if not self.is_org_wide and self.identity.bot_token:
            self._live[self.identity.bot_token] = Live()

    def kind(self, token: str | None) -> Kind | None:
        """Of a token that works."""
        if not token:
            return None
        if token == self.identity.app_token:
            return "app"
        found = self._live.get(token)
        if found is not None and (found.expires_at is None or found.expires_at > self.clock.now()):
            return "bot"
        return self.wide.kind(token) if self.wide else None

    def need(self, token: str) -> Kind:
        kind = self.kind(token)
        if kind is not None:
            return kind
        if self.has_ended(token):
            raise ApiError("token_revoked")
        raise ApiError("token_expired" if self.knows(token) else "invalid_auth")

    def knows(self, token: str | None) -> bool:
        """It is, or was, a token of this installation."""
        own = token in self._live or token in self._ended
        return own or (self.wide is not None and self.wide.knows(token))

    def recognises(self, token: str | None, code: str, refresh_token: str) -> bool:
        """Something of this installation's, or of the organisation's, was shown."""
        own = code in self.codes or self.gave(refresh_token) or self.knows(token)
        return own or (self.wide is not None and self.wide.recognises(token, code, refresh_token))

    def has_ended(self, token: str) -> bool:
        return token in self._ended or (self.wide is not None and self.wide.has_ended(token))

    @property
    def is_installed(self) -> bool:
        return bool(self._live)

    @property
    def serves_org_wide(self) -> bool:
        """It is the organisation's installation that hears of what happens in the workspace."""
        return not self._live and self.wide is not None and self.wide.is_installed

    def new_code(self, user: str, scopes: Iterable[str], redirect_uri: str) -> str:
        code = f"code-{secrets.token_hex(16)}"
        self.codes[code] = Code(self.clock.now(), user, tuple(scopes), redirect_uri)
        return code

    def take_code(self, code: str, redirect_uri: str) -> Code:
        found = self.codes.get(code)
        if found is None or found.is_used:
            raise ApiError("code_already_used" if found else "invalid_code")
        if self.clock.now() - found.made_at > CODE_LIVES:
            raise ApiError("invalid_code")
        if found.redirect_uri != redirect_uri:
            raise ApiError("bad_redirect_uri")
        found.is_used = True
        return found

    def issue(self) -> Fresh:
        number = secrets.token_hex(12)
        if not self.rotates:
            self._live[f"xoxb-{number}"] = Live()
            return Fresh(f"xoxb-{number}", None, None)
        token, refresh = f"xoxe.xoxb-1-{number}", f"xoxe-1-{secrets.token_hex(24)}"
        self._live[token] = Live(self.clock.now() + TOKEN_LIVES, refresh)
        expiring = [each for each, live in self._live.items() if live.expires_at]
        self._end(expiring[:-MOST_LIVE])
        return Fresh(token, refresh, int(TOKEN_LIVES.total_seconds()))

    def refresh(self, refresh_token: str) -> Fresh:
        if refresh_token in self._spent or not self.gave(refresh_token):
            raise ApiError("invalid_refresh_token")
        self._spent.add(refresh_token)
        return self.issue()

    def exchange(self, token: str) -> Fresh:
        """A token that lives for ever becomes one that rotates, once."""
        if not self.rotates:
            raise ApiError("token_rotation_not_enabled")
        live = self._live.get(token)
        if live is None or live.expires_at is not None:
            raise ApiError("token_already_exchanged" if self.knows(token) else "invalid_auth")
        self._end([token])
        return self.issue()

    def gave(self, refresh_token: str) -> bool:
        return any(live.refresh_token == refresh_token for live in self._live.values()) or refresh_token in self._spent

    def revoke(self, token: str) -> None:
        self._end([token])

    def end_all(self) -> None:
        """The app was removed, or an admin took its tokens back."""
        self._end(list(self._live))
        self.codes.clear()

    def _end(self, tokens: Iterable[str]) -> None:
        for token in tokens:
            self._live.pop(token)
            self._ended.add(token)
