from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class ScheduleRule(Owned):
    """Something that recurs at a local time of day. It knows its next instant; a tick asks who is due."""

    __tablename__ = "schedule_rule"
    __table_args__ = constraints(
        unique("kind", "project_id"),
        unique("kind", "program_id"),
        unique("kind", "channel"),
        link("project_id", "project"),
        link("program_id", "program"),
        Index("ix_schedule_rule_due", "next_due_at"),
    )

    kind: Mapped[str]
    """'status_request' of a project, 'rollup' of a program, or 'portfolio' in a channel."""
    project_id: Mapped[int | None]
    program_id: Mapped[int | None]
    channel: Mapped[str | None]
    """Where a portfolio's rollup is posted."""
    cadence: Mapped[str] = mapped_column(default="weekly", server_default="weekly")
    """'weekly', or 'monthly': on the first such weekday of a month."""
    every: Mapped[int] = mapped_column(default=1, server_default="1")
    """Weeks, or months, from one to the next."""
    paused_until: Mapped[date | None]
    """No occurrence opens before this local date."""
    skipped_on: Mapped[date | None]
    """The one local date that is left out."""
    weekday: Mapped[int]
    """ISO weekday of the opening, Monday is 1."""
    local_time: Mapped[str]
    due_weekday: Mapped[int | None]
    due_local_time: Mapped[str | None]
    tz: Mapped[str]
    """IANA name: of the owner for a status request, of the program for a rollup."""
    next_local_date: Mapped[date]
    next_due_at: Mapped[datetime | None]
    """None while paused."""


class Occurrence(Owned):
    """One week of a rule: a request for status with its state, or a rollup with what it showed."""

    __tablename__ = "occurrence"
    __table_args__ = constraints(
        unique("rule_id", "local_date"),
        link("rule_id", "schedule_rule"),
        link("project_id", "project"),
        link("program_id", "program"),
        link("person_id", "person"),
        link("update_id", "status_update"),
        Index("ix_occurrence_step", "next_step_at"),
        Index("ix_occurrence_person", "workspace_id", "person_id", "state"),
    )

    rule_id: Mapped[int]
    kind: Mapped[str]
    project_id: Mapped[int | None]
    program_id: Mapped[int | None]
    local_date: Mapped[date]
    period: Mapped[str]
    state: Mapped[str]
    """Of a request: open, overdue, submitted, submitted_late, missed, waived. Of a rollup: posted."""
    person_id: Mapped[int | None]
    open_at: Mapped[datetime]
    remind_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None]
    close_at: Mapped[datetime | None]
    next_step_at: Mapped[datetime | None]
    """When the clock has something to do with it next; None when it is over."""
    asked_on: Mapped[date | None]
    """The last local date on which a daily message named it."""
    update_id: Mapped[int | None]
    snapshot: Mapped[dict[str, Any] | None]
    """What a rollup showed, for the next one to compare with."""
    waived_reason: Mapped[str | None]


class RollupReading(Owned):
    """Who has read a rollup."""

    __tablename__ = "rollup_reading"
    __table_args__ = constraints(
        unique("occurrence_id", "person_id"), link("occurrence_id", "occurrence"), link("person_id", "person")
    )

    occurrence_id: Mapped[int]
    person_id: Mapped[int]
    at: Mapped[datetime]
