"""The budgets, allocations and iterations of a portfolio file."""

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.risk_money import MINOR_UNITS
from bot.services.importing_records import Owners
from models.schemas.portfolio import Portfolio
from models.schemas.portfolio_plan import BudgetRecord
from models.tables import Allocation, Budget, BudgetWeek, Iteration, Project
from models.tables.unit import add_rows


def known_budgets(session: Session) -> dict[str, int]:
    """By the source's id of their projects."""
    statement = select(Project.external_id, Budget.id).join(Budget, Budget.project_id == Project.id)
    return {name: row_id for name, row_id in session.execute(statement) if name is not None}


def known_iterations(session: Session) -> dict[str, int]:
    return dict(session.execute(select(Iteration.name, Iteration.id)).all())


def take_budgets(session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners) -> None:
    new = [record for record in portfolio.budgets if record.project not in known]
    rows = [_budget(record, owners.projects[record.project]) for record in new]
    session.add_all(rows)
    session.flush()
    weeks = [
        {
            "budget_id": row.id,
            "week_end": week.week_end,
            "pv_cum": _minor(week.pv_cum),
            "ac_cum": _minor(week.ac_cum),
        }
        for record, row in zip(new, rows, strict=True)
        for week in record.weekly
    ]
    if weeks:
        add_rows(session, BudgetWeek, weeks)


def take_allocations(session: Session, portfolio: Portfolio, *, owners: Owners) -> int:
    """How many are new."""
    statement = select(Allocation.person_id, Allocation.project_id, Allocation.period)
    there = set(session.execute(statement))
    wanted = {
        (owners.people.ids[record.person], owners.projects[record.project], record.period): record.percent
        for record in portfolio.allocations
    }
    new = [
        {"person_id": person, "project_id": project, "period": period, "percent": percent}
        for (person, project, period), percent in wanted.items()
        if (person, project, period) not in there
    ]
    if new:
        add_rows(session, Allocation, new)
    return len(new)


def take_iterations(session: Session, portfolio: Portfolio, *, known: Mapping[str, int]) -> None:
    new = [record for record in portfolio.iterations if record.id not in known]
    session.add_all(Iteration(name=record.id, start_on=record.start, end_on=record.end) for record in new)
    session.flush()


def _budget(record: BudgetRecord, project_id: int) -> Budget:
    return Budget(
        project_id=project_id,
        bac=_minor(record.bac),
        forecast_eac=None if record.forecast_eac_manual is None else _minor(record.forecast_eac_manual),
        ev_method=record.ev_method.value,
        **record.model_dump(include={"currency", "percent_complete", "actuals_updated_on"}),
    )


def _minor(amount: Decimal) -> int:
    return int(amount * MINOR_UNITS)
