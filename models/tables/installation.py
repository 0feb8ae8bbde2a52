from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base


class Installation(Base):
    """The app in a Slack workspace, or in all those of an organisation, with the tokens that Slack gave us for it.

    A workspace names its own; one of an organisation serves several.
    """

    __tablename__ = "installation"
    __table_args__ = (UniqueConstraint("slack_id"),)

    slack_id: Mapped[str]
    """The team's id (T...), or for an org-wide installation the organisation's (E...)."""
    enterprise_id: Mapped[str | None]
    app_id: Mapped[str]
    bot_user_id: Mapped[str]
    scopes: Mapped[str]
    """As Slack gave them, with commas between."""
    token: Mapped[str]
    """Sealed. Emptied when it is revoked."""
    refresh_token: Mapped[str | None]
    """Sealed. Where Slack rotates tokens; good for one use."""
    expires_at: Mapped[datetime | None]
    refreshing_until: Mapped[datetime | None]
    """A process is exchanging the refresh token: no other one tries before this instant."""
    installed_by: Mapped[str | None]
    """A Slack user id."""
    installed_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
    """Counts the tokens, so that a process notices that it holds an old one."""


class InstallState(Base):
    """An installation that somebody has begun in their browser, good for one return from Slack."""

    __tablename__ = "install_state"
    __table_args__ = (UniqueConstraint("digest"),)

    digest: Mapped[str]
    """Of the state, which itself only that browser and Slack know."""
    expires_at: Mapped[datetime]
