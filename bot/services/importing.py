"""Taking over a portfolio: all of a file or nothing, and never the same record twice."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.services.importing_checks import KINDS, InvalidPortfolio, problems_in
from bot.services.importing_conflicts import conflicts
from bot.services.importing_issues import take_assumptions, take_issues
from bot.services.importing_numbers import known_ids
from bot.services.importing_people import People, take_people
from bot.services.importing_places import Channels, take_programs, take_projects
from bot.services.importing_records import Owners, take_decisions, take_risks
from bot.services.importing_status import take_status_updates
from models.schemas.portfolio import Portfolio
from models.tables import Assumption, Decision, Issue, Program, Project, Risk, StatusUpdate


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

    Raises InvalidPortfolio before anything is written.
    """
    known = {
        "programs": known_ids(session, Program),
        "projects": known_ids(session, Project),
        "risks": known_ids(session, Risk),
        "issues": known_ids(session, Issue),
        "assumptions": known_ids(session, Assumption),
        "decisions": known_ids(session, Decision),
        "status_updates": known_ids(session, StatusUpdate),
    }
    problems = problems_in(portfolio) + conflicts(
        session, portfolio, known, slack_ids=slack_ids, channel_ids=channel_ids
    )
    if problems:
        raise InvalidPortfolio(problems)
    people = take_people(session, portfolio, slack_ids)
    channels = Channels(channel_ids, private_channels)
    programs = take_programs(session, portfolio, known=known["programs"], people=people, channels=channels, now=now)
    projects = take_projects(
        session, portfolio, known=known["projects"], programs=programs, people=people, channels=channels, now=now
    )
    owners = Owners(people, programs, projects, {project.id: project.program for project in portfolio.projects})
    take_risks(session, portfolio, known=known["risks"], owners=owners)
    take_issues(session, portfolio, known=known["issues"], owners=owners, risks=known_ids(session, Risk))
    take_assumptions(session, portfolio, known=known["assumptions"], owners=owners, now=now)
    take_decisions(session, portfolio, known=known["decisions"], owners=owners)
    take_status_updates(session, portfolio, known=known["status_updates"], projects=projects, people=people)
    return _summary(portfolio, known, people)


def _summary(portfolio: Portfolio, known: Mapping[str, Mapping[str, int]], people: People) -> Summary:
    records = {kind: getattr(portfolio, kind) for kind in KINDS}
    added = {kind: sum(record.id not in known[kind] for record in records[kind]) for kind in known}
    added = {"people": people.added, **added}
    return Summary(
        added=added,
        unchanged={kind: len(records[kind]) - added[kind] for kind in KINDS},
        skipped=_skipped(portfolio),
        unmatched_people=people.unmatched,
    )


def _skipped(portfolio: Portfolio) -> dict[str, int]:
    """Calendars give zones, working days and holidays, no hours; people give handles and zones."""
    kinds = {"calendars": portfolio.calendars, **(portfolio.model_extra or {})}
    skipped = {kind: len(rows) if isinstance(rows, list | dict) else 1 for kind, rows in kinds.items()}
    details = Counter(name for person in portfolio.people for name, value in person.rest.items() if value)
    skipped |= {f"people.{name}": count for name, count in details.items()}
    return {kind: count for kind, count in skipped.items() if count}
