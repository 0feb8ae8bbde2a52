"""A spreadsheet of risks or projects: which columns we read, what people call them, and what a row comes to."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import ConfigDict, Field

from models.schemas.people import Line, Paragraph, PersonCard
from models.schemas.portfolio_fields import Money
from models.schemas.project import Place, State
from models.schemas.risk import Category, Kind, Rating, RiskStatus, Strategy
from models.schemas.schema import Schema

MOST_ROWS = 100_000


class SheetKind(StrEnum):
    RISKS = "risks"
    PROJECTS = "projects"


@dataclass(frozen=True)
class SheetField:
    """`title` is the column's plain name, which an export writes; `also` are others that people write."""

    name: str
    title: str
    also: tuple[str, ...] = ()
    required: bool = False


RISK_FIELDS = (
    SheetField("id", "Id", ("risk id", "external id", "key")),
    SheetField("number", "Number", ("risk number", "ref")),
    SheetField("title", "Title", ("risk", "risk title", "name", "summary"), required=True),
    SheetField("project", "Project", ("project name",)),
    SheetField("program", "Program", ("programme",)),
    SheetField("kind", "Kind", ("type",)),
    SheetField("category", "Category"),
    SheetField("probability", "Probability", ("likelihood",), required=True),
    SheetField("impact", "Impact", ("consequence", "severity"), required=True),
    SheetField("owner", "Owner", ("risk owner", "assignee")),
    SheetField("status", "State", ("status",)),
    SheetField("statement", "Cause and consequence", ("statement", "description", "details")),
    SheetField("response_strategy", "Response", ("strategy", "response strategy", "treatment")),
    SheetField("response_plan", "Plan", ("mitigation", "mitigation plan", "response plan", "action plan")),
    SheetField("trigger", "Sign to watch", ("trigger",)),
    SheetField("target_probability", "Target probability", ("residual probability", "residual likelihood")),
    SheetField("target_impact", "Target impact", ("residual impact", "residual consequence")),
    SheetField("cost_impact", "Cost", ("cost impact", "exposure")),
    SheetField("proximity_on", "Could happen from", ("proximity",)),
    SheetField("next_review_on", "Review", ("review date", "next review")),
    SheetField("accepted_by", "Accepted by"),
    SheetField("rejected_reason", "Reason", ("status reason",)),
    SheetField("raised_at", "Raised", ("raised on", "created", "date raised")),
    SheetField("acknowledged_at", "Acknowledged"),
    SheetField("closed_at", "Closed", ("closed on", "date closed")),
)
PROJECT_FIELDS = (
    SheetField("id", "Id", ("project id", "external id", "key")),
    SheetField("number", "Number", ("project number", "ref")),
    SheetField("name", "Name", ("project", "project name", "title"), required=True),
    SheetField("program", "Program", ("programme",)),
    SheetField("owner", "Owner", ("project manager", "project owner", "lead", "assignee"), required=True),
    SheetField("backup", "Backup", ("deputy",)),
    SheetField("state", "State", ("status",)),
    SheetField("start_on", "Start", ("start date",)),
    SheetField("target_on", "Target date", ("target", "end date", "due date", "deadline")),
    SheetField("critical", "Critical"),
    SheetField("weight", "Weight"),
)
FIELDS = {SheetKind.RISKS: RISK_FIELDS, SheetKind.PROJECTS: PROJECT_FIELDS}


class RiskRow(Schema):
    """A risk as a row tells it; what the row leaves open is filled in."""

    model_config = ConfigDict(frozen=True)

    key: str
    """By which it is known again."""
    number: int | None = None
    """That its source gave it."""
    place: Place
    title: Annotated[Line, Field(min_length=1, max_length=150)]
    kind: Kind = Kind.THREAT
    category: Category
    probability: Rating
    impact: Rating
    owner: PersonCard
    status: RiskStatus = RiskStatus.IDENTIFIED
    statement: Annotated[Paragraph, Field(max_length=1000)] | None = None
    response_strategy: Strategy | None = None
    response_plan: Annotated[Paragraph, Field(max_length=1000)] | None = None
    trigger: Annotated[Line, Field(max_length=200)] | None = None
    target_probability: Rating | None = None
    target_impact: Rating | None = None
    cost_impact: Money | None = None
    """In major units."""
    proximity_on: date | None = None
    next_review_on: date | None = None
    accepted_by: PersonCard | None = None
    rejected_reason: Annotated[Paragraph, Field(max_length=500)] | None = None
    raised_at: datetime
    acknowledged_at: datetime | None = None
    closed_at: datetime | None = None


class ProjectRow(Schema):
    model_config = ConfigDict(frozen=True)

    key: str
    number: int | None = None
    name: Annotated[Line, Field(min_length=2, max_length=80)]
    program: Place | None = None
    owner: PersonCard
    backup: PersonCard | None = None
    state: State = State.ACTIVE
    start_on: date | None = None
    target_on: date | None = None
    critical: bool = False
    weight: Annotated[int, Field(ge=1, le=10)] = 1


class Verdict(StrEnum):
    NEW = "new"
    KNOWN = "known"
    REJECTED = "rejected"


@dataclass(frozen=True)
class PlannedRow:
    """What an import would do with a row. `row` counts as a spreadsheet does: the header is row 1."""

    row: int
    verdict: Verdict
    words: str
    """For the person who imports: "new risk 'Vendor slips', Ledger Migration, Extreme 20"."""
    draft: RiskRow | ProjectRow | None = None
