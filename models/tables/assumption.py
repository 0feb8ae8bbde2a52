from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Assumption(Owned):
    """What is taken for true until somebody knows."""

    __tablename__ = "assumption"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("program_id", "program"),
        link("project_id", "project"),
        link("owner_id", "person"),
        link("author_id", "person"),
        Index("ix_assumption_owner", "workspace_id", "owner_id", "status"),
        Index("ix_assumption_project", "workspace_id", "project_id", "status"),
        Index("ix_assumption_program", "workspace_id", "program_id", "status"),
        Index("ix_assumption_status", "workspace_id", "status", "validate_by", "id"),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    program_id: Mapped[int | None]
    project_id: Mapped[int | None]
    title: Mapped[str]
    owner_id: Mapped[int]
    author_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="unvalidated")
    validate_by: Mapped[date | None]
    raised_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    """When it was confirmed or refuted."""
    status_reason: Mapped[str | None]
    source_url: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
