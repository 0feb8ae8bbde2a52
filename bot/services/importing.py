"""Taking over a portfolio: all of a file or nothing, and never the same record twice."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.services.importing_calendars import take_people_calendars, take_portfolio_calendar, unused_calendars
from bot.services.importing_checkins import take_checkins
from bot.services.importing_checks import KINDS, problems_in
from bot.services.importing_conflicts import conflicts
from bot.services.importing_issues import take_assumptions, take_issues
from bot.services.importing_money import (
    known_budgets,
    known_iterations,
    take_allocations,
    take_budgets,
    take_iterations,
)
from bot.services.importing_numbers import Numbered, known_ids
from bot.services.importing_people import People, take_people
from bot.services.importing_places import Channels, take_programs, take_projects
from bot.services.importing_plan import take_dependencies, take_milestones
from bot.services.importing_problem import InvalidPortfolio
from bot.services.importing_records import Owners, take_decisions, take_risks
from bot.services.importing_status import take_status_updates
from bot.services.importing_teams import take_findings, take_stakeholders
from models.schemas.portfolio import Portfolio
from models.tables import (
    Assumption,
    Decision,
    Dependency,
    Finding,
    Issue,
    Milestone,
    Program,
    Project,
    Risk,
    Stakeholder,
    StatusUpdate,
)


@dataclass(frozen=True)
class Summary:
    added: dict[str, int]
    """By kind: how many are new."""
    unchanged: dict[str, int]
    """By kind: how many were known by the source's id, and are left as they are."""
    skipped: dict[str, int]
    """What the file holds and no table does yet, counted; 'people.ooo' is a field of a kind that is taken."""
    unmatched_people: list[str]
    """Handles without a Slack id: shown by name, sent nothing."""


def import_portfolio(
    session: Session,
    portfolio: Portfolio,
    *,
    slack_ids: Mapping[str, str],
    channel_ids: Mapping[str, str],
    private_channels: Collection[str] = frozenset(),
    now: datetime,
) -> Summary:
    """`slack_ids` by handle, `channel_ids` by name ('#p-101'). Announces nothing.

    Raises InvalidPortfolio with all that is wrong; then nothing of it stays.
    """
    known = _known(session)
    problems = problems_in(portfolio) + conflicts(
        session, portfolio, known, slack_ids=slack_ids, channel_ids=channel_ids
    )
    if problems:
        raise InvalidPortfolio(problems)
    people = take_people(session, portfolio, slack_ids)
    take_people_calendars(session, portfolio, people, now=now)
    take_portfolio_calendar(session, portfolio)
    channels = Channels(channel_ids, private_channels)
    programs = take_programs(session, portfolio, known=known["programs"], people=people, channels=channels, now=now)
    projects = take_projects(
        session, portfolio, known=known["projects"], programs=programs, people=people, channels=channels, now=now
    )
    owners = Owners(people, programs, projects, {project.id: project.program for project in portfolio.projects})
    more = _take_records(session, portfolio, known, owners, now)
    return _summary(portfolio, known, people, more)


def _known(session: Session) -> dict[str, dict[str, int]]:
    """By kind: what is here already, by the source's ids."""
    tables: dict[str, Numbered | type[StatusUpdate]] = {
        "programs": Program,
        "projects": Project,
        "milestones": Milestone,
        "dependencies": Dependency,
        "risks": Risk,
        "issues": Issue,
        "assumptions": Assumption,
        "decisions": Decision,
        "status_updates": StatusUpdate,
        "stakeholders": Stakeholder,
        "audit_findings": Finding,
    }
    found = {kind: known_ids(session, table) for kind, table in tables.items()}
    return found | {"budgets": known_budgets(session), "iterations": known_iterations(session)}


def _take_records(
    session: Session, portfolio: Portfolio, known: Mapping[str, Mapping[str, int]], owners: Owners, now: datetime
) -> dict[str, int]:
    """In an order in which each names only what is there. How many are new, of kinds without ids of their own."""
    milestones = take_milestones(session, portfolio, known=known["milestones"], owners=owners, now=now)
    take_dependencies(session, portfolio, known=known["dependencies"], owners=owners, milestones=milestones, now=now)
    take_budgets(session, portfolio, known=known["budgets"], owners=owners)
    take_iterations(session, portfolio, known=known["iterations"])
    take_risks(session, portfolio, known=known["risks"], owners=owners)
    take_issues(session, portfolio, known=known["issues"], owners=owners, risks=known_ids(session, Risk))
    take_assumptions(session, portfolio, known=known["assumptions"], owners=owners, now=now)
    take_decisions(session, portfolio, known=known["decisions"], owners=owners)
    take_status_updates(
        session, portfolio, known=known["status_updates"], projects=owners.projects, people=owners.people
    )
    take_stakeholders(session, portfolio, known=known["stakeholders"], owners=owners)
    take_findings(session, portfolio, known=known["audit_findings"], owners=owners)
    return {
        "allocations": take_allocations(session, portfolio, owners=owners),
        "checkins": take_checkins(session, portfolio, owners=owners, now=now),
    }


def _summary(
    portfolio: Portfolio, known: Mapping[str, Mapping[str, int]], people: People, more: Mapping[str, int]
) -> Summary:
    records = {kind: getattr(portfolio, kind) for kind in KINDS}
    counted = {kind: sum(record.id not in known[kind] for record in records[kind]) for kind in known}
    counted |= {"people": people.added, **more}
    return Summary(
        added={kind: counted[kind] for kind in KINDS},
        unchanged={kind: len(records[kind]) - counted[kind] for kind in KINDS},
        skipped=_skipped(portfolio),
        unmatched_people=people.unmatched,
    )


def _skipped(portfolio: Portfolio) -> dict[str, int]:
    """Fields of people and places that we do not know stay with places alone: people are Slack's."""
    kinds = {"calendars": unused_calendars(portfolio), **(portfolio.model_extra or {})}
    skipped = {kind: len(rows) if isinstance(rows, list | dict | set) else 1 for kind, rows in kinds.items()}
    details = Counter(name for person in portfolio.people for name, value in person.rest.items() if value)
    skipped |= {f"people.{name}": count for name, count in details.items()}
    return {kind: count for kind, count in skipped.items() if count}
