"""Where a portfolio file and the workspace it goes to do not fit together."""

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.importing_problem import Problem
from models.schemas.portfolio import Portfolio
from models.tables import Program, Project, StatusUpdate

Known = Mapping[str, Mapping[str, int]]
"""By kind: the ids of records that came from a file before, by the source's ids."""


def conflicts(
    session: Session,
    portfolio: Portfolio,
    known: Known,
    *,
    slack_ids: Mapping[str, str],
    channel_ids: Mapping[str, str],
) -> list[Problem]:
    return [
        *_one_account_for_two(portfolio, slack_ids),
        *_taken_channels(session, portfolio, known, channel_ids),
        *_answered_weeks(session, portfolio, known),
    ]


def _one_account_for_two(portfolio: Portfolio, slack_ids: Mapping[str, str]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for person in portfolio.people:
        slack_id = slack_ids.get(person.handle)
        if slack_id is not None and first.setdefault(slack_id, person.handle) != person.handle:
            yield Problem("people", person.handle, "Slack id", f"{slack_id} is that of {first[slack_id]} already")


def _taken_channels(
    session: Session, portfolio: Portfolio, known: Known, channel_ids: Mapping[str, str]
) -> Iterator[Problem]:
    """A channel is one project or program: what was set up there by hand is not replaced."""
    taken: dict[str | None, str] = {}
    for table in (Program, Project):
        rows = session.execute(select(table.channel, table.name).where(table.channel.in_(channel_ids.values())))
        for channel, name in rows:
            taken[channel] = name
    for kind in ("programs", "projects"):
        for place in getattr(portfolio, kind):
            there = taken.get(channel_ids.get(place.channel or ""))
            if there is not None and place.id not in known[kind]:
                words = f"{place.channel} was set up as {there!r} already; name another channel, or none, in the file"
                yield Problem(kind, place.id, "channel", words)


def _answered_weeks(session: Session, portfolio: Portfolio, known: Known) -> Iterator[Problem]:
    """A project has one current update a week: what its owner posted here is not replaced."""
    new = [record for record in portfolio.status_updates if record.id not in known["status_updates"]]
    ids = {known["projects"][record.project] for record in new if record.project in known["projects"]}
    if not ids:
        return
    statement = select(StatusUpdate.project_id, StatusUpdate.period).where(
        StatusUpdate.project_id.in_(ids), StatusUpdate.superseded_by_id.is_(None)
    )
    answered = {(project_id, period) for project_id, period in session.execute(statement)}
    for record in new:
        if (known["projects"].get(record.project), record.period) in answered:
            words = f"{record.project} has an update for {record.period} here; take this one out of the file"
            yield Problem("status_updates", record.id, "period", words)
