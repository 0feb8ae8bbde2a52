from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique

_NOT_OVER = text("resolved_at IS NULL")


class Escalation(Owned):
    """A rule that fired on a record, and how far up it has gone. At most one is open for each rule and record."""

    __tablename__ = "escalation"
    __table_args__ = constraints(
        unique("number"),
        link("program_id", "program"),
        link("project_id", "project"),
        link("notify_id", "person"),
        link("instead_of_id", "person"),
        link("informed_id", "person"),
        link("acknowledged_by_id", "person"),
        link("resolved_by_id", "person"),
        Index("ix_escalation_step", "next_step_at"),
        Index("ix_escalation_program", "workspace_id", "program_id", "resolved_at"),
        Index("ix_escalation_notify", "workspace_id", "notify_id", "state"),
        Index("ix_escalation_record", "workspace_id", "kind", "record_id"),
        Index(
            "uq_escalation_open",
            "workspace_id",
            "rule",
            "kind",
            "record_id",
            unique=True,
            sqlite_where=_NOT_OVER,
            postgresql_where=_NOT_OVER,
        ),
    )

    number: Mapped[int]
    rule: Mapped[str]
    """'E1' to 'E9', 'E5b'."""
    kind: Mapped[str]
    record_id: Mapped[int]
    program_id: Mapped[int | None]
    project_id: Mapped[int | None]
    state: Mapped[str]
    """'pending' (its deadline is to come), 'open', 'acknowledged', 'resolved' or 'cancelled'."""
    level: Mapped[int]
    """1 before the deadline; 2 the project's owner, 3 the program manager, 4 the sponsor."""
    opened_at: Mapped[datetime]
    deadline_on: Mapped[date]
    """On the program's local date."""
    deadline_at: Mapped[datetime | None]
    """Of the rules that count hours."""
    notify_id: Mapped[int | None]
    """Whose turn it is."""
    instead_of_id: Mapped[int | None]
    """For whom they stand in: somebody who is away."""
    informed_id: Mapped[int | None]
    climbs: Mapped[int] = mapped_column(default=0)
    acknowledged_by_id: Mapped[int | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledge_note: Mapped[str | None]
    reopens_on: Mapped[date | None]
    """Without a change of the record by this date an acknowledged one opens again at the same step."""
    stepped_at: Mapped[datetime]
    """When it took its last step: a later change of the record is activity."""
    ladder: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """The parameters that it began with; a later change of them does not touch it."""
    channel: Mapped[str | None]
    """Where its thread stands: a channel, or a person's Slack id."""
    listed_on: Mapped[date | None]
    """The day on whose list it stands in that channel, instead of a thread of its own."""
    posts: Mapped[int] = mapped_column(default=1, server_default="1")
    """How many threads it has had: a new one where it moved to another place."""
    next_step_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    """Also when it was cancelled."""
    resolved_by_id: Mapped[int | None]
    outcome: Mapped[str | None]
    """In words: 're-dated to Tue 7 Apr'."""
    outcome_more: Mapped[str | None]
    """'1st slip, +18 days'."""
    reason: Mapped[str | None]
    """Why, as whoever changed the record or cancelled it said."""
    version: Mapped[int] = mapped_column(default=1)


class Watch(Owned):
    """When a program's records are next looked at for what nobody answers."""

    __tablename__ = "watch"
    __table_args__ = constraints(
        unique("program_id"), link("program_id", "program"), Index("ix_watch_look", "next_look_at")
    )

    program_id: Mapped[int]
    next_look_at: Mapped[datetime]
    was_quiet: Mapped[bool] = mapped_column(default=False, server_default="false")
    """Nothing was sent for it when it was looked at last: it goes on from there, without a burst."""
