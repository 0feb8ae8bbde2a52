"""The people around the work in a portfolio file: stakeholders, what audits found, and check-ins of teams."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from models.schemas.people import Paragraph
from models.schemas.portfolio_fields import Instant, Name, PlacedRecord, Record, Strict

Step = Annotated[int, Field(ge=1, le=5)]
Engagement = Literal["unaware", "resistant", "neutral", "supportive", "leading"]


class StakeholderRecord(Record):
    name: Name
    """A handle of the file, or the name of somebody else."""
    handle: Name | None = None
    program: Name
    power: Step
    interest: Step
    engagement_current: Engagement
    engagement_desired: Engagement
    cadence_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    last_contact_on: datetime.date | None = None
    owner: Name
    channel_preference: Name | None = None
    notes: Paragraph | None = None


class FindingRecord(PlacedRecord):
    severity: Literal["critical", "major", "minor", "observation"]
    title: Name
    owner: Name
    raised_on: datetime.date
    due_on: datetime.date
    status: Literal["open", "in_remediation", "ready_for_verification", "closed", "risk_accepted"] = "open"
    status_reason: Paragraph | None = None
    evidence: Paragraph | None = None
    closed_on: datetime.date | None = None


class CheckinRecord(Strict):
    """What somebody said on a day of theirs."""

    project: Name
    person: Name
    date: datetime.date
    answered_at: Instant
    yesterday: Paragraph | None = None
    today: Paragraph | None = None
    blocker: Paragraph | None = None
    blocker_resolved_on: datetime.date | None = None
    mood: Step | None = None

    @property
    def id(self) -> str:
        return f"{self.project}, {self.person}, {self.date}"
