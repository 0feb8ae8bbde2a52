"""The plan of an exported file: milestones, dependencies, money, stakeholders, findings, teams, as far as one may see.

Money and allocations are for the owner of a project, its program's manager and sponsor, and admins; the labels of
stakeholders for the last three. What people said in check-ins is never exported.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.services.export_places import Names
from bot.services.export_values import filled, money, source_ids
from models.schemas.portfolio_plan import OUTSIDE
from models.tables import (
    Allocation,
    Budget,
    BudgetWeek,
    Checkin,
    CheckinMember,
    Dependency,
    Finding,
    Iteration,
    Milestone,
    MilestoneLink,
    Program,
    Project,
    Stakeholder,
)

Section = tuple[str, Iterable[dict[str, Any]]]


class Plan:
    """Of the projects and programs that the file tells of."""

    def __init__(self, session: Session, by: Standing, names: Names) -> None:
        self._session, self._by, self._names = session, by, names
        self._projects, self._programs = names.shown_projects(), names.shown_programs()
        rows = self._rows(Milestone, Milestone.project_id.in_(self._projects))
        self._milestones = {row.id: row for row in rows}
        self._ids = source_ids(session, Milestone, "M", rows)

    def sections(self) -> Iterator[Section]:
        yield "milestones", self._told_milestones()
        yield "dependencies", self._dependencies()
        yield "budgets", self._budgets()
        yield "allocations", self._allocations()
        yield "iterations", self._iterations()
        yield "stakeholders", self._stakeholders()
        yield "audit_findings", self._findings()

    def teams(self) -> dict[str, list[str]]:
        """Who takes part in the check-in of each project."""
        statement = (
            select(Checkin.project_id, CheckinMember.person_id)
            .join(CheckinMember, CheckinMember.checkin_id == Checkin.id)
            .where(
                Checkin.project_id.in_(self._projects),
                Checkin.state != "ended",
                CheckinMember.role == "participant",
            )
            .order_by(Checkin.id, CheckinMember.id)
        )
        found: dict[str, list[str]] = defaultdict(list)
        rows = self._session.execute(statement).all()
        self._names.learn(row.person_id for row in rows)
        for project_id, person_id in rows:
            name, handle = self._names.project(project_id or 0), self._names.person(person_id)
            if name and handle and handle not in found[name]:
                found[name].append(handle)
        return dict(found)

    def _rows(self, table: type[Any], *conditions: Any) -> Sequence[Any]:
        return self._session.scalars(select(table).where(*conditions).order_by(table.id)).all()

    def _told_milestones(self) -> Iterator[dict[str, Any]]:
        self._names.learn(row.owner_id for row in self._milestones.values())
        links = defaultdict(list)
        for link in self._rows(MilestoneLink, MilestoneLink.milestone_id.in_(self._milestones)):
            if link.predecessor_id in self._milestones:
                links[link.milestone_id].append(link)
        for row in self._milestones.values():
            yield filled(self._milestone(row, links[row.id]))

    def _milestone(self, row: Milestone, links: Iterable[MilestoneLink]) -> dict[str, Any]:
        left = {"o": row.remaining_optimistic, "m": row.remaining_likely, "p": row.remaining_pessimistic}
        same = ("kind", "weight", "status", "baseline_on", "due_on", "forecast_on", "achieved_on")
        return {
            "id": self._ids[row.id],
            "project": self._names.project(row.project_id),
            "name": row.title,
            "owner": self._names.person(row.owner_id),
            **{name: getattr(row, name) for name in same},
            "remaining_wd": left if None not in left.values() else None,
            "predecessors": [self._predecessor(link) for link in links],
            **row.extra,
        }

    def _predecessor(self, link: MilestoneLink) -> str | dict[str, Any]:
        name = self._ids[link.predecessor_id]
        return {"id": name, "lag_wd": link.lag} if link.lag else name

    def _dependencies(self) -> Iterator[dict[str, Any]]:
        """Both of its projects are named, so both have to be seen."""
        theirs = or_(Dependency.get_project_id.in_(self._projects), Dependency.give_project_id.in_(self._projects))
        rows = self._rows(Dependency, theirs)
        ids = source_ids(self._session, Dependency, "DEP", rows)
        for row in rows:
            outside = f"{OUTSIDE}{row.give_name}" if row.give_project_id is None else None
            give, get = (
                outside or self._names.project(row.give_project_id or 0),
                self._names.project(row.get_project_id),
            )
            if give and get:
                told = {"id": ids[row.id], "give": give, "get": get, "summary": row.title}
                told |= {name: getattr(row, name) for name in _OF_DEPENDENCY}
                told["provider_milestone"] = self._ids.get(row.provider_milestone_id or 0)
                told["consumer_milestone"] = self._ids.get(row.consumer_milestone_id or 0)
                yield filled(told)

    def _budgets(self) -> Iterator[dict[str, Any]]:
        rows = self._rows(Budget, Budget.project_id.in_(self._with_money()))
        weeks = defaultdict(list)
        for week in self._rows(BudgetWeek, BudgetWeek.budget_id.in_([row.id for row in rows])):
            weeks[week.budget_id].append(week)
        for row in rows:
            told: dict[str, Any] = {"project": self._names.project(row.project_id), "bac": money(row.bac)}
            told |= {name: getattr(row, name) for name in _OF_BUDGET}
            told["forecast_eac_manual"] = money(row.forecast_eac)
            told["weekly"] = [_week(week) for week in sorted(weeks[row.id], key=lambda week: week.week_end)]
            yield filled(told)

    def _allocations(self) -> Iterator[dict[str, Any]]:
        rows = self._rows(Allocation, Allocation.project_id.in_(self._with_money()))
        self._names.learn(row.person_id for row in rows)
        for row in rows:
            told = {"person": self._names.person(row.person_id), "project": self._names.project(row.project_id)}
            yield {**told, "period": row.period, "percent": row.percent}

    def _iterations(self) -> Iterator[dict[str, Any]]:
        for row in self._rows(Iteration):
            yield filled({"id": row.name, "start": row.start_on, "end": row.end_on})

    def _stakeholders(self) -> Iterator[dict[str, Any]]:
        rows = self._rows(Stakeholder, Stakeholder.program_id.in_(self._managed()))
        ids = source_ids(self._session, Stakeholder, "S", rows)
        self._names.learn(person for row in rows for person in (row.owner_id, row.person_id))
        for row in rows:
            told = {"id": ids[row.id], "program": self._names.program(row.program_id)}
            told |= {"owner": self._names.person(row.owner_id), "handle": self._names.person(row.person_id)}
            yield filled({**told, **{name: getattr(row, name) for name in _OF_STAKEHOLDER}})

    def _findings(self) -> Iterator[dict[str, Any]]:
        of_program = Finding.project_id.is_(None) & Finding.program_id.in_(self._programs)
        rows = self._rows(Finding, or_(Finding.project_id.in_(self._projects), of_program))
        ids = source_ids(self._session, Finding, "AF", rows)
        self._names.learn(row.owner_id for row in rows)
        for row in rows:
            told = {"id": ids[row.id], **self._names.place_of(row), "owner": self._names.person(row.owner_id)}
            yield filled({**told, **{name: getattr(row, name) for name in _OF_FINDING}})

    def _managed(self) -> set[int]:
        """The programs that they manage or sponsor; all of these for an admin."""
        me = self._by.person.id
        mine = select(Program.id).where(or_(Program.manager_id == me, Program.sponsor_id == me))
        return self._programs if self._by.is_admin else self._programs & set(self._session.scalars(mine))

    def _with_money(self) -> set[int]:
        if self._by.is_admin:
            return self._projects
        mine = or_(Project.owner_id == self._by.person.id, Project.program_id.in_(self._managed()))
        return self._projects & set(self._session.scalars(select(Project.id).where(mine)))


def _week(row: BudgetWeek) -> Mapping[str, Any]:
    return filled({"week_end": row.week_end, "pv_cum": money(row.pv_cum), "ac_cum": money(row.ac_cum)})


_OF_DEPENDENCY = ("needed_by", "promised_on", "state", "reason", "accepted_at")
_OF_BUDGET = ("currency", "ev_method", "percent_complete", "actuals_updated_on")
_OF_STAKEHOLDER = (
    *("name", "power", "interest", "engagement_current", "engagement_desired", "cadence_days"),
    *("last_contact_on", "channel_preference", "notes"),
)
_OF_FINDING = ("severity", "title", "raised_on", "due_on", "status", "status_reason", "evidence", "closed_on")
