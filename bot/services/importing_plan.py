"""The milestones and dependencies of a portfolio file, with the past that the file knows of them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.critical_path import Cycle, in_order
from bot.domain.wall_time import instant
from bot.services import places
from bot.services.history import record_change
from bot.services.importing_numbers import IMPORTED, give_numbers
from bot.services.importing_plan_checks import circle_words
from bot.services.importing_problem import InvalidPortfolio, Problem
from bot.services.importing_records import Owners
from models.schemas.plan import OPEN_DEPENDENCY, DependencyState, MilestoneStatus
from models.schemas.portfolio import Portfolio
from models.schemas.portfolio_plan import DependencyRecord, MilestoneRecord
from models.tables import Dependency, Milestone, MilestoneLink
from models.tables.unit import add_rows


def take_milestones(
    session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners, now: datetime
) -> dict[str, int]:
    """Ids of all milestones of the file. It does not say since when they are planned: since what it describes."""
    since = portfolio.as_of or now
    new = [record for record in portfolio.milestones if record.id not in known]
    numbers = give_numbers(session, Milestone, "milestone", [record.id for record in new])
    rows = [_milestone(record, numbers[record.id], owners, since) for record in new]
    session.add_all(rows)
    session.flush()
    ids = {**known, **{record.id: row.id for record, row in zip(new, rows, strict=True)}}
    _link(session, new, ids)
    zones = _zones(session, owners)
    for record in new:
        write = partial(record_change, session, "milestone", ids[record.id], actor_id=None)
        write(at=since, new=IMPORTED)
        if record.achieved_on:
            at = midnight(record.achieved_on, zones[owners.projects[record.project]])
            write(at=at, field="status", new=MilestoneStatus.ACHIEVED)
    return ids


def take_dependencies(
    session: Session,
    portfolio: Portfolio,
    *,
    known: Mapping[str, int],
    owners: Owners,
    milestones: Mapping[str, int],
    now: datetime,
) -> None:
    """Raises InvalidPortfolio where, with what is here already, milestones would wait for one another for ever."""
    since = portfolio.as_of or now
    new = [record for record in portfolio.dependencies if record.id not in known]
    numbers = give_numbers(session, Dependency, "dependency", [record.id for record in new])
    rows = [_dependency(record, numbers[record.id], owners, milestones, since) for record in new]
    session.add_all(rows)
    session.flush()
    for record, row in zip(new, rows, strict=True):
        write = partial(record_change, session, "dependency", row.id, actor_id=None)
        write(at=since, new=IMPORTED)
        if record.accepted_at:
            write(at=record.accepted_at, field="state", old=DependencyState.DELIVERED, new=record.state)
    _refuse_circles(session)


def midnight(day: date, zone: str) -> datetime:
    """A date of the file as an instant of the history: at its very beginning, in the zone of its program."""
    return instant(day, time(), zone)


def _milestone(record: MilestoneRecord, number: int, owners: Owners, since: datetime) -> Milestone:
    left = record.remaining_wd
    same = {"kind", "weight", "baseline_on", "due_on", "forecast_on", "achieved_on"}
    more = record.model_dump(mode="json", include={"definition_of_done", "acceptance", "comms_plan"})
    return Milestone(
        external_id=record.id,
        number=number,
        title=record.name,
        project_id=owners.projects[record.project],
        owner_id=owners.people.ids[record.owner],
        status=record.status.value,
        remaining_optimistic=left.o if left else None,
        remaining_likely=left.m if left else None,
        remaining_pessimistic=left.p if left else None,
        created_at=since,
        extra={name: value for name, value in more.items() if value},
        **record.model_dump(include=same),
    )


def _link(session: Session, records: Iterable[MilestoneRecord], ids: Mapping[str, int]) -> None:
    links = {(ids[record.id], ids[before.id]): before.lag_wd for record in records for before in record.predecessors}
    if links:
        rows = [{"milestone_id": after, "predecessor_id": before, "lag": lag} for (after, before), lag in links.items()]
        add_rows(session, MilestoneLink, rows)


def _dependency(
    record: DependencyRecord, number: int, owners: Owners, milestones: Mapping[str, int], since: datetime
) -> Dependency:
    return Dependency(
        external_id=record.id,
        number=number,
        title=record.summary,
        give_project_id=owners.projects.get(record.give),
        give_name=record.outsider,
        get_project_id=owners.projects[record.get],
        provider_milestone_id=milestones.get(record.provider_milestone or ""),
        consumer_milestone_id=milestones.get(record.consumer_milestone or ""),
        state=record.state.value,
        created_at=since,
        **record.model_dump(include={"needed_by", "promised_on", "reason", "accepted_at"}),
    )


def _zones(session: Session, owners: Owners) -> dict[int, str]:
    found = places.by_ids(session, project_ids=owners.projects.values())
    return {place.id: place.tz for place in found.values()}


def _refuse_circles(session: Session) -> None:
    """In all that is here now, this file included."""
    names = {row.id: row.external_id or f"M-{row.number}" for row in session.execute(_NAMES)}
    before: dict[str, list[str]] = {}
    pairs: list[Any] = [*session.execute(_LINKS), *session.execute(_GIVES)]
    for after, earlier in pairs:
        before.setdefault(names[after], []).append(names[earlier])
    try:
        in_order(before)
    except Cycle as circle:
        raise InvalidPortfolio([Problem("milestones", circle.path[0], "predecessors", circle_words(circle))]) from None


_NAMES = select(Milestone.id, Milestone.number, Milestone.external_id)
_LINKS = select(MilestoneLink.milestone_id, MilestoneLink.predecessor_id)
_GIVES = select(Dependency.consumer_milestone_id, Dependency.provider_milestone_id).where(
    Dependency.consumer_milestone_id.is_not(None),
    Dependency.provider_milestone_id.is_not(None),
    Dependency.state.in_(OPEN_DEPENDENCY),
)
