"""What a row of each kind of duty says: its date, since when it is asked for, and what its line shows."""

from datetime import time, timedelta
from typing import Any

from sqlalchemy import Row

from bot.domain.wall_time import instant
from bot.services.decision_reading import read_options
from bot.services.home_lists import READ_AFTER, Reader, by_its_opening, new_risk, scored
from models.schemas.decision import Reversibility
from models.schemas.finding import FindingSeverity
from models.schemas.issue import IssueStatus
from models.schemas.risk import RiskStatus
from models.schemas.status import Health

STILL_NEWS = timedelta(days=8)
"""An outcome whose day is longer past waits in the Home alone: an import brings old ones."""


def status(row: Row[Any], reader: Reader) -> dict[str, Any]:
    health = Health(row.health) if row.health else None
    return {
        "ref": f"project:{row.id}",
        "due_at": row.due_at,
        "health": health,
        "health_on": reader.date_of(row.health_at) if row.health_at else None,
        "figures": Health(row.figures) if row.figures else None,
        "opens_at": row.open_at,
        "closes_at": row.close_at,
    }


def read_risk(row: Row[Any], reader: Reader) -> dict[str, Any]:
    """Its owner got a line, or the card's mention, when it was logged."""
    return new_risk(row, reader) | {"opens_on": reader.date_of(row.raised_at), "opens_after": 1}


def review_risk(row: Row[Any], reader: Reader) -> dict[str, Any]:
    accepted = row.status == RiskStatus.ACCEPTED
    return scored(row, reader) | {"due_on": row.next_review_on, "is_accepted": accepted, "opens_on": row.next_review_on}


def close_risk(row: Row[Any], reader: Reader) -> dict[str, Any]:
    asked_at = row.asked_at or row.raised_at
    return scored(row, reader) | {
        "asked_by": row.handle,
        "reason": row.close_asked_reason,
        "sorted_by": reader.date_of(asked_at),
        "opens_at": asked_at,
    }


def read_issue(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return _issue(row, reader) | {"opens_on": reader.date_of(row.opened_at), "opens_after": 1}


def solve_issue(row: Row[Any], reader: Reader) -> dict[str, Any]:
    found = _issue(row, reader)
    return found | {"opens_on": found["due_on"], "opens_after": 1}


def _issue(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return by_its_opening(row, reader) | {"issue_status": IssueStatus(row.status)}


def decide(row: Row[Any], reader: Reader) -> dict[str, Any]:
    is_one_way = row.reversibility == Reversibility.ONE_WAY
    return {"due_on": row.due_on, "is_one_way": is_one_way, "opens_on": row.due_on}


def grade(row: Row[Any], reader: Reader) -> dict[str, Any]:
    chosen = (option.name for option in read_options(row.options) if option.id == row.chosen)
    day = row.outcome_review_on
    closes_at = instant(day + STILL_NEWS, time(), reader.person.tz) if day else None
    return {"due_on": day, "choice": next(chosen, None), "opens_on": day, "closes_at": closes_at}


def settle(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return {"due_on": row.validate_by, "opens_on": row.validate_by}


def milestone(row: Row[Any], reader: Reader) -> dict[str, Any]:
    own = row.project_owner_id == reader.person.id
    dates = {"due_on": row.due_on, "opens_on": row.due_on}
    return dates | {"place": row.project_name, "is_own_project": own, "waits": row.waits}


def finding(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return {"due_on": row.due_on, "opens_on": row.due_on, "finding_severity": FindingSeverity(row.severity)}


def check_in(row: Row[Any], reader: Reader) -> dict[str, Any]:
    return {
        "ref": f"checkin:{row.id}",
        "due_at": row.close_at,
        "opens_at": row.ask_at,
        "closes_at": row.close_at,
        "questions": len(row.questions),
    }


def read_status(row: Row[Any], reader: Reader) -> dict[str, Any]:
    posted = reader.date_of(row.posted_at)
    return {
        "ref": f"project:{row.number}",
        "health": Health.RED,
        "health_on": posted,
        "sorted_by": posted + timedelta(days=1),
        "opens_on": posted,
        "opens_after": READ_AFTER,
    }
