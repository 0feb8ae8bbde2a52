"""Options and criteria as a decision's row holds them: ours, or whatever an import brought."""

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from models.schemas.decision import Criterion, Option

DETAILS = ("pros", "cons", "cost")


def read_options(stored: object) -> list[Option]:
    """What has no id and name is none; what is no whole number is no score."""
    return [_option(each) for each in _objects(stored) if _is_named(each)]


def read_criteria(stored: object) -> list[Criterion]:
    """All of them or, when one of them cannot be weighed, none: totals without it would be wrong."""
    found = [_criterion(each) for each in _objects(stored)]
    names = [criterion.id for criterion in found if criterion]
    return [criterion for criterion in found if criterion] if len(set(names)) == len(found) else []


def _objects(stored: object) -> Sequence[dict[str, Any]]:
    return [each for each in stored if isinstance(each, dict)] if isinstance(stored, list) else []


def _is_named(each: dict[str, Any]) -> bool:
    return isinstance(each.get("id"), str) and isinstance(each.get("name"), str)


def _option(each: dict[str, Any]) -> Option:
    scores = each.get("scores")
    found = scores.items() if isinstance(scores, dict) else ()
    details = {name: _words(each.get(name)) for name in DETAILS}
    return Option(**each | details | {"scores": {name: score for name, score in found if type(score) is int}})


def _words(value: object) -> str | None:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or None
    return str(value) if value not in (None, "") else None


def _criterion(each: dict[str, Any]) -> Criterion | None:
    name, weight = each.get("id"), each.get("weight")
    if not isinstance(name, str) or isinstance(weight, bool) or not isinstance(weight, int | float | str):
        return None
    try:
        exact = Decimal(str(weight))
    except InvalidOperation:
        return None
    return Criterion(id=name, weight=exact) if exact.is_finite() and exact > 0 else None
