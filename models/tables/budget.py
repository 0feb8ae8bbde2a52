from datetime import date

from sqlalchemy import BigInteger, Index
from sqlalchemy.orm import Mapped, mapped_column

from models.tables.base import Owned, constraints, link, unique


class Budget(Owned):
    """What a project may cost, and how its earned value is found. Money in minor units of its currency."""

    __tablename__ = "budget"
    __table_args__ = constraints(unique("project_id"), link("project_id", "project"))

    project_id: Mapped[int]
    currency: Mapped[str]
    """ISO 4217."""
    bac: Mapped[int] = mapped_column(BigInteger)
    """Budget at completion."""
    ev_method: Mapped[str] = mapped_column(default="percent_complete")
    """'percent_complete', 'weighted_milestones', '0_100', '50_50' or 'level_of_effort'."""
    percent_complete: Mapped[int | None]
    forecast_eac: Mapped[int | None] = mapped_column(BigInteger)
    """The owner's own estimate at completion."""
    actuals_updated_on: Mapped[date | None]


class BudgetWeek(Owned):
    """Planned value and actual cost until the end of a week, both since the beginning."""

    __tablename__ = "budget_week"
    __table_args__ = constraints(unique("budget_id", "week_end"), link("budget_id", "budget"))

    budget_id: Mapped[int]
    week_end: Mapped[date]
    pv_cum: Mapped[int] = mapped_column(BigInteger)
    ac_cum: Mapped[int] = mapped_column(BigInteger)


class Allocation(Owned):
    """How much of a person a project has in a period."""

    __tablename__ = "allocation"
    __table_args__ = constraints(
        unique("person_id", "project_id", "period"),
        link("person_id", "person"),
        link("project_id", "project"),
        Index("ix_allocation_project", "workspace_id", "project_id", "period"),
    )

    person_id: Mapped[int]
    project_id: Mapped[int]
    period: Mapped[str]
    """'2026-04', or an ISO week."""
    percent: Mapped[int]
