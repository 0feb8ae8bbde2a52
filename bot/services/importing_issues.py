"""The issues and assumptions of a portfolio file, with the past that the file knows of them."""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from sqlalchemy.orm import Session

from bot.services import places
from bot.services.history import record_change
from bot.services.importing_numbers import IMPORTED, give_numbers
from bot.services.importing_records import Owners
from bot.services.issue import own_resolve_by
from models.schemas.assumption import AssumptionStatus
from models.schemas.issue import IssueStatus, Severity
from models.schemas.portfolio import AssumptionRecord, IssueRecord, Portfolio
from models.tables import Assumption, Issue

OVER = (IssueStatus.CLOSED, IssueStatus.WONT_FIX)


def take_issues(
    session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners, risks: Mapping[str, int]
) -> None:
    """`risks` are the rows of all risks that came from a file, this one included."""
    new = [record for record in portfolio.issues if record.id not in known]
    numbers = give_numbers(session, Issue, "issue", [record.id for record in new])
    rows = [_issue(record, numbers[record.id], owners, risks) for record in new]
    found = places.of_rows(session, rows)
    for row in rows:
        place = found.get(places.ref_of(row))
        row.resolve_by = own_resolve_by(place, Severity(row.severity), row.opened_at)
    session.add_all(rows)
    session.flush()
    for record, row in zip(new, rows, strict=True):
        _past_of_issue(session, record, row.id)


def take_assumptions(
    session: Session, portfolio: Portfolio, *, known: Mapping[str, int], owners: Owners, now: datetime
) -> None:
    """A file does not say since when something is taken for true: since the instant that it describes."""
    since = portfolio.as_of or now
    new = [record for record in portfolio.assumptions if record.id not in known]
    numbers = give_numbers(session, Assumption, "assumption", [record.id for record in new])
    rows = [_assumption(record, numbers[record.id], owners, since) for record in new]
    session.add_all(rows)
    session.flush()
    for record, row in zip(new, rows, strict=True):
        write = partial(record_change, session, "assumption", row.id, at=since, actor_id=None)
        write(new=IMPORTED)
        if record.status is not AssumptionStatus.UNVALIDATED:
            write(field="status", new=record.status)


def _issue(record: IssueRecord, number: int, owners: Owners, risks: Mapping[str, int]) -> Issue:
    return Issue(
        external_id=record.id,
        number=number,
        owner_id=owners.people.ids[record.owner],
        from_risk_id=risks.get(record.from_risk or ""),
        closed_at=(record.closed_at or record.resolved_at) if record.status in OVER else None,
        **owners.place(record),
        **record.model_dump(
            include={"title", "severity", "status", "opened_at", "acknowledged_at", "resolved_at", "workaround"},
            mode="python",
            exclude_none=True,
        ),
    )


def _past_of_issue(session: Session, record: IssueRecord, issue_id: int) -> None:
    """Who did it is not in the file: the history names nobody."""
    write = partial(record_change, session, "issue", issue_id, actor_id=None)
    write(at=record.opened_at, new=IMPORTED)
    if record.acknowledged_at:
        write(at=record.acknowledged_at, field="acknowledged_at", new=record.acknowledged_at)
    if record.resolved_at:
        write(at=record.resolved_at, field="status", new=IssueStatus.RESOLVED)
    if record.status in OVER and (closed_at := record.closed_at or record.resolved_at):
        before = IssueStatus.RESOLVED if record.resolved_at else None
        write(at=closed_at, field="status", old=before, new=record.status)


def _assumption(record: AssumptionRecord, number: int, owners: Owners, since: datetime) -> Assumption:
    return Assumption(
        external_id=record.id,
        number=number,
        title=record.text,
        owner_id=owners.people.ids[record.owner],
        status=record.status.value,
        validate_by=record.validate_by,
        raised_at=since,
        **owners.place(record),
    )
