"""Takes secrets out of what the page shows."""

import re
from collections.abc import Iterable
from typing import Any

HIDDEN = "[hidden]"
SECRET_KEYS = frozenset(
    {"token", "ticket", "authorization", "access_token", "refresh_token", "client_secret", "signing_secret", "code"}
)
# What may be part of a token, also inside text that is JSON or an address itself.
SIGNS = r"[^\s\"'<>\\,;(){}\[\]]*"
TOKEN = re.compile(rf"(?:xapp-|xox[a-z]?[-.]|(?<![A-Za-z0-9])xox){SIGNS}", re.IGNORECASE)
SIGNATURE = re.compile(r"v0=[0-9a-f]{16,}")
# The first two parts of a trigger_id say when it was made; the last one makes it work.
TRIGGER = re.compile(r"(\b\d{6,}\.\d{6,}\.)[0-9a-f]{8,}\b")
CAPABILITY_URL = re.compile(r"((?:/|%2F)(?:respond|upload(?:/|%2F)v1)(?:/|%2F)|hooks\.slack\.com/(?:\w+/)?)[\w/%-]+")
TICKET = re.compile(r"((?:ticket|token)=)[^&\s\"']+")


class Mask:
    """`secrets` are hidden wherever they stand; tokens, tickets and the like are known by their shape."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        words = sorted(filter(None, secrets), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, words))) if words else None

    def __call__(self, value: Any) -> Any:
        if isinstance(value, str):
            return self._text(value)
        if isinstance(value, dict):
            return {self._text(str(key)): self._named(str(key), item) for key, item in value.items()}
        if isinstance(value, list | tuple):
            return [self(item) for item in value]
        return value

    def _named(self, key: str, value: Any) -> Any:
        return HIDDEN if key.lower() in SECRET_KEYS and value else self(value)

    def _text(self, text: str) -> str:
        known = self._known.sub(HIDDEN, text) if self._known else text
        hidden = SIGNATURE.sub(HIDDEN, TOKEN.sub(HIDDEN, known))
        for partly in (TRIGGER, CAPABILITY_URL, TICKET):
            hidden = partly.sub(rf"\1{HIDDEN}", hidden)
        return hidden
