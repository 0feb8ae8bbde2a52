"""Reading the forms whose fields are a decision's own options and criteria."""

import zlib
from collections.abc import Mapping
from typing import Any

from bot.errors import InvalidForm, UserError
from models.schemas.decision import DecisionCard
from models.schemas.decision_acts import (
    DETAILS,
    MAX_CRITERIA,
    STEPS,
    DetailsDraft,
    ScoreDraft,
    detail_field,
    score_field,
)

MOST_CRITERIA = 25
"""An import may bring more than ours; a page of scores holds one option by so many."""


def shape_of(decision: DecisionCard) -> int:
    """A short number for what the fields stand for: a form that was opened before they changed is told apart."""
    options = ["\0".join((option.id, option.name)) for option in decision.options]
    return zlib.crc32("\1".join([*options, "\2", *(criterion.id for criterion in decision.criteria)]).encode())


def require_scorable(decision: DecisionCard) -> None:
    if not decision.options:
        raise UserError(f"{decision.ref} has no options yet. Press Edit on its card to name them, one a line.")
    if not decision.criteria:
        raise UserError(f"{decision.ref} has no criteria yet. Press Show options on its card, then Edit criteria.")
    if len(decision.criteria) > MOST_CRITERIA:
        raise UserError(f"{decision.ref} has more criteria than a form holds. Leave the heaviest {MAX_CRITERIA} first.")


def read_scores(decision: DecisionCard, values: Mapping[str, Any]) -> ScoreDraft:
    """What was left empty is not given. Raises InvalidForm for what is no step of the scale."""
    scores: dict[str, dict[str, int]] = {}
    problems: dict[str, str] = {}
    for option_at, option in enumerate(decision.options):
        for criterion_at, criterion in enumerate(decision.criteria):
            name = score_field(option_at, criterion_at)
            given = values.get(name)
            if given in STEPS:
                scores.setdefault(option.id, {})[criterion.id] = int(given)
            elif given is not None:
                problems[name] = "Choose from 1 to 5."
    if problems:
        raise InvalidForm(problems)
    return ScoreDraft(scores=scores)


def read_details(decision: DecisionCard, values: Mapping[str, Any]) -> DetailsDraft:
    """What was left empty is taken away."""
    details: dict[str, dict[str, str | None]] = {}
    problems: dict[str, str] = {}
    for at, option in enumerate(decision.options):
        for name, most in DETAILS.items():
            words = " ".join(str(values.get(detail_field(name, at)) or "").split())
            details.setdefault(option.id, {})[name] = words or None
            if len(words) > most:
                problems[detail_field(name, at)] = f"Keep it under {most} characters."
    if problems:
        raise InvalidForm(problems)
    return DetailsDraft(details=details)


def require_same(decision: DecisionCard, shape: object) -> None:
    """What the fields of a form stand for is still so."""
    if shape != shape_of(decision):
        raise UserError("The options or the criteria were changed meanwhile. Close this form and open it again.")
