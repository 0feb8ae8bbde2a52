"""The words we use about decisions."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from models.schemas.dates import NotPast
from models.schemas.people import Line, Paragraph, PersonCard, PersonField, PlaceRef, SlackUser
from models.schemas.project import Place
from models.schemas.register import UNDONE
from models.schemas.roles import Role
from models.schemas.schema import Schema

MAX_OPTIONS = 10
MAX_OPTION_LENGTH = 80


class Reversibility(StrEnum):
    TWO_WAY = "two_way"
    ONE_WAY = "one_way"


class DecisionStatus(StrEnum):
    DRAFT = "draft"
    PROPOSED = "proposed"
    IN_REVIEW = "in_review"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    DEFERRED = "deferred"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    DEPRECATED = "deprecated"


STATE_WORDS = {
    DecisionStatus.DRAFT: "Draft",
    DecisionStatus.PROPOSED: "Decision needed",
    DecisionStatus.IN_REVIEW: "In review",
    DecisionStatus.ACCEPTED: "Decided",
    DecisionStatus.REJECTED: "Rejected",
    DecisionStatus.DEFERRED: "Deferred",
    DecisionStatus.WITHDRAWN: "Withdrawn",
    DecisionStatus.SUPERSEDED: "Superseded",
    DecisionStatus.DEPRECATED: "No longer applies",
}
OPEN = (DecisionStatus.PROPOSED, DecisionStatus.IN_REVIEW)
UNDECIDED = (DecisionStatus.DRAFT, *OPEN, DecisionStatus.DEFERRED)
"""Its text can still be changed."""
FROZEN = (DecisionStatus.ACCEPTED, DecisionStatus.SUPERSEDED, DecisionStatus.DEPRECATED)
"""It was accepted once: its text stays as it was, its outcome can be told."""


class Grade(StrEnum):
    """How a decision turned out."""

    BETTER = "better"
    AS_EXPECTED = "as_expected"
    WORSE = "worse"
    REVERSED = "reversed"


GRADE_WORDS = {
    Grade.BETTER: "better than expected",
    Grade.AS_EXPECTED: "as expected",
    Grade.WORSE: "worse than expected",
    Grade.REVERSED: "reversed",
}


def _few_short_options(text: str) -> str:
    names = option_names(text)
    if len(names) > MAX_OPTIONS:
        raise PydanticCustomError("say", "Name at most {most} options.", {"most": MAX_OPTIONS})
    too_long = next((name for name in names if len(name) > MAX_OPTION_LENGTH), None)
    if too_long:
        raise PydanticCustomError(
            "say",
            "Keep each option under {most} characters. This one is too long: {start}…",
            {"most": MAX_OPTION_LENGTH, "start": too_long[:30]},
        )
    return text


def option_names(text: str) -> list[str]:
    """One option a line, empty lines and repetitions left out."""
    return list(dict.fromkeys(" ".join(line.split()) for line in text.splitlines() if line.strip()))


class EditDraft(Schema):
    """What is recorded of a decision while it is open. Field names are also the block ids of the form."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    due_on: date
    approver: SlackUser
    driver: SlackUser
    reversibility: Reversibility
    options: Annotated[Paragraph, AfterValidator(_few_short_options)] | None = None
    context: Annotated[Paragraph, Field(max_length=1000)] | None = None
    contributors: Annotated[list[str], PersonField()] = []
    informed: Annotated[list[str], PersonField()] = []

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what needs deciding in 5 to 150 characters.",
        "project": "Choose the project it belongs to.",
        "due_on": "Choose the date by which it is needed.",
        "approver": "Choose the one person who decides.",
        "driver": "Choose the person who prepares it.",
        "reversibility": "Choose how hard it is to undo.",
        "context": "Keep the background under 1,000 characters.",
    }


class DecisionDraft(EditDraft):
    """What a person fills in to ask for a decision."""

    project: PlaceRef
    due_on: NotPast


class Option(Schema):
    """What an import knew of it besides stays with it."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str
    name: str
    pros: str | None = None
    cons: str | None = None
    cost: str | None = None
    scores: dict[str, int] = {}
    """By criterion; what has no score is missing, never zero."""


class Criterion(Schema):
    model_config = ConfigDict(frozen=True)

    id: str
    """Its name."""
    weight: Decimal


class DecisionLink(Schema):
    """The decision before or after this one. Title and choice are None where they stand in another place."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    title: str | None
    choice: str | None
    decided_at: datetime | None
    link: str | None


class DecisionCard(Schema):
    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    place: Place | None
    title: str
    context: str | None
    driver: PersonCard
    approver: PersonCard
    decided_by: PersonCard | None = None
    """Who decided in the place of an absent approver."""
    author: PersonCard | None = None
    contributors: list[PersonCard]
    informed: list[PersonCard] = []
    informed_elsewhere: list[str] = []
    """Names that an import brought and that are no people here, such as channels."""
    reversibility: Reversibility
    options: list[Option]
    criteria: list[Criterion] = []
    raised_at: datetime
    due_on: date | None
    status: DecisionStatus
    status_reason: str | None = None
    chosen: str | None
    rationale: str | None
    decided_at: datetime | None
    supersedes: DecisionLink | None = None
    superseded_by: DecisionLink | None = None
    source_url: str | None = None
    outcome_review_on: date | None = None
    outcome: str | None = None
    outcome_grade: Grade | None = None
    version: int
    link: str | None

    @property
    def is_undone(self) -> bool:
        return self.status is DecisionStatus.WITHDRAWN and self.status_reason == UNDONE

    @property
    def logged_at(self) -> datetime:
        return self.raised_at

    @property
    def holders(self) -> dict[Role, list[PersonCard]]:
        return {
            Role.DRIVER: [self.driver],
            Role.APPROVER: [self.approver],
            Role.CONTRIBUTOR: self.contributors,
            Role.AUTHOR: [self.author] if self.author else [],
        }

    @property
    def chosen_option(self) -> Option | None:
        return next((option for option in self.options if option.id == self.chosen), None)

    @property
    def is_open(self) -> bool:
        return self.status in OPEN

    @property
    def is_undecided(self) -> bool:
        return self.status in UNDECIDED

    @property
    def zone(self) -> str:
        """Whose calendar its dates are read by."""
        return self.place.tz if self.place else self.approver.tz
