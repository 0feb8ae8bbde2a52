"""Settings, read from the environment (or a .env file) and validated at start."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SLACK_PATH = "/slack/events"
"""Where the bot listens, for commands, buttons, forms and events alike."""

ADMIN_PORT = 3001
ERASE_AFTER_DAYS = 10
MOST_ERASE_DAYS = 14
"""Slack's rule for what an app keeps of a workspace that has removed it."""
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Settings(BaseSettings):
    """Field names are the environment's names; the README's table lists every one of them."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", populate_by_name=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_signing_secret: SecretStr = SecretStr("")
    host: str = Field(default="0.0.0.0", validation_alias="STATIONMASTER_HOST")
    port: int = Field(default=3000, ge=0, le=65_535)
    admin_host: str = "127.0.0.1"
    admin_port: int | None = Field(default=None, ge=0, le=65_535)
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = Field(default="sqlite:///data/stationmaster.db", repr=False)
    admins: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), validation_alias="STATIONMASTER_ADMINS")
    clock_url: str | None = Field(default=None, validation_alias="STATIONMASTER_CLOCK_URL")
    worker_threads: int = Field(default=32, ge=2, le=500, validation_alias="STATIONMASTER_WORKER_THREADS")

    @field_validator("slack_bot_token", "slack_app_token", "slack_signing_secret", mode="before")
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

    @field_validator("admins", mode="before")
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
        door = "SLACK_APP_TOKEN" if not self.signing_secret and not self.slack_app_token.get_secret_value() else ""
        token = "" if self.slack_bot_token.get_secret_value() else "SLACK_BOT_TOKEN"
        return [name for name in (token, door) if name]

    @model_validator(mode="after")
    def _clock_is_for_tests(self) -> Self:
        if self.clock_url and urlsplit(self.slack_api_url).hostname not in LOOPBACK:
            raise ValueError("STATIONMASTER_CLOCK_URL needs a SLACK_API_URL on this machine: real Slack has real time")
        return self
