"""The options of a decision as its row keeps them, after their names, scores or details were changed."""

from collections.abc import Mapping, Sequence
from typing import Any

from models.schemas.decision import Option

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def renamed(options: Sequence[Option], names: Sequence[str]) -> list[dict[str, Any]]:
    """An option keeps its letter and its scores by its name; as many new names as old ones left are new names of those.

    A letter that is free again is given out again only when all 26 were used.
    """
    known = {option.name: option for option in options}
    gone = [option for option in options if option.name not in names]
    new = [name for name in names if name not in known]
    if len(gone) == len(new):
        known |= dict(zip(new, gone, strict=True))
    used = {option.id for option in options}
    letters = iter([letter for letter in LETTERS if letter not in used] + [f"{n}" for n in range(1, 100)])
    return [
        _stored(known[name].model_copy(update={"name": name})) if name in known else {"id": next(letters), "name": name}
        for name in names
    ]


def scored(options: Sequence[Option], given: Mapping[str, Mapping[str, int]]) -> list[dict[str, Any]]:
    """What was not given stays as it was."""
    return [
        _stored(option.model_copy(update={"scores": {**option.scores, **given.get(option.id, {})}}))
        for option in options
    ]


def detailed(options: Sequence[Option], given: Mapping[str, Mapping[str, str | None]]) -> list[dict[str, Any]]:
    return [_stored(option.model_copy(update=dict(given.get(option.id, {})))) for option in options]


def _stored(option: Option) -> dict[str, Any]:
    """Without what is empty, as a new option is stored."""
    return option.model_dump(mode="json", exclude_defaults=True)
