from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Program(Owned):
    __tablename__ = "program"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        unique("channel"),
        link("manager_id", "person"),
        link("sponsor_id", "person"),
        link("dry_run_by_id", "person"),
        Index("ix_program_review", "next_review_at"),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    name: Mapped[str]
    manager_id: Mapped[int]
    sponsor_id: Mapped[int | None]
    tz: Mapped[str]
    channel: Mapped[str | None]
    channel_name: Mapped[str | None]
    visibility: Mapped[str] = mapped_column(default="open")
    state: Mapped[str] = mapped_column(default="active")
    horizon: Mapped[str] = mapped_column(default="rolling")
    success_state: Mapped[str] = mapped_column(default="undefined")
    target_on: Mapped[date | None]
    risk_matrix: Mapped[str] = mapped_column(default="npsa", server_default="npsa")
    """The preset of `bot.domain.risk_matrix` that its risks are scored by."""
    escalation_channel: Mapped[str | None]
    """Where threads are opened for what nobody answers; None: its own channel."""
    paused_at: Mapped[datetime | None]
    """Since when nothing is sent for it."""
    paused_until: Mapped[date | None]
    dry_run_by_id: Mapped[int | None]
    """Everything goes to this person instead, to look at."""
    muted: Mapped[list[Any]] = mapped_column(default=list, server_default="[]")
    """Kinds of message that are turned off."""
    next_review_at: Mapped[datetime | None]
    """When its manager hears next how asking goes."""
    created_at: Mapped[datetime]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """What an import knew and no column holds yet; a later version moves it into its own place."""


class Project(Owned):
    __tablename__ = "project"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        unique("channel"),
        link("program_id", "program"),
        link("owner_id", "person"),
        link("backup_id", "person"),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    name: Mapped[str]
    program_id: Mapped[int | None] = mapped_column(index=True)
    owner_id: Mapped[int] = mapped_column(index=True)
    backup_id: Mapped[int | None]
    channel: Mapped[str | None]
    channel_name: Mapped[str | None]
    visibility: Mapped[str] = mapped_column(default="open")
    """'open', or 'restricted' when it was set up in a private channel."""
    state: Mapped[str] = mapped_column(default="active")
    critical: Mapped[bool] = mapped_column(default=False)
    weight: Mapped[int] = mapped_column(default=1)
    start_on: Mapped[date | None]
    target_on: Mapped[date | None]
    baseline_on: Mapped[date | None]
    """The first target date, never changed: every slip is counted against it."""
    on_hold_since: Mapped[date | None]
    hold_reason: Mapped[str | None]
    hold_review_on: Mapped[date | None]
    completed_on: Mapped[date | None]
    created_at: Mapped[datetime]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
