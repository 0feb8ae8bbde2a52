"""What `doctor` reads from the database."""

from datetime import datetime

from pydantic import ConfigDict

from models.schemas.schema import Schema


class UsedChannel(Schema):
    """A channel that a program or a project posts in."""

    model_config = ConfigDict(frozen=True)

    id: str
    name: str | None
    place: str
    """'project Ledger Migration'"""
    is_private: bool
    """It was private when the place was set up."""


class SilentOwner(Schema):
    """Somebody who owns something that is open and cannot be asked."""

    model_config = ConfigDict(frozen=True)

    handle: str
    name: str | None
    has_left: bool
    """Deactivated in Slack; else Slack does not know them at all."""
    owns: dict[str, int]
    """How many of each kind: 'projects': 2."""


class UnknownHolidays(Schema):
    """A calendar with a country or region whose public holidays nobody knows."""

    model_config = ConfigDict(frozen=True)

    whose: str
    country: str
    region: str | None


class OutboxSummary(Schema):
    model_config = ConfigDict(frozen=True)

    waiting: int
    oldest_at: datetime | None
    """When the oldest that waits was queued."""
    late_since: datetime | None
    """When the first of those that nobody sent should have left."""
