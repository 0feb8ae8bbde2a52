from datetime import date, datetime

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Issue(Owned):
    """What has gone wrong already: logged as such, or a risk that happened."""

    __tablename__ = "issue"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("program_id", "program"),
        link("project_id", "project"),
        link("owner_id", "person"),
        link("author_id", "person"),
        link("from_risk_id", "risk"),
        Index("ix_issue_owner", "workspace_id", "owner_id", "status"),
        Index("ix_issue_project", "workspace_id", "project_id", "status"),
        Index("ix_issue_program", "workspace_id", "program_id", "status"),
        Index("ix_issue_resolved", "status", "resolved_at"),
        Index("ix_issue_state", "workspace_id", "status", "severity", "opened_at", "id"),
        Index(
            "ix_issue_open",
            "workspace_id",
            "severity",
            "opened_at",
            "id",
            sqlite_where=text("status IN ('open', 'in_progress', 'blocked')"),
            postgresql_where=text("status IN ('open', 'in_progress', 'blocked')"),
        ),
        Index(
            "ix_issue_unread",
            "workspace_id",
            "author_id",
            sqlite_where=text("acknowledged_at IS NULL"),
            postgresql_where=text("acknowledged_at IS NULL"),
        ),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    program_id: Mapped[int | None]
    project_id: Mapped[int | None]
    title: Mapped[str]
    severity: Mapped[str]
    owner_id: Mapped[int]
    author_id: Mapped[int | None]
    status: Mapped[str] = mapped_column(default="open")
    opened_at: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    resolve_by: Mapped[date | None]
    """The last day on which it is not overdue, by its program's own rule and calendar of when it was opened or rated;
    None by the defaults."""
    resolved_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    from_risk_id: Mapped[int | None]
    workaround: Mapped[str | None]
    status_reason: Mapped[str | None]
    source_url: Mapped[str | None]
    """The message it was logged from."""
    version: Mapped[int] = mapped_column(default=1)
