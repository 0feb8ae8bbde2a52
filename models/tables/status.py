from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class StatusUpdate(Owned):
    """What an owner said. Never modified: a correction is a new update that replaces the old one."""

    __tablename__ = "status_update"
    __table_args__ = constraints(
        unique("external_id"),
        link("project_id", "project"),
        link("program_id", "program"),
        link("author_id", "person"),
        link("superseded_by_id", "status_update"),
        Index("ix_status_update_latest", "workspace_id", "project_id", "posted_at"),
        Index(
            "uq_status_update_current",
            "workspace_id",
            "project_id",
            "period",
            unique=True,
            sqlite_where=text("superseded_by_id IS NULL"),
            postgresql_where=text("superseded_by_id IS NULL"),
        ),
    )

    external_id: Mapped[str | None]
    project_id: Mapped[int | None]
    program_id: Mapped[int | None]
    period: Mapped[str]
    author_id: Mapped[int]
    posted_at: Mapped[datetime]
    health: Mapped[str]
    previous_health: Mapped[str | None]
    dimensions: Mapped[dict[str, Any] | None]
    summary: Mapped[str]
    details: Mapped[str | None]
    path_to_green: Mapped[str | None]
    asks: Mapped[list[Any]] = mapped_column(default=list)
    progress_pct: Mapped[int | None]
    old_target_on: Mapped[date | None]
    new_target_on: Mapped[date | None]
    date_reason: Mapped[str | None]
    superseded_by_id: Mapped[int | None]


class StatusReading(Owned):
    """A reader's answer to a posted status: read, let's talk, or I'll decide. One each, the last one counts."""

    __tablename__ = "status_reading"
    __table_args__ = constraints(
        unique("update_id", "person_id"), link("update_id", "status_update"), link("person_id", "person")
    )

    update_id: Mapped[int]
    person_id: Mapped[int]
    answer: Mapped[str]
    at: Mapped[datetime]
