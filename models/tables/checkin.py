from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Checkin(Owned):
    """A team's standing questions, asked on some days and summed up in their channel."""

    __tablename__ = "checkin"
    __table_args__ = constraints(
        unique("external_id"),
        link("project_id", "project"),
        link("program_id", "program"),
        link("created_by_id", "person"),
        Index("ix_checkin_step", "next_step_at"),
        Index(
            "ix_checkin_channel",
            "workspace_id",
            "channel",
            unique=True,
            sqlite_where=text("state <> 'ended'"),
            postgresql_where=text("state <> 'ended'"),
        ),
    )

    external_id: Mapped[str | None]
    name: Mapped[str]
    channel: Mapped[str | None]
    project_id: Mapped[int | None]
    program_id: Mapped[int | None]
    questions: Mapped[list[Any]]
    """As {'id', 'text', 'kind'}; a kind is 'text', 'yes_no', 'number' or 'mood'. The one about blockers stands last."""
    days: Mapped[list[Any]]
    """ISO weekdays."""
    at: Mapped[str]
    """Local time of day."""
    tz: Mapped[str | None]
    """One common zone; None asks everybody at that time of their own."""
    window_hours: Mapped[int] = mapped_column(default=8)
    everyone: Mapped[bool] = mapped_column(default=False)
    """All members of the channel take part, not the listed ones alone."""
    mood: Mapped[bool] = mapped_column(default=False)
    live: Mapped[bool] = mapped_column(default=True)
    """Answers are posted in the thread as they arrive."""
    state: Mapped[str] = mapped_column(default="active")
    """'active', 'paused' or 'ended'."""
    created_by_id: Mapped[int | None]
    created_at: Mapped[datetime]
    next_on: Mapped[date | None]
    """The local date of its next round."""
    next_step_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class CheckinMember(Owned):
    __tablename__ = "checkin_member"
    __table_args__ = constraints(
        unique("checkin_id", "person_id"),
        link("checkin_id", "checkin"),
        link("person_id", "person"),
        Index("ix_checkin_member_person", "workspace_id", "person_id"),
    )

    checkin_id: Mapped[int]
    person_id: Mapped[int]
    role: Mapped[str] = mapped_column(default="participant")
    """'participant', or 'observer', who reads the summary and is asked nothing."""


class CheckinRound(Owned):
    __tablename__ = "checkin_round"
    __table_args__ = constraints(
        unique("checkin_id", "local_date"),
        link("checkin_id", "checkin"),
        Index("ix_checkin_round_step", "next_step_at"),
    )

    checkin_id: Mapped[int]
    local_date: Mapped[date]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    """When the last of them has had their time."""
    state: Mapped[str] = mapped_column(default="open")
    """'open' or 'closed'."""
    questions: Mapped[list[Any]] = mapped_column(default=list)
    """As they were when it opened."""
    next_step_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)


class CheckinAnswer(Owned):
    """What one person is asked in one round, and what they said. The words go after the days of the parameters."""

    __tablename__ = "checkin_answer"
    __table_args__ = constraints(
        unique("round_id", "person_id"),
        link("round_id", "checkin_round"),
        link("checkin_id", "checkin"),
        link("person_id", "person"),
        Index("ix_checkin_answer_person", "workspace_id", "person_id", "state"),
        Index("ix_checkin_answer_team", "workspace_id", "checkin_id", "local_date"),
    )

    round_id: Mapped[int]
    checkin_id: Mapped[int]
    person_id: Mapped[int]
    local_date: Mapped[date]
    """Of the person."""
    ask_at: Mapped[datetime]
    close_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(default="waiting")
    """'waiting' for its hour, 'sent', 'answered', 'skipped', 'away' or 'missed'."""
    answers: Mapped[dict[str, Any] | None]
    """By the id of the question."""
    blocker_ids: Mapped[list[Any]] = mapped_column(default=list)
    """Of the blockers that they say stand in their way."""
    mood: Mapped[int | None]
    answered_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
    """When words and mood were deleted."""
    version: Mapped[int] = mapped_column(default=1)


class Blocker(Owned):
    """What stands in somebody's way, from the check-in that named it until it is solved."""

    __tablename__ = "blocker"
    __table_args__ = constraints(
        unique("number"),
        link("checkin_id", "checkin"),
        link("person_id", "person"),
        link("answer_id", "checkin_answer"),
        link("linked_by_id", "person"),
        link("solved_by_id", "person"),
        Index(
            "ix_blocker_open",
            "workspace_id",
            "checkin_id",
            "person_id",
            sqlite_where=text("solved_at IS NULL"),
            postgresql_where=text("solved_at IS NULL"),
        ),
    )

    number: Mapped[int]
    checkin_id: Mapped[int]
    person_id: Mapped[int]
    answer_id: Mapped[int | None]
    text: Mapped[str]
    since_on: Mapped[date]
    last_said_on: Mapped[date]
    solved_at: Mapped[datetime | None]
    solved_on: Mapped[date | None]
    solved_by_id: Mapped[int | None]
    record_kind: Mapped[str | None]
    """'risk', 'issue' or 'dependency'."""
    record_id: Mapped[int | None]
    linked_by_id: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
