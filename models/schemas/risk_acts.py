"""What a person fills in to move a risk on: one draft for each act, its field names the form's block ids."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.dates import NotPast
from models.schemas.people import Line, Paragraph, SlackUser
from models.schemas.register import REASON_WORDS, ReasonDraft
from models.schemas.risk import Category, Kind, Rating, Strategy
from models.schemas.schema import Schema

LATER = "Choose the date on which it is looked at again."


class AcceptDraft(ReasonDraft):
    next_review_on: NotPast

    WORDS: ClassVar[dict[str, str]] = {"reason": REASON_WORDS, "next_review_on": "Choose the day on which it ends."}


class ResponseDraft(Schema):
    """The statement where there is none yet, and the response with what it should bring the risk to."""

    statement: Annotated[Paragraph, Field(min_length=10, max_length=1000)] | None = None
    response_strategy: Strategy
    response_plan: Annotated[Paragraph, Field(min_length=5, max_length=1000)]
    trigger: Annotated[Line, Field(max_length=200)] | None = None
    target_probability: Rating | None = None
    target_impact: Rating | None = Field(default=None, validate_default=True)
    next_review_on: NotPast

    WORDS: ClassVar[dict[str, str]] = {
        "statement": "Say what causes it and what follows, in 10 to 1,000 characters.",
        "response_strategy": "Choose how it is answered.",
        "response_plan": "Say what is done, who does it and by when, in 5 to 1,000 characters.",
        "trigger": "Keep the sign to watch under 200 characters.",
        "target_probability": "Choose from 1 to 5.",
        "target_impact": "Choose from 1 to 5.",
        "next_review_on": LATER,
    }

    @field_validator("target_impact")
    @classmethod
    def _a_target_has_both(cls, impact: int | None, info: ValidationInfo) -> int | None:
        if (impact is None) != (info.data.get("target_probability") is None):
            raise PydanticCustomError("say", "A target needs both, probability and impact.")
        return impact


class AssessDraft(Schema):
    """What an acknowledged risk still lacks: its statement, and the response where the owner has one already."""

    statement: Annotated[Paragraph, Field(min_length=10, max_length=1000)]
    response_strategy: Strategy | None = None
    response_plan: Annotated[Paragraph, Field(max_length=1000)] | None = Field(default=None, validate_default=True)
    next_review_on: NotPast | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "statement": "Say what causes it and what follows, in 10 to 1,000 characters.",
        "response_strategy": "Choose how it is answered.",
        "response_plan": "Keep the plan under 1,000 characters.",
        "next_review_on": LATER,
    }

    @field_validator("response_plan")
    @classmethod
    def _a_response_has_both(cls, plan: str | None, info: ValidationInfo) -> str | None:
        if bool(plan) != (info.data.get("response_strategy") is not None):
            raise PydanticCustomError("say", "A response needs both, how it is answered and what is done.")
        return plan


class ReviewDraft(Schema):
    """Confirm or change the score, and set the next date."""

    probability: Rating
    impact: Rating
    next_review_on: NotPast
    reason: Annotated[Paragraph, Field(max_length=500)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "probability": "Choose how likely it is, from 1 to 5.",
        "impact": "Choose how hard it would hit, from 1 to 5.",
        "next_review_on": LATER,
        "reason": "Keep it under 500 characters.",
    }


class EditDraft(Schema):
    """Everything that is recorded of a risk and is no transition."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    probability: Rating
    impact: Rating
    category: Category
    owner: SlackUser
    statement: Annotated[Paragraph, Field(max_length=1000)] | None = None
    trigger: Annotated[Line, Field(max_length=200)] | None = None
    next_review_on: date | None = None
    proximity_on: date | None = None
    cost_impact: Annotated[int, Field(ge=0, le=10**12)] | None = None
    """In whole major units of the program's currency; stored in minor ones, an opportunity's below zero."""
    schedule_days: Annotated[int, Field(ge=0, le=999)] | None = None
    """Working days, the most likely number."""
    kind: Kind = Kind.THREAT

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what could happen in 5 to 150 characters.",
        "probability": "Choose how likely it is, from 1 to 5.",
        "impact": "Choose how hard it would hit, from 1 to 5.",
        "category": "Choose one of the categories.",
        "owner": "Choose the person who acts on it. It can be you.",
        "statement": "Keep cause and consequence under 1,000 characters.",
        "trigger": "Keep the sign to watch under 200 characters.",
        "cost_impact": "Give a whole amount, without separators, as 180000.",
        "schedule_days": "Give whole working days, up to 999.",
        "kind": "Choose Threat or Opportunity.",
    }
