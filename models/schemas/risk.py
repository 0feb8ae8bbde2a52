"""The words we use about risks."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.dates import NotPast
from models.schemas.escalation import EscalationLink
from models.schemas.people import Line, Paragraph, PersonCard, PlaceRef, SlackUser
from models.schemas.project import Place
from models.schemas.register import UNDONE
from models.schemas.roles import Role
from models.schemas.schema import Schema


class Band(StrEnum):
    EXTREME = "extreme"
    HIGH = "high"
    MODERATE = "moderate"
    LOW = "low"


class Kind(StrEnum):
    THREAT = "threat"
    OPPORTUNITY = "opportunity"


class Category(StrEnum):
    SCHEDULE = "schedule"
    REQUIREMENTS = "requirements"
    STAKEHOLDER = "stakeholder"
    RESOURCE = "resource"
    BUDGET = "budget"
    TECHNICAL = "technical"
    VENDOR = "vendor"
    SECURITY = "security"
    COMPLIANCE = "compliance"
    QUALITY = "quality"
    EXTERNAL = "external"
    ORGANIZATIONAL = "organizational"


class RiskStatus(StrEnum):
    IDENTIFIED = "identified"
    ASSESSED = "assessed"
    TREATING = "treating"
    MONITORING = "monitoring"
    ACCEPTED = "accepted"
    MATERIALISED = "materialised"
    CLOSED = "closed"
    REJECTED = "rejected"


ACTIVE = (
    RiskStatus.IDENTIFIED,
    RiskStatus.ASSESSED,
    RiskStatus.TREATING,
    RiskStatus.MONITORING,
    RiskStatus.ACCEPTED,
)

STATE_WORDS = {
    RiskStatus.IDENTIFIED: "New",
    RiskStatus.ASSESSED: "Assessed",
    RiskStatus.TREATING: "In treatment",
    RiskStatus.MONITORING: "Monitored",
    RiskStatus.ACCEPTED: "Accepted",
    RiskStatus.MATERIALISED: "Happened",
    RiskStatus.CLOSED: "Closed",
    RiskStatus.REJECTED: "Rejected",
}


class Strategy(StrEnum):
    """PMI's words; the first five answer a threat, the last five an opportunity."""

    AVOID = "avoid"
    TRANSFER = "transfer"
    MITIGATE = "mitigate"
    ACCEPT = "accept"
    ESCALATE = "escalate"
    EXPLOIT = "exploit"
    SHARE = "share"
    ENHANCE = "enhance"


STRATEGIES = {
    Kind.THREAT: (Strategy.AVOID, Strategy.TRANSFER, Strategy.MITIGATE, Strategy.ACCEPT, Strategy.ESCALATE),
    Kind.OPPORTUNITY: (Strategy.EXPLOIT, Strategy.SHARE, Strategy.ENHANCE, Strategy.ACCEPT, Strategy.ESCALATE),
}

Rating = Annotated[int, Field(ge=1, le=5)]


class RiskDraft(Schema):
    """What a person fills in. Field names are also the block ids of the form."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    project: PlaceRef
    probability: Rating
    impact: Rating
    category: Category
    owner: SlackUser
    statement: Annotated[Paragraph, Field(max_length=1000)] | None = None
    next_review_on: NotPast | None = None
    proximity_on: NotPast | None = None
    kind: Kind = Kind.THREAT

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what could happen in 5 to 150 characters.",
        "project": "Choose the project it belongs to.",
        "probability": "Choose how likely it is, from 1 to 5.",
        "impact": "Choose how hard it would hit, from 1 to 5.",
        "category": "Choose one of the categories.",
        "owner": "Choose the person who acts on it. It can be you.",
        "statement": "Keep cause and consequence under 1,000 characters.",
        "kind": "Choose Threat or Opportunity.",
    }


class IssueLink(Schema):
    """The issue that a risk became."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    title: str
    severity: str
    state: str
    """In words."""
    is_over: bool
    owner: PersonCard
    link: str | None


class RiskCard(Schema):
    """What a person is shown."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    """'R-12', always with the number people use."""
    place: Place | None
    kind: Kind
    title: str
    statement: str | None
    category: Category
    probability: int
    impact: int
    score: int
    """The rank of its cell, to compare with."""
    points: str
    """The score as its matrix prints it: '20', or '0.36'."""
    band: Band
    previous_points: str | None
    rescored_at: datetime | None
    target_probability: int | None
    target_impact: int | None
    target_band: Band | None
    target_points: str | None
    owner: PersonCard
    author: PersonCard | None
    status: RiskStatus
    response_strategy: str | None
    response_plan: str | None
    trigger: str | None
    proximity_on: date | None
    raised_at: datetime
    acknowledge_by: datetime | None
    acknowledged_at: datetime | None
    next_review_on: date | None
    status_reason: str | None
    accepted_by: PersonCard | None
    close_asked_by: PersonCard | None
    close_asked_reason: str | None
    cost_impact: int | None
    """In minor units."""
    schedule_days: int | None = None
    """Working days that it would cost or save, the most likely number."""
    source_url: str | None
    issue: IssueLink | None
    """What it became when it happened."""
    escalation: EscalationLink | None = None
    """What nobody answered, where it has passed its owner."""
    closed_at: datetime | None
    version: int
    link: str | None
    """Where its card stands in Slack, None while it stands nowhere."""

    @property
    def logged_at(self) -> datetime:
        return self.raised_at

    @property
    def holders(self) -> dict[Role, list[PersonCard]]:
        return {Role.OWNER: [self.owner], Role.AUTHOR: [self.author] if self.author else []}

    @property
    def is_undone(self) -> bool:
        """Taken back by its author."""
        return self.status is RiskStatus.REJECTED and self.status_reason == UNDONE

    @property
    def is_active(self) -> bool:
        return self.status in ACTIVE
