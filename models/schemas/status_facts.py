"""What happened to a project's records since its last status."""

from datetime import date
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.schema import Schema


class News(StrEnum):
    RISK_NEW = "risk_new"
    RISK_RESCORED = "risk_rescored"
    RISK_UNREVIEWED = "risk_unreviewed"
    RISK_OVER = "risk_over"
    ISSUE_NEW = "issue_new"
    ISSUE_OVER = "issue_over"
    DECISION_OVERDUE = "decision_overdue"
    DECISION_MADE = "decision_made"


class Fact(Schema):
    model_config = ConfigDict(frozen=True)

    ref: str
    title: str
    link: str | None = None
    news: News
    size: str = ""
    """Band and points of an open risk, the state of one that is over, the severity of an issue."""
    was: str | None = None
    """The points before."""
    on: date | None = None
    """The date that has passed."""


class Facts(Schema):
    model_config = ConfigDict(frozen=True)

    worst: list[Fact] = []
    rest: int = 0
    """How many more there are."""
