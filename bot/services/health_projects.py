"""Projects with their last status and their budget: one statement, flat in the history."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Row, and_, bindparam, case, func, select
from sqlalchemy.orm import Session

from bot.domain.rest import rests_from
from bot.services.report_past import NOW, Pasts
from models.schemas.plan import EvMethod
from models.schemas.project import State
from models.schemas.status import Health
from models.tables import Budget, BudgetWeek, Person, Project, StatusUpdate, Workspace
from models.tables.unit import THIS_WORKSPACE, fetch


@dataclass(frozen=True)
class Spending:
    """A budget in minor units, with what was planned and spent by the date of its program."""

    currency: str
    bac: int
    method: EvMethod
    percent_complete: int | None
    actuals_on: date | None
    pv: int
    ac: int


@dataclass(frozen=True)
class KnownProject:
    id: int
    program_id: int | None
    owner_id: int
    state: State
    critical: bool
    weight: int
    paused_from: datetime | None
    """The start of a hold, or the end of the day on which it was completed, in its owner's zone."""
    reported: Health | None
    posted_at: datetime | None
    path_to_green: str | None
    previous: Health | None
    """Of the period before the last one."""
    spending: Spending | None


def projects_at(
    session: Session,
    project_ids: Collection[int],
    days: Mapping[int, date],
    now: datetime,
    pasts: Pasts = NOW,
) -> list[KnownProject]:
    """`days` are the local dates of programs; a project without one goes by UTC."""
    if not project_ids:
        return []
    rows = fetch(session, _PROJECTS, ids=list(project_ids), now=now, **_by_day(days, now.date())).all()
    return [_known(row, now, pasts) for row in rows]


def _by_day(days: Mapping[int, date], utc_day: date) -> dict[str, Any]:
    """Local dates differ from UTC's by a day at most."""
    before, after = utc_day - timedelta(days=1), utc_day + timedelta(days=1)
    return {
        "today": utc_day,
        "yesterday": before,
        "tomorrow": after,
        "behind": [program for program, day in days.items() if day == before],
        "ahead": [program for program, day in days.items() if day == after],
    }


def _known(row: Row[Any], now: datetime, pasts: Pasts) -> KnownProject:
    past = pasts.of("project", row.id)
    state = State(past.at("state", now, row.state) or State.ACTIVE)
    held, done = (past.day_at(name, now, getattr(row, name)) for name in ("on_hold_since", "completed_on"))
    paused = rests_from(state, held, done, row.owner_tz)
    if paused is not None and now < paused:
        state = State.ACTIVE
    return KnownProject(
        id=row.id,
        program_id=row.program_id,
        owner_id=row.owner_id,
        state=state,
        critical=row.critical,
        weight=row.weight,
        paused_from=paused,
        reported=Health(row.health) if row.health else None,
        posted_at=row.posted_at,
        path_to_green=row.path_to_green,
        previous=Health(row.previous) if row.previous else None,
        spending=_spending(row) if row.currency else None,
    )


def _spending(row: Row[Any]) -> Spending:
    return Spending(
        currency=row.currency,
        bac=row.bac,
        method=EvMethod(row.ev_method),
        percent_complete=row.percent_complete,
        actuals_on=row.actuals_updated_on,
        pv=row.pv_cum or 0,
        ac=row.ac_cum or 0,
    )


_PROJECT, _PERSON, _BUDGET, _WEEK = Project.__table__, Person.__table__, Budget.__table__, BudgetWeek.__table__
_WORKSPACE = Workspace.__table__
_LAST, _ANY = StatusUpdate.__table__.alias("last"), StatusUpdate.__table__.alias("posted")
_EARLIER, _ENDED = StatusUpdate.__table__.alias("earlier"), BudgetWeek.__table__.alias("ended")

_TODAY = case(
    (_PROJECT.c.program_id.in_(bindparam("behind", expanding=True)), bindparam("yesterday", type_=Date)),
    (_PROJECT.c.program_id.in_(bindparam("ahead", expanding=True)), bindparam("tomorrow", type_=Date)),
    else_=bindparam("today", type_=Date),
)
_LAST_ID = (
    select(_ANY.c.id)
    .where(
        _ANY.c.workspace_id == THIS_WORKSPACE,
        _ANY.c.project_id == _PROJECT.c.id,
        _ANY.c.posted_at <= bindparam("now"),
    )
    .order_by(_ANY.c.posted_at.desc(), _ANY.c.id.desc())
    .limit(1)
    .correlate(_PROJECT)
    .scalar_subquery()
)
_PREVIOUS = (
    select(_EARLIER.c.health)
    .where(
        _EARLIER.c.workspace_id == THIS_WORKSPACE,
        _EARLIER.c.project_id == _PROJECT.c.id,
        _EARLIER.c.posted_at < _LAST.c.posted_at,
        _EARLIER.c.period != _LAST.c.period,
    )
    .order_by(_EARLIER.c.posted_at.desc(), _EARLIER.c.id.desc())
    .limit(1)
    .correlate(_PROJECT, _LAST)
    .scalar_subquery()
)
_LAST_WEEK = (
    select(func.max(_ENDED.c.week_end))
    .where(_ENDED.c.workspace_id == THIS_WORKSPACE, _ENDED.c.budget_id == _BUDGET.c.id, _ENDED.c.week_end <= _TODAY)
    .correlate(_PROJECT, _BUDGET)
    .scalar_subquery()
)
_PROJECTS = (
    select(
        *(_PROJECT.c[name] for name in ("id", "program_id", "owner_id", "state", "critical", "weight")),
        *(_PROJECT.c[name] for name in ("on_hold_since", "completed_on")),
        func.coalesce(_PERSON.c.tz, _WORKSPACE.c.default_tz).label("owner_tz"),
        *(_LAST.c[name] for name in ("health", "posted_at", "path_to_green")),
        _PREVIOUS.label("previous"),
        *(_BUDGET.c[name] for name in ("currency", "bac", "ev_method", "percent_complete", "actuals_updated_on")),
        *(_WEEK.c[name] for name in ("pv_cum", "ac_cum")),
    )
    .join(_WORKSPACE, _WORKSPACE.c.id == _PROJECT.c.workspace_id)
    .join(_PERSON, and_(_PERSON.c.id == _PROJECT.c.owner_id, _PERSON.c.workspace_id == THIS_WORKSPACE))
    .outerjoin(_LAST, and_(_LAST.c.id == _LAST_ID, _LAST.c.workspace_id == THIS_WORKSPACE))
    .outerjoin(_BUDGET, and_(_BUDGET.c.project_id == _PROJECT.c.id, _BUDGET.c.workspace_id == THIS_WORKSPACE))
    .outerjoin(
        _WEEK,
        and_(
            _WEEK.c.budget_id == _BUDGET.c.id,
            _WEEK.c.week_end == _LAST_WEEK,
            _WEEK.c.workspace_id == THIS_WORKSPACE,
        ),
    )
    .where(_PROJECT.c.workspace_id == THIS_WORKSPACE, _PROJECT.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(_PROJECT.c.id)
)
