"""Records that put something on a person's Home, written straight into the database: many of them, in any state."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.risk import score_values
from models.schemas.risk import RiskStatus
from models.tables import Assumption, Decision, Issue, Occurrence, Person, Project, Risk, ScheduleRule, StatusUpdate
from models.tables.unit import add_row

HOSTILE = "<!channel> <b> & co"
TODAY = date(2026, 3, 30)
NOON = datetime(2026, 3, 30, 16, tzinfo=UTC)
LONG_AGO = datetime(2026, 3, 2, 15, tzinfo=UTC)


def person(session: Session, handle: str) -> int:
    return session.scalars(select(Person.id).where(Person.handle == handle)).one()


def project(session: Session, name: str = "Ledger Migration") -> Project:
    return session.scalars(select(Project).where(Project.name == name)).one()


def add_project(session: Session, number: int, *, owner: int, name: str | None = None, **values: Any) -> int:
    defaults = {"name": name or f"Project {number} {HOSTILE}", "target_on": TODAY, "baseline_on": TODAY}
    return add_row(session, Project, number=number, owner_id=owner, created_at=LONG_AGO, **defaults | values)


def add_risk(
    session: Session,
    number: int,
    *,
    owner: int,
    score: tuple[int, int] = (3, 3),
    state: str = "treating",
    **values: Any,
) -> int:
    """One that needs nothing, unless `values` say so: acknowledged, reviewed in the future."""
    probability, impact = score
    defaults = {
        "title": f"Risk {number} {HOSTILE}",
        "category": "vendor",
        "probability": probability,
        "impact": impact,
        **score_values(None, RiskStatus(state), probability, impact),
        "inherent_probability": probability,
        "inherent_impact": impact,
        "status": state,
        "raised_at": LONG_AGO,
        "acknowledged_at": LONG_AGO,
        "next_review_on": TODAY + timedelta(days=14),
    }
    return add_row(session, Risk, number=number, owner_id=owner, **defaults | values)


def add_issue(session: Session, number: int, *, owner: int, severity: str = "sev3", **values: Any) -> int:
    defaults = {"title": f"Issue {number} {HOSTILE}", "opened_at": NOON, "status": "open"}
    return add_row(session, Issue, number=number, owner_id=owner, severity=severity, **defaults | values)


def add_decision(session: Session, number: int, *, approver: int, driver: int, **values: Any) -> int:
    options = [{"id": "A", "name": f"Wait {HOSTILE}"}, {"id": "B", "name": "Go"}]
    defaults = {
        "title": f"Decision {number} {HOSTILE}",
        "reversibility": "two_way",
        "options": options,
        "raised_at": LONG_AGO,
        "due_on": TODAY + timedelta(days=4),
        "status": "proposed",
    }
    return add_row(session, Decision, number=number, approver_id=approver, driver_id=driver, **defaults | values)


def add_assumption(session: Session, number: int, *, owner: int, **values: Any) -> int:
    defaults = {"title": f"Assumption {number} {HOSTILE}", "raised_at": LONG_AGO, "validate_by": TODAY}
    return add_row(session, Assumption, number=number, owner_id=owner, **defaults | values)


def add_update(session: Session, project_id: int, *, author: int, health: str, at: datetime, **values: Any) -> int:
    defaults = {"period": "2026-W13", "summary": "As before", "asks": []}
    return add_row(
        session, StatusUpdate, project_id=project_id, author_id=author, health=health, posted_at=at, **defaults | values
    )


def add_request(session: Session, project_id: int, *, owner: int, due_at: datetime, state: str = "open") -> int:
    rule = add_row(
        session,
        ScheduleRule,
        kind="status_request",
        project_id=project_id,
        weekday=3,
        local_time="10:00",
        tz="America/New_York",
        next_local_date=TODAY + timedelta(days=7),
    )
    return add_row(
        session,
        Occurrence,
        rule_id=rule,
        kind="status_request",
        project_id=project_id,
        local_date=TODAY,
        period="2026-W14",
        state=state,
        person_id=owner,
        open_at=LONG_AGO,
        due_at=due_at,
        close_at=due_at + timedelta(days=6),
    )


def one_of_each(session: Session, start: int, *, reader: int, other: int, place: Project) -> None:
    """Something of every kind that can wait for the reader, and that the reader can wait for: records from `start`."""
    here = {"project_id": place.id, "program_id": place.program_id}
    add_risk(session, start, owner=reader, state="identified", acknowledged_at=None, acknowledge_by=NOON, **here)
    add_risk(session, start + 1, owner=reader, score=(5, 5), next_review_on=TODAY - timedelta(days=3), **here)
    asked = {"close_asked_by_id": other, "close_asked_reason": f"Long gone {HOSTILE}"}
    add_risk(session, start + 2, owner=other, score=(4, 4), **asked, **here)
    add_issue(session, start, owner=reader, **here)
    late = {"opened_at": LONG_AGO, "status": "in_progress", "acknowledged_at": LONG_AGO}
    add_issue(session, start + 1, owner=reader, severity="sev1", **late, **here)
    add_decision(session, start, approver=reader, driver=other, **here)
    decided = {"status": "accepted", "chosen": "A", "decided_at": LONG_AGO, "outcome_review_on": TODAY}
    add_decision(session, start + 1, approver=other, driver=reader, **decided, **here)
    add_assumption(session, start, owner=reader, **here)
    own = add_project(session, 100 + start, owner=reader)
    add_request(session, own, owner=reader, due_at=NOON + timedelta(days=3))
    add_decision(session, start + 2, approver=other, driver=reader, **here)
    unread = {"state": "identified", "acknowledged_at": None, "acknowledge_by": NOON, "author_id": reader}
    add_risk(session, start + 3, owner=other, **unread, **here)
    add_risk(session, start + 4, owner=reader, close_asked_by_id=reader, project_id=None, program_id=place.program_id)
    add_issue(session, start + 2, owner=other, author_id=reader, **here)
