"""The words we use about risks."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import BaseModel, ConfigDict, Field

from models.schemas.dates import NotPast
from models.schemas.people import Line, Paragraph, PersonCard, PlaceRef, SlackUser
from models.schemas.project import Place


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

Rating = Annotated[int, Field(ge=1, le=5)]


class RiskDraft(BaseModel):
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


class RiskCard(BaseModel):
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
    band: Band
    target_probability: int | None
    target_impact: int | None
    target_band: Band | None
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
    closed_at: datetime | None
    version: int
    link: str | None
    """Where its card stands in Slack, None while it stands nowhere."""

    @property
    def score(self) -> int:
        return self.probability * self.impact
