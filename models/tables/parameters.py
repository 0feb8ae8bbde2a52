from datetime import datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped

from models.tables.base import Owned, constraints, link, unique


class OperatingParameters(Owned):
    """One version of how a program is run. The newest counts for what begins after it; nothing is ever changed."""

    __tablename__ = "operating_parameters"
    __table_args__ = constraints(
        unique("program_id", "version"), link("program_id", "program"), link("set_by_id", "person")
    )

    program_id: Mapped[int]
    version: Mapped[int]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None]
    """None: an import."""
    reason: Mapped[str | None]
    values: Mapped[dict[str, Any]]
    """As `models.schemas.parameters.Parameters` writes it; what is missing has its default."""


class HealthOverride(Owned):
    """A program's health set by hand, with its reason and its end. The computed one stays beside it."""

    __tablename__ = "health_override"
    __table_args__ = constraints(
        link("program_id", "program"),
        link("set_by_id", "person"),
        Index("ix_health_override_program", "workspace_id", "program_id", "expires_at"),
    )

    program_id: Mapped[int]
    health: Mapped[str]
    reason: Mapped[str]
    set_by_id: Mapped[int]
    set_at: Mapped[datetime]
    expires_at: Mapped[datetime]


_GOES_ON = text("ended_at IS NULL")


class Disagreement(Owned):
    """The figures say something worse than the owner did. The owner sees it a day before a rollup does.

    At most one goes on for each project.
    """

    __tablename__ = "disagreement"
    __table_args__ = constraints(
        link("project_id", "project"),
        Index("ix_disagreement_project", "workspace_id", "project_id", "ended_at"),
        Index(
            "uq_disagreement_open",
            "workspace_id",
            "project_id",
            unique=True,
            sqlite_where=_GOES_ON,
            postgresql_where=_GOES_ON,
        ),
    )

    project_id: Mapped[int]
    declared: Mapped[str | None]
    computed: Mapped[str]
    began_at: Mapped[datetime]
    shown_at: Mapped[datetime | None]
    """When its owner was shown it."""
    kept_at: Mapped[datetime | None]
    """When the owner, having seen it, posted a status that kept the declared health."""
    ended_at: Mapped[datetime | None]
