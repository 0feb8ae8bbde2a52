from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Base, Owned, constraints, unique


class Workspace(Base):
    """A Slack workspace the app is installed in. The only table whose rows belong to no workspace."""

    __tablename__ = "workspace"
    __table_args__ = (UniqueConstraint("team_id"),)

    team_id: Mapped[str]
    name: Mapped[str]
    url: Mapped[str]
    bot_user_id: Mapped[str]
    enterprise_id: Mapped[str | None]
    """The organisation that it belongs to, where Slack says so."""
    installation_id: Mapped[int | None] = mapped_column(ForeignKey("installation.id"))
    """Whose token speaks here. None where the settings hold the only token."""
    uninstalled_at: Mapped[datetime | None]
    erase_at: Mapped[datetime | None]
    """When all that we know of it is deleted, unless the app comes back before."""
    default_tz: Mapped[str] = mapped_column(default="UTC")
    people_synced_at: Mapped[datetime | None]
    people_cursor: Mapped[str | None]
    """Slack's name for the page of people that is read next, while they are read."""
    people_due_at: Mapped[datetime | None]
    """No process reads a page of them before then: one is at it, or Slack asked us to wait."""
    refuses_tables: Mapped[bool] = mapped_column(default=False)
    """Slack refused a table block here once: the text twin is sent instead."""
    zone_data: Mapped[str | None]
    """The version of the zones' rules by which the instants to come were computed."""


class Person(Owned):
    """Somebody in a workspace. Name, zone and flags are copies of Slack's, refreshed by a job."""

    __tablename__ = "person"
    __table_args__ = constraints(unique("slack_id"), unique("handle"))

    slack_id: Mapped[str | None]
    """None for an imported person who was not found in Slack: shown by name, sent nothing."""
    handle: Mapped[str]
    name: Mapped[str | None]
    tz: Mapped[str | None]
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    deleted: Mapped[bool] = mapped_column(default=False)
    fetched_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]
    """Name, handle and Slack id were blanked; what they did stays, as somebody's."""
    erased_mark: Mapped[str | None]
    """Made of the Slack id, which it does not give back: Slack's copies of them are passed over."""
    dm_channel: Mapped[str | None]


class Counter(Owned):
    """The last number given to a record of a kind."""

    __tablename__ = "counter"
    __table_args__ = constraints(unique("kind"))

    kind: Mapped[str]
    n: Mapped[int] = mapped_column(default=0)
