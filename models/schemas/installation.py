"""The app in a Slack workspace or organisation: what Slack granted, and what we hold of it."""

from datetime import datetime

from pydantic import ConfigDict, Field

from models.schemas.schema import Schema


class Installed(Schema):
    """Tokens are sealed: nothing below the process's keys can read them."""

    model_config = ConfigDict(frozen=True)

    slack_id: str
    """The team's id, or the organisation's."""
    enterprise_id: str | None
    app_id: str
    bot_user_id: str
    scopes: str
    token: str = Field(repr=False)
    refresh_token: str | None = Field(default=None, repr=False)
    expires_at: datetime | None = None

    @property
    def is_org_wide(self) -> bool:
        return self.slack_id == self.enterprise_id


class Grant(Installed):
    """What an installation brought."""

    installed_by: str | None = None
    team_name: str = ""
    """Of the team; empty for an organisation."""
    team_url: str = ""


class InstallationCard(Installed):
    model_config = ConfigDict(from_attributes=True)

    id: int
    installed_at: datetime
    revoked_at: datetime | None = None
    version: int


class Served(Schema):
    """A workspace that a live installation speaks in."""

    model_config = ConfigDict(frozen=True)

    workspace_id: int
    team_id: str
    enterprise_id: str | None
    installation_id: int
    version: int
    """Of the installation's token."""
    bot_user_id: str
    is_org_wide: bool
    """It is the organisation's installation."""


class Tenant(Schema):
    """A workspace as its operator sees it in a shell."""

    model_config = ConfigDict(frozen=True)

    team_id: str
    name: str
    enterprise_id: str | None
    is_org_wide: bool
    """It is served by its organisation's installation."""
    installed_at: datetime | None
    uninstalled_at: datetime | None
    erase_at: datetime | None
    expires_at: datetime | None
    """Its token, where tokens rotate."""
