"""What a person fills in to move a decision on: one draft for each act, its field names the form's block ids."""

import re
from decimal import Decimal
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from models.schemas.dates import NotPast
from models.schemas.decision import Criterion, Grade
from models.schemas.people import Paragraph
from models.schemas.register import REASON_WORDS, ReasonDraft
from models.schemas.schema import Schema

MAX_CRITERIA = 5
MAX_CRITERION_LENGTH = 20
MOST_WEIGHT = 1000
_WEIGHT = re.compile(r"[0-9]{1,4}(\.[0-9]{1,2})?")


class DeferDraft(ReasonDraft):
    due_on: NotPast

    WORDS: ClassVar[dict[str, str]] = {"reason": REASON_WORDS, "due_on": "Choose the day on which it comes back."}


class DecideDraft(Schema):
    """What an approver fills in."""

    chosen: str | None = None
    rationale: Annotated[Paragraph, Field(min_length=10, max_length=1000)]
    outcome_review_on: NotPast | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "chosen": "Choose one of the options.",
        "rationale": "Say why in 10 to 1,000 characters.",
        "outcome_review_on": "Choose a date.",
    }


class GradeDraft(Schema):
    """Whether it worked."""

    outcome: Annotated[Paragraph, Field(min_length=5, max_length=500)]
    outcome_grade: Grade

    WORDS: ClassVar[dict[str, str]] = {
        "outcome": "Say what came of it in 5 to 500 characters.",
        "outcome_grade": "Choose how it turned out.",
    }


def read_criteria(text: str) -> list[Criterion]:
    """'risk 40' a line, also as 'risk: 40%'. Raises PydanticCustomError with words for the person."""
    found: dict[str, Criterion] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        criterion = _criterion(line)
        if criterion.id.casefold() in found:
            raise PydanticCustomError("say", "{name} stands there twice.", {"name": criterion.id})
        found[criterion.id.casefold()] = criterion
    if len(found) > MAX_CRITERIA:
        raise PydanticCustomError("say", "Name at most {most} criteria.", {"most": MAX_CRITERIA})
    return list(found.values())


def _criterion(line: str) -> Criterion:
    words = " ".join(line.replace(":", " ").replace("=", " ").split()).removesuffix("%").rstrip()
    name, _, weight = words.rpartition(" ")
    if not name or not _WEIGHT.fullmatch(weight):
        raise PydanticCustomError(
            "say", "Give each a weight, as in: risk 40. This line has none: {line}", {"line": line.strip()[:40]}
        )
    if len(name) > MAX_CRITERION_LENGTH:
        raise PydanticCustomError(
            "say",
            "Keep each name under {most} characters. This one is too long: {name}…",
            {"most": MAX_CRITERION_LENGTH, "name": name[:30]},
        )
    if not 0 < Decimal(weight) <= MOST_WEIGHT:
        raise PydanticCustomError(
            "say", "The weight of {name} is above 0 and at most {most}.", {"name": name, "most": MOST_WEIGHT}
        )
    return Criterion(id=name, weight=Decimal(weight))


def _as_criteria(text: str) -> str:
    read_criteria(text)
    return text


class CriteriaDraft(Schema):
    criteria: Annotated[Paragraph, Field(max_length=500), AfterValidator(_as_criteria)] | None = None
    """Empty: they are taken away, and with them the matrix."""

    WORDS: ClassVar[dict[str, str]] = {"criteria": "Keep it under 500 characters."}


STEPS = ("1", "2", "3", "4", "5")
"""Of a score, as a form sends them."""
DETAILS = {"pros": 200, "cons": 200, "cost": 60}
"""What is said of an option, and in how many characters at most."""


def score_field(option_at: int, criterion_at: int) -> str:
    """Block ids of the score form count options and criteria: their names may hold any character."""
    return f"score_{option_at}_{criterion_at}"


def detail_field(name: str, option_at: int) -> str:
    return f"{name}_{option_at}"


class ScoreDraft(Schema):
    """Scores by option and criterion, those that were given."""

    model_config = ConfigDict(frozen=True)

    scores: dict[str, dict[str, Annotated[int, Field(ge=1, le=5)]]]


class DetailsDraft(Schema):
    """By option: what speaks for it, what against, what it costs."""

    model_config = ConfigDict(frozen=True)

    details: dict[str, dict[str, str | None]]


def plain_weight(weight: Decimal) -> int | float:
    """As JSON holds it; two decimals come back as they were typed."""
    return int(weight) if weight == int(weight) else float(weight)


def stored_criteria(criteria: list[Criterion]) -> list[dict[str, Any]]:
    return [{"id": criterion.id, "weight": plain_weight(criterion.weight)} for criterion in criteria]
