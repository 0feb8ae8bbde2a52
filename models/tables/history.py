from datetime import datetime

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link


class History(Owned):
    """One change of one field of a record. Append-only: "what changed", slips and the audit trail read it."""

    __tablename__ = "history"
    __table_args__ = constraints(
        link("actor_id", "person"),
        Index("ix_history_record", "workspace_id", "kind", "record_id", "at"),
        Index("ix_history_at", "workspace_id", "at"),
    )

    at: Mapped[datetime]
    actor_id: Mapped[int | None]
    """None: the bot itself, at a time or by a rule."""
    kind: Mapped[str]
    record_id: Mapped[int]
    field: Mapped[str]
    """A column's name, or '' for the record as a whole ('logged', 'imported' in `new`)."""
    old: Mapped[object | None] = mapped_column(JSON)
    new: Mapped[object | None] = mapped_column(JSON)
    reason: Mapped[str | None]
    redacted_at: Mapped[datetime | None]
    """An admin took words out of `old`, `new` or `reason`: history keeps that there were some."""
