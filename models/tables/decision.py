from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Decision(Owned):
    __tablename__ = "decision"
    __table_args__ = constraints(
        unique("number"),
        unique("external_id"),
        link("program_id", "program"),
        link("project_id", "project"),
        link("driver_id", "person"),
        link("approver_id", "person"),
        link("author_id", "person"),
        link("supersedes_id", "decision"),
        link("superseded_by_id", "decision"),
        Index("ix_decision_approver", "workspace_id", "approver_id", "status"),
        Index("ix_decision_driver", "workspace_id", "driver_id", "status"),
        Index("ix_decision_due", "workspace_id", "status", "due_on"),
        Index(
            "ix_decision_open",
            "workspace_id",
            "due_on",
            "id",
            sqlite_where=text("status IN ('proposed', 'in_review')"),
            postgresql_where=text("status IN ('proposed', 'in_review')"),
        ),
    )

    number: Mapped[int]
    external_id: Mapped[str | None]
    program_id: Mapped[int | None] = mapped_column(index=True)
    project_id: Mapped[int | None] = mapped_column(index=True)
    title: Mapped[str]
    context: Mapped[str | None]
    driver_id: Mapped[int]
    approver_id: Mapped[int]
    author_id: Mapped[int | None]
    informed: Mapped[list[Any]] = mapped_column(default=list)
    reversibility: Mapped[str]
    options: Mapped[list[Any]] = mapped_column(default=list)
    criteria: Mapped[list[Any]] = mapped_column(default=list)
    raised_at: Mapped[datetime]
    due_on: Mapped[date | None]
    status: Mapped[str] = mapped_column(default="proposed")
    chosen: Mapped[str | None]
    rationale: Mapped[str | None]
    decided_at: Mapped[datetime | None]
    status_reason: Mapped[str | None]
    """Why it was rejected, deferred, withdrawn or deprecated."""
    source_url: Mapped[str | None]
    """The message it was logged from."""
    supersedes_id: Mapped[int | None]
    superseded_by_id: Mapped[int | None]
    outcome_review_on: Mapped[date | None]
    outcome: Mapped[str | None]
    outcome_grade: Mapped[str | None]
    outcome_reviewed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class DecisionContributor(Owned):
    __tablename__ = "decision_contributor"
    __table_args__ = constraints(
        unique("decision_id", "person_id"), link("decision_id", "decision"), link("person_id", "person")
    )

    decision_id: Mapped[int]
    person_id: Mapped[int]
