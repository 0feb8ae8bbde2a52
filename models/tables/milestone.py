from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Milestone(Owned):
    """A milestone, deliverable or gate of a project. Overdue is derived, never stored."""

    __tablename__ = "milestone"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("project_id", "project"),
        link("owner_id", "person"),
        Index("ix_milestone_project", "workspace_id", "project_id", "status"),
        Index("ix_milestone_owner", "workspace_id", "owner_id", "status", "due_on"),
        Index("ix_milestone_due", "workspace_id", "status", "due_on"),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    project_id: Mapped[int]
    title: Mapped[str]
    owner_id: Mapped[int]
    kind: Mapped[str] = mapped_column(default="milestone")
    """'milestone', 'deliverable' or 'gate'."""
    weight: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="planned")
    """'planned', 'in_progress', 'achieved', 'missed' or 'cancelled'."""
    baseline_on: Mapped[date | None]
    """Frozen: every slip is counted against it."""
    due_on: Mapped[date]
    forecast_on: Mapped[date | None]
    achieved_on: Mapped[date | None]
    remaining_optimistic: Mapped[int | None]
    remaining_likely: Mapped[int | None]
    remaining_pessimistic: Mapped[int | None]
    """Working days that are left."""
    status_reason: Mapped[str | None]
    created_at: Mapped[datetime]
    extra: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Definition of done, acceptance, comms plan: what an import knew and no form shows yet."""
    version: Mapped[int] = mapped_column(default=1)


class MilestoneLink(Owned):
    """`milestone` starts when `predecessor` is finished, `lag` working days later."""

    __tablename__ = "milestone_link"
    __table_args__ = constraints(
        unique("milestone_id", "predecessor_id"),
        link("milestone_id", "milestone"),
        link("predecessor_id", "milestone"),
        Index("ix_milestone_link_predecessor", "workspace_id", "predecessor_id"),
    )

    milestone_id: Mapped[int]
    predecessor_id: Mapped[int]
    lag: Mapped[int] = mapped_column(default=0)


class Iteration(Owned):
    """A stretch of time that program boards have as a column."""

    __tablename__ = "iteration"
    __table_args__ = constraints(unique("name"))

    name: Mapped[str]
    start_on: Mapped[date]
    end_on: Mapped[date]
