"""Settings, read from the environment (or a .env file) and validated at start."""

from typing import Annotated, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class Settings(BaseSettings):
    """Field names are the environment's names; the README's table lists every one of them."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", populate_by_name=True)

    slack_bot_token: SecretStr = SecretStr("")
    slack_app_token: SecretStr = SecretStr("")
    slack_api_url: str = "https://slack.com/api/"
    database_url: str = "sqlite:///data/stationmaster.db"
    admins: Annotated[frozenset[str], NoDecode] = Field(default=frozenset(), validation_alias="STATIONMASTER_ADMINS")
    clock_url: str | None = Field(default=None, validation_alias="STATIONMASTER_CLOCK_URL")
    worker_threads: int = Field(default=32, ge=2, le=500, validation_alias="STATIONMASTER_WORKER_THREADS")

    @field_validator("database_url")
    @classmethod
    def _driver(cls, url: str) -> str:
        """`postgres://` and `postgresql://` mean psycopg 3."""
        scheme, colon, rest = url.partition(":")
        return f"postgresql+psycopg:{rest}" if colon and scheme in ("postgres", "postgresql") else url

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

    @model_validator(mode="after")
    def _clock_is_for_tests(self) -> Self:
        if self.clock_url and urlsplit(self.slack_api_url).hostname not in LOOPBACK:
            raise ValueError("STATIONMASTER_CLOCK_URL needs a SLACK_API_URL on this machine: real Slack has real time")
        return self
