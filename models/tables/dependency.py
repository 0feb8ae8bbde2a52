from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Dependency(Owned):
    """One project waits for something of another, or of somebody outside: a contract between the two."""

    __tablename__ = "dependency"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("give_project_id", "project"),
        link("get_project_id", "project"),
        link("provider_milestone_id", "milestone"),
        link("consumer_milestone_id", "milestone"),
        Index("ix_dependency_give", "workspace_id", "give_project_id", "state"),
        Index("ix_dependency_get", "workspace_id", "get_project_id", "state"),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    title: Mapped[str]
    give_project_id: Mapped[int | None]
    give_name: Mapped[str | None]
    """Who provides it, where that is nobody of this workspace's projects."""
    get_project_id: Mapped[int]
    provider_milestone_id: Mapped[int | None]
    consumer_milestone_id: Mapped[int | None]
    needed_by: Mapped[date]
    promised_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="proposed")
    """'proposed', 'committed', 'in_progress', 'blocked', 'delivered', 'accepted', 'rejected', 'no_work' or
    'cancelled'."""
    reason: Mapped[str | None]
    """Of the state: why it is blocked, or was rejected."""
    accepted_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
