"""The words we use about decisions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

from models.schemas.dates import NotPast
from models.schemas.people import Line, Paragraph, PersonCard, PersonField, PlaceRef, SlackUser
from models.schemas.project import Place
from models.schemas.roles import Role

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


class DecisionDraft(BaseModel):
    """What a person fills in. Field names are also the block ids of the form."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    project: PlaceRef
    due_on: NotPast
    approver: SlackUser
    driver: SlackUser
    reversibility: Reversibility
    options: Annotated[Paragraph, AfterValidator(_few_short_options)] | None = None
    context: Annotated[Paragraph, Field(max_length=1000)] | None = None
    contributors: Annotated[list[str], PersonField()] = []

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what needs deciding in 5 to 150 characters.",
        "project": "Choose the project it belongs to.",
        "due_on": "Choose the date by which it is needed.",
        "approver": "Choose the one person who decides.",
        "driver": "Choose the person who prepares it.",
        "reversibility": "Choose how hard it is to undo.",
        "context": "Keep the background under 1,000 characters.",
    }


class Option(BaseModel):
    id: str
    name: str


class DecisionCard(BaseModel):
    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    place: Place | None
    title: str
    context: str | None
    driver: PersonCard
    approver: PersonCard
    author: PersonCard | None = None
    contributors: list[PersonCard]
    reversibility: Reversibility
    options: list[Option]
    raised_at: datetime
    due_on: date | None
    status: DecisionStatus
    chosen: str | None
    rationale: str | None
    decided_at: datetime | None
    superseded_by: str | None
    version: int
    link: str | None

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


class DecideDraft(BaseModel):
    """What an approver fills in."""

    chosen: str | None = None
    rationale: Annotated[Paragraph, Field(min_length=5, max_length=500)]

    WORDS: ClassVar[dict[str, str]] = {
        "chosen": "Choose one of the options.",
        "rationale": "Say why in 5 to 500 characters.",
    }
