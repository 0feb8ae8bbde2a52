"""Settings, read from the environment (or a .env file) and validated at start."""

import binascii
from base64 import urlsafe_b64decode
from collections.abc import Collection
from enum import StrEnum
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SLACK_PATH = "/slack/events"
"""Where the bot listens, for commands, buttons, forms and events alike."""

INSTALL_PATH = "/slack/install"
REDIRECT_PATH = "/slack/oauth_redirect"
KEY_BYTES = 32

ADMIN_PORT = 3001
ERASE_AFTER_DAYS = 10
MOST_ERASE_DAYS = 14
"""Slack's rule for what an app keeps of a workspace that has removed it."""


class Part(StrEnum):
    """What a process may do alone, where several share a database."""

    SLACK = "slack"
    """The door: commands, buttons, forms and events."""
    DELIVERY = "delivery"
    """The outbox."""
    CLOCK = "clock"
    """The timetable: who is asked when, what climbs, rollups."""


ALL_PARTS = frozenset(Part)
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Settings(BaseSettings):
    """Field names are the environment's names; the README's table lists every one of them."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    slack_client_id: str = ""
    slack_client_secret: SecretStr = SecretStr("")
    url: str = Field(default="", validation_alias="STATIONMASTER_URL")
    keys: Annotated[tuple[SecretStr, ...], NoDecode] = Field(default=(), validation_alias="STATIONMASTER_KEYS")
    teams: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), validation_alias="STATIONMASTER_TEAMS")
    erase_after_days: int = Field(
        default=ERASE_AFTER_DAYS, ge=1, le=MOST_ERASE_DAYS, validation_alias="STATIONMASTER_ERASE_AFTER_DAYS"
    )
    host: str = Field(default="0.0.0.0", validation_alias="STATIONMASTER_HOST")
    port: int = Field(default=3000, ge=0, le=65_535)
    admin_host: str = "127.0.0.1"
    admin_port: int | None = Field(default=None, ge=0, le=65_535)
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = Field(default="sqlite:///data/stationmaster.db", repr=False)
    admins: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), validation_alias="STATIONMASTER_ADMINS")
    sync_each_commit: bool = Field(default=False, validation_alias="STATIONMASTER_SYNC_EACH_COMMIT")
    clock_url: str | None = Field(default=None, validation_alias="STATIONMASTER_CLOCK_URL")
    worker_threads: int = Field(default=32, ge=2, le=500, validation_alias="STATIONMASTER_WORKER_THREADS")
    queue: int = Field(default=500, ge=0, le=100_000, validation_alias="STATIONMASTER_QUEUE")
    connections: int = Field(default=1_000, ge=10, le=100_000, validation_alias="STATIONMASTER_CONNECTIONS")
    drain_seconds: float = Field(default=2, ge=0, le=20, validation_alias="STATIONMASTER_DRAIN_SECONDS")
    log: Literal["text", "json"] = Field(default="text", validation_alias="STATIONMASTER_LOG")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", validation_alias="STATIONMASTER_LOG_LEVEL"
    )

    messages_per_minute: int = Field(
        default=240, ge=1, le=100_000, validation_alias="STATIONMASTER_MESSAGES_PER_MINUTE"
    )
    senders: int = Field(default=8, ge=1, le=200, validation_alias="STATIONMASTER_SENDERS")

    @field_validator(
        "slack_bot_token",
        "slack_app_token",
        "slack_signing_secret",
        "slack_client_id",
        "slack_client_secret",
        mode="before",
    )
    @classmethod
    def _no_blanks(cls, value: object) -> object:
        return value.strip() if isinstance(value, str) else value

    @field_validator("database_url")
    @classmethod
    def _driver(cls, url: str) -> str:
        """`postgres://` and `postgresql://` mean psycopg 3. The message of a refused one never repeats it."""
        scheme, colon, rest = url.partition(":")
        full = f"postgresql+psycopg:{rest}" if colon and scheme in ("postgres", "postgresql") else url
        if not full.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("DATABASE_URL begins with sqlite:/// or postgresql://")
        try:
            make_url(full)
        except (ArgumentError, ValueError):  # the second for a port that is no number
            raise ValueError("DATABASE_URL is not an address like postgresql://user:password@host/database") from None
        return full

    @field_validator("log", "log_level", mode="before")
    @classmethod
    def _in_any_case(cls, value: object) -> object:
        return value.strip().lower() if isinstance(value, str) else value

    @field_validator("admins", "teams", mode="before")
    @classmethod
    def _ids(cls, value: object) -> object:
        return frozenset(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("slack_api_url")
    @classmethod
    def _secure(cls, url: str) -> str:
        parts = urlsplit(url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("SLACK_API_URL must be https; plain http is for this machine (127.0.0.1) only")
        return url if url.endswith("/") else url + "/"

    @field_validator("keys", mode="before")
    @classmethod
    def _keys(cls, value: object) -> object:
        """The message of a refused one never repeats it."""
        given = value.replace(",", " ").split() if isinstance(value, str) else value
        if isinstance(given, list) and not all(_is_key(key) for key in given):
            raise ValueError("STATIONMASTER_KEYS holds what is no key: ./run keys makes one; the newest stands first")
        return given

    @field_validator("url")
    @classmethod
    def _public(cls, url: str) -> str:
        parts = urlsplit(url)
        if url and parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise ValueError("STATIONMASTER_URL is the bot's public address, as https://bot.example.com")
        if parts.query or parts.fragment or parts.username or parts.password:
            raise ValueError("STATIONMASTER_URL is an address without ?, # and names in it")
        return url.rstrip("/")

    @property
    def is_for_several(self) -> bool:
        """Workspaces install the app by themselves; else the settings hold the token of the only one."""
        return bool(self.slack_client_id)

    @property
    def install_url(self) -> str | None:
        return f"{self.url}{INSTALL_PATH}" if self.is_for_several else None

    @property
    def redirect_url(self) -> str:
        return f"{self.url}{REDIRECT_PATH}"

    @property
    def signing_secret(self) -> str | None:
        """Given: Slack calls us over HTTP. Else we call Slack (Socket Mode)."""
        return self.slack_signing_secret.get_secret_value() or None

    @property
    def health_port(self) -> int | None:
        """With HTTP there is something that asks for it; with Socket Mode only who names a port gets one."""
        return ADMIN_PORT if self.admin_port is None and self.signing_secret else self.admin_port

    @property
    def missing(self) -> list[str]:
        """What has to be set before the bot can start."""
        return self.missing_for(ALL_PARTS)

    def missing_for(self, parts: Collection[Part]) -> list[str]:
        """Whoever has no door needs nothing that opens one."""
        if self.is_for_several:
            return []
        door = "SLACK_APP_TOKEN" if not self.signing_secret and not self.slack_app_token.get_secret_value() else ""
        token = "" if self.slack_bot_token.get_secret_value() else "SLACK_BOT_TOKEN"
        return [name for name in (token, door if Part.SLACK in parts else "") if name]

    def health_port_for(self, parts: Collection[Part]) -> int | None:
        """The default is for the door: other parts may run on the same machine."""
        return self.health_port if Part.SLACK in parts else self.admin_port

    @model_validator(mode="after")
    def _clock_is_for_tests(self) -> Self:
        if self.clock_url and urlsplit(self.slack_api_url).hostname not in LOOPBACK:
            raise ValueError("STATIONMASTER_CLOCK_URL needs a SLACK_API_URL on this machine: real Slack has real time")
        return self

    @model_validator(mode="after")
    def _several_need_all_of_it(self) -> Self:
        """Either the settings hold one token, or workspaces install the app: nothing between."""
        given = {
            "SLACK_CLIENT_ID": bool(self.slack_client_id),
            "SLACK_CLIENT_SECRET": bool(self.slack_client_secret.get_secret_value()),
            "SLACK_SIGNING_SECRET": bool(self.signing_secret),
            "STATIONMASTER_URL": bool(self.url),
            "STATIONMASTER_KEYS": bool(self.keys),
        }
        missing = [name for name, is_given in given.items() if not is_given]
        if self.slack_client_id and missing:
            raise ValueError(f"SLACK_CLIENT_ID, for several workspaces, needs {' and '.join(missing)} too")
        if given["SLACK_CLIENT_SECRET"] and not self.slack_client_id:
            raise ValueError("SLACK_CLIENT_SECRET needs SLACK_CLIENT_ID too")
        if self.slack_client_id and self.slack_bot_token.get_secret_value():
            raise ValueError(
                "SLACK_CLIENT_ID and SLACK_BOT_TOKEN exclude each other: remove SLACK_BOT_TOKEN, start, and install "
                f"the app in its workspace at {self.install_url}; what is known of it is kept"
            )
        return self


def _is_key(text: str) -> bool:
    try:
        return len(urlsafe_b64decode(text)) == KEY_BYTES
    except (binascii.Error, ValueError):
        return False
