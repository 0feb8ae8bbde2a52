"""The milestones ahead and what ties them, over all projects: two statements."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, and_, bindparam, or_, select
from sqlalchemy.orm import Session

from bot.domain.critical_path import Link
from bot.domain.milestone_network import Dependency, Milestone
from bot.services.report_past import NOW, Past, Pasts
from models.schemas.plan import OPEN_DEPENDENCY, UNACHIEVED, DependencyState, MilestoneStatus
from models.schemas.project import State
from models.tables import Dependency as DependencyRow
from models.tables import Milestone as MilestoneRow
from models.tables import MilestoneLink, Project
from models.tables.unit import THIS_WORKSPACE, fetch


@dataclass(frozen=True)
class KnownMilestone:
    """The rule's milestone is named by its row id, as text."""

    id: int
    row: Row[Any]
    project_id: int
    status: MilestoneStatus
    due_on: date
    planned: Milestone


@dataclass(frozen=True)
class KnownDependency:
    row: Row[Any]
    promised: Dependency


def milestones_at(
    session: Session, project_ids: Collection[int], now: datetime, paused: Collection[int], pasts: Pasts = NOW
) -> list[KnownMilestone]:
    """All of these projects, and what is ahead of all that are active. `paused` are projects that were not active
    then, of those that are looked at."""
    statement = _AHEAD if pasts.is_now else _EVERY
    rows: dict[int, Row[Any]] = {}
    links: dict[int, list[Link]] = {}
    for row in fetch(session, statement, ids=list(project_ids), now=now):
        rows.setdefault(row.id, row)
        if row.predecessor_id is not None:
            links.setdefault(row.id, []).append(Link(str(row.predecessor_id), row.lag))
    looked_at = set(project_ids)
    return [
        _milestone(
            row,
            tuple(links.get(row.id, ())),
            now,
            pasts.of("milestone", row.id),
            is_active=row.project_id not in paused if row.project_id in looked_at else row.state == State.ACTIVE,
        )
        for row in rows.values()
    ]


def dependencies_at(
    session: Session, project_ids: Collection[int], now: datetime, pasts: Pasts = NOW
) -> list[KnownDependency]:
    """Those that one of these projects gives or gets, and all that are open."""
    statement = _GIVEN if pasts.is_now else _EVERY_GIVEN
    rows = fetch(session, statement, ids=list(project_ids), now=now)
    return [_dependency(row, now, pasts.of("dependency", row.id)) for row in rows]


def _milestone(row: Row[Any], links: tuple[Link, ...], now: datetime, past: Past, *, is_active: bool) -> KnownMilestone:
    """Where a file says when it was achieved and not what it was before: it was under way."""
    status = MilestoneStatus(past.at("status", now, row.status) or MilestoneStatus.IN_PROGRESS)
    due_on = past.day_at("due_on", now, row.due_on) or row.due_on
    planned = Milestone(
        id=str(row.id),
        project=str(row.project_id),
        status=status,
        due_on=due_on,
        remaining=row.remaining_likely,
        predecessors=links,
        in_active_project=is_active,
    )
    return KnownMilestone(row.id, row, row.project_id, status, due_on, planned)


def _dependency(row: Row[Any], now: datetime, past: Past) -> KnownDependency:
    ends = (row.provider_milestone_id, row.consumer_milestone_id)
    promised = Dependency(
        id=str(row.id),
        state=DependencyState(past.at("state", now, row.state) or DependencyState.PROPOSED),
        needed_by=past.day_at("needed_by", now, row.needed_by) or row.needed_by,
        promised_on=past.day_at("promised_on", now, row.promised_on),
        provider=None if ends[0] is None else str(ends[0]),
        consumer=None if ends[1] is None else str(ends[1]),
    )
    return KnownDependency(row, promised)


_MILESTONE, _LINK, _PROJECT = MilestoneRow.__table__, MilestoneLink.__table__, Project.__table__
_DEPENDENCY = DependencyRow.__table__
_IDS: Any = bindparam("ids", expanding=True)


def _there_by(table: Any) -> Any:
    """Created by then, and all that came from a file: its records are older than their arrival."""
    return or_(table.c.external_id.is_not(None), table.c.created_at <= bindparam("now"))


def _milestones(condition: Any) -> Any:
    names = ("id", "number", "external_id", "project_id", "title", "owner_id", "status", "due_on", "achieved_on")
    return (
        select(
            *(_MILESTONE.c[name] for name in (*names, "remaining_likely", "weight")),
            _PROJECT.c.state,
            _LINK.c.predecessor_id,
            _LINK.c.lag,
        )
        .join(_PROJECT, and_(_PROJECT.c.id == _MILESTONE.c.project_id, _PROJECT.c.workspace_id == THIS_WORKSPACE))
        .outerjoin(_LINK, and_(_LINK.c.milestone_id == _MILESTONE.c.id, _LINK.c.workspace_id == THIS_WORKSPACE))
        .where(_MILESTONE.c.workspace_id == THIS_WORKSPACE, condition)
        .order_by(_MILESTONE.c.id)
    )


def _dependencies(condition: Any) -> Any:
    names = ("id", "number", "external_id", "title", "give_project_id", "give_name", "get_project_id")
    more = ("provider_milestone_id", "consumer_milestone_id", "needed_by", "promised_on", "state")
    return (
        select(*(_DEPENDENCY.c[name] for name in (*names, *more)))
        .where(_DEPENDENCY.c.workspace_id == THIS_WORKSPACE, condition)
        .order_by(_DEPENDENCY.c.id)
    )


_AHEAD = _milestones(
    or_(
        _MILESTONE.c.project_id.in_(_IDS),
        and_(_MILESTONE.c.status.in_(UNACHIEVED), _PROJECT.c.state == State.ACTIVE.value),
    )
)
_EVERY = _milestones(_there_by(_MILESTONE))
_GIVEN = _dependencies(
    or_(
        _DEPENDENCY.c.state.in_(OPEN_DEPENDENCY),
        _DEPENDENCY.c.give_project_id.in_(_IDS),
        _DEPENDENCY.c.get_project_id.in_(_IDS),
    )
)
_EVERY_GIVEN = _dependencies(_there_by(_DEPENDENCY))
