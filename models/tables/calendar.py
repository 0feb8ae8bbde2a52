from datetime import date, datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Calendar(Owned):
    """When a person works, or a program's days count. Without a row: Monday to Friday, 09:00 to 18:00, no holidays.

    The zone is not here: a person's is Slack's, a program's its own.
    """

    __tablename__ = "calendar"
    __table_args__ = constraints(
        unique("person_id"), unique("program_id"), link("person_id", "person"), link("program_id", "program")
    )

    person_id: Mapped[int | None]
    program_id: Mapped[int | None]
    name: Mapped[str | None]
    """How the source of an import called it."""
    start: Mapped[str] = mapped_column(default="09:00")
    end: Mapped[str] = mapped_column(default="18:00")
    """Local times of day; the window is half-open, and the end may be '24:00'."""
    working_days: Mapped[list[Any]] = mapped_column(default=lambda: [1, 2, 3, 4, 5])
    """ISO weekdays."""
    country: Mapped[str | None]
    """ISO 3166-1 code whose public holidays are off."""
    region: Mapped[str | None]
    """ISO 3166-2 subdivision, without the country: 'BY'."""
    holidays: Mapped[list[Any]] = mapped_column(default=list)
    """Further dates that are off, ISO."""
    capacity_pct: Mapped[int] = mapped_column(default=100)
    capacity_overrides: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Percent by period, as {'2026-04': 55}."""
    opens_at: Mapped[str | None]
    """When the daily message may come first, a local time inside the hours; None for the workspace's 10:00."""


class Absence(Owned):
    """Days that somebody is away, both ends included, on their own local dates."""

    __tablename__ = "absence"
    __table_args__ = constraints(
        link("person_id", "person"),
        link("delegate_id", "person"),
        Index("ix_absence_person", "workspace_id", "person_id", "end_on"),
        Index("ix_absence_end", "workspace_id", "end_on"),
    )

    person_id: Mapped[int]
    start_on: Mapped[date]
    end_on: Mapped[date]
    delegate_id: Mapped[int | None]
    """Who is asked instead; None sends each ask to the next on the ladder."""
    note: Mapped[str | None]
    created_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    """When they were told, back again, what was answered for them."""


class DoNotDisturb(Owned):
    """Slack's own quiet time of a person, the next or the present one, as it told us last."""

    __tablename__ = "do_not_disturb"
    __table_args__ = constraints(unique("person_id"), link("person_id", "person"))

    person_id: Mapped[int]
    start_at: Mapped[datetime | None]
    end_at: Mapped[datetime | None]
    fetched_at: Mapped[datetime]
