from datetime import date, datetime

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Ask(Owned):
    """One thing that a daily message asked of somebody, from its first time to its answer.

    `key` says what, for which date and whose (`review_risk:12:2026-03-27:7`): what moved is asked anew.
    """

    __tablename__ = "ask"
    __table_args__ = constraints(
        unique("key"),
        link("person_id", "person"),
        link("asked_id", "person"),
        link("handed_to_id", "person"),
        link("answered_by_id", "person"),
        link("declined_by_id", "person"),
        link("program_id", "program"),
        link("project_id", "project"),
        Index("ix_ask_base_key", "workspace_id", "base_key"),
        Index("ix_ask_day", "workspace_id", "asked_id", "asked_on"),
        Index("ix_ask_subject", "workspace_id", "kind", "record_id"),
        Index("ix_ask_person", "workspace_id", "person_id", "state"),
        Index("ix_ask_program", "workspace_id", "program_id", "first_asked_at"),
    )

    key: Mapped[str]
    base_key: Mapped[str]
    """The same for what is asked once more after an answer was withdrawn: only `key` counts on."""
    kind: Mapped[str]
    """An `AskKind`."""
    record_id: Mapped[int]
    """Of the kind's own table: a risk, a decision, an occurrence of a status request, a check-in answer."""
    subject: Mapped[str]
    """How lines name it, as typed: 'R-12', or the name of a project or milestone."""
    program_id: Mapped[int | None]
    project_id: Mapped[int | None]
    person_id: Mapped[int]
    """Whose it is."""
    asked_id: Mapped[int]
    """Who was asked last: the delegate of an absent one, or who took it over."""
    state: Mapped[str] = mapped_column(default="open")
    """'open', 'answered', or 'over': nobody has to answer it any more."""
    due_at: Mapped[datetime | None]
    due_on: Mapped[date | None]
    nudge: Mapped[int] = mapped_column(default=0)
    """The number of the last reminder that was sent: 0 at its opening, 3 at most."""
    first_asked_at: Mapped[datetime]
    asked_on: Mapped[date]
    """The last local date whose message named it."""
    snoozed_until: Mapped[date | None]
    snoozes: Mapped[int] = mapped_column(default=0)
    snooze_reason: Mapped[str | None]
    handed_to_id: Mapped[int | None]
    handed_state: Mapped[str | None]
    """'offered', 'taken' or 'declined'."""
    handed_note: Mapped[str | None]
    handed_whole: Mapped[bool] = mapped_column(default=False)
    """The record itself, not this ask alone."""
    handed_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    declined_by_id: Mapped[int | None]
    """Who was asked in somebody's place and would not: the next on the ladder is asked."""
    declined_reason: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[int | None]
    effect: Mapped[str | None]
    """What the answer brought, in words, for the message of that day."""


class Desk(Owned):
    """When somebody's duties are looked at next. A tick asks whose time has come, not what everybody owes."""

    __tablename__ = "desk"
    __table_args__ = constraints(
        unique("person_id"), link("person_id", "person"), Index("ix_desk_look", "next_look_at")
    )

    person_id: Mapped[int]
    next_look_at: Mapped[datetime]
    told_on: Mapped[date | None]
    """The last local date on which they got their message."""
