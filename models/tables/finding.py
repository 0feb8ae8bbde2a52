from datetime import date

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Finding(Owned):
    """What an audit found, and by when it is mended. Its owner does not close it."""

    __tablename__ = "finding"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("program_id", "program"),
        link("project_id", "project"),
        link("owner_id", "person"),
        Index("ix_finding_owner", "workspace_id", "owner_id", "status"),
        Index("ix_finding_due", "workspace_id", "status", "due_on"),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    program_id: Mapped[int | None]
    project_id: Mapped[int | None]
    title: Mapped[str]
    severity: Mapped[str]
    """'critical', 'major', 'minor' or 'observation'."""
    owner_id: Mapped[int]
    raised_on: Mapped[date]
    due_on: Mapped[date]
    status: Mapped[str] = mapped_column(default="open")
    """'open', 'in_remediation', 'ready_for_verification', 'closed' or 'risk_accepted'."""
    status_reason: Mapped[str | None]
    evidence: Mapped[str | None]
    closed_on: Mapped[date | None]
    version: Mapped[int] = mapped_column(default=1)
