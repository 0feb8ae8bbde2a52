from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Risk(Owned):
    """A threat or an opportunity. Its past scores are rows of the history."""

    __tablename__ = "risk"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("program_id", "program"),
        link("project_id", "project"),
        link("owner_id", "person"),
        link("author_id", "person"),
        link("accepted_by_id", "person"),
        link("close_asked_by_id", "person"),
        Index("ix_risk_owner", "workspace_id", "owner_id", "status"),
        Index("ix_risk_place", "workspace_id", "project_id", "status"),
        Index("ix_risk_worst", "workspace_id", "worst_first", "next_review_on", "id"),
        Index("ix_risk_state", "workspace_id", "status", "worst_first", "next_review_on", "id"),
        Index(
            "ix_risk_review",
            "workspace_id",
            "next_review_on",
            sqlite_where=text("worst_first IS NOT NULL"),
            postgresql_where=text("worst_first IS NOT NULL"),
        ),
        Index(
            "ix_risk_unread",
            "workspace_id",
            "author_id",
            sqlite_where=text("acknowledged_at IS NULL"),
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
        Index(
            "ix_risk_close_asked",
            "workspace_id",
            "close_asked_by_id",
            sqlite_where=text("close_asked_by_id IS NOT NULL"),
            postgresql_where=text("close_asked_by_id IS NOT NULL"),
        ),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    program_id: Mapped[int | None] = mapped_column(index=True)
    project_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(default="threat")
    title: Mapped[str]
    statement: Mapped[str | None]
    category: Mapped[str]
    probability: Mapped[int]
    impact: Mapped[int]
    score: Mapped[int]
    """The rank of its cell in the program's matrix."""
    band: Mapped[str]
    worst_first: Mapped[int | None]
    """Band and score below zero while active, None afterwards: an ascending index lists what is open, worst first."""
    previous_score: Mapped[str | None]
    """As people read it, before it changed last."""
    rescored_at: Mapped[datetime | None]
    inherent_probability: Mapped[int]
    inherent_impact: Mapped[int]
    target_probability: Mapped[int | None]
    target_impact: Mapped[int | None]
    owner_id: Mapped[int]
    author_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="identified")
    response_strategy: Mapped[str | None]
    response_plan: Mapped[str | None]
    trigger: Mapped[str | None]
    proximity_on: Mapped[date | None]
    cost_impact: Mapped[int | None] = mapped_column(BigInteger)
    """In minor units of the program's currency; negative for an opportunity."""
    schedule_impact: Mapped[dict[str, Any] | None]
    raised_at: Mapped[datetime]
    acknowledge_by: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    next_review_on: Mapped[date | None]
    accepted_by_id: Mapped[int | None]
    status_reason: Mapped[str | None]
    close_asked_by_id: Mapped[int | None]
    """The owner of a High or Extreme risk who wants it closed, until a second person says so too."""
    close_asked_reason: Mapped[str | None]
    source_url: Mapped[str | None]
    """The message it was logged from."""
    closed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)
