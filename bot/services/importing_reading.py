"""Reading a portfolio file: either a whole portfolio, or everything that is wrong with it, row by row."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bot.domain.slack_text import storable
from bot.services.importing_checks import IDENTITY, KINDS, problems_in
from bot.services.importing_problem import InvalidPortfolio, Problem
from models.schemas.portfolio import Portfolio

WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not a field of this kind, so it would be lost",
    "string_type": "should be text",
    "string_too_short": "is too short: {min_length} or more are needed",
    "string_too_long": "is too long: {max_length} or fewer fit",
    "too_short": "is too short: {min_length} or more are needed",
    "too_long": "is too long: {max_length} or fewer fit",
    "string_pattern_mismatch": "should be a week such as 2026-W13",
    "int_type": "should be a whole number",
    "int_parsing": "should be a whole number",
    "int_from_float": "should be a whole number",
    "bool_type": "should be true or false",
    "bool_parsing": "should be true or false",
    "decimal_type": "should be an amount",
    "decimal_parsing": "should be an amount",
    "decimal_max_places": "should have at most {decimal_places} decimals",
    "greater_than_equal": "should be {ge} or more",
    "less_than_equal": "should be {le} or less",
    "enum": "should be {expected}",
    "literal_error": "should be {expected}",
    "list_type": "should be a list",
    "dict_type": "should be an object",
    "model_type": "should be an object",
    "timezone_aware": "should say its time zone, as 2026-03-30T13:00:00Z does",
    "datetime_type": "should be an instant such as 2026-03-30T13:00:00Z",
    "datetime_parsing": "should be an instant such as 2026-03-30T13:00:00Z",
    "datetime_from_date_parsing": "should be an instant such as 2026-03-30T13:00:00Z",
    "date_type": "should be a date such as 2026-03-30",
    "date_parsing": "should be a date such as 2026-03-30",
    "date_from_datetime_parsing": "should be a date such as 2026-03-30",
    "date_from_datetime_inexact": "should be a date such as 2026-03-30",
}
"""What a validator found, in words for the person who wrote the file."""


def read_portfolio(data: object) -> Portfolio:
    """Raises InvalidPortfolio with all that is wrong, in the records' own fields and between them."""
    data = _storable(data)
    try:
        return Portfolio.model_validate(data)
    except ValidationError as error:
        details = error.errors(include_url=False)
        problems = [_problem(detail, data) for detail in details]
        raise InvalidPortfolio(problems + _problems_of_the_rest(data, details)) from None


def _storable(data: Any) -> Any:
    """Without the characters that no database takes."""
    if isinstance(data, Mapping):
        return {_storable(key): _storable(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_storable(each) for each in data]
    return storable(data) if isinstance(data, str) else data


def _problem(detail: ErrorDetails, data: object) -> Problem:
    kind, *inside = detail["loc"] or ("file",)
    known = WORDS.get(detail["type"])
    words = known.format(**detail.get("ctx", {})) if known else detail["msg"]
    row = inside.pop(0) if inside else ""
    return Problem(str(kind), _id_of(data, str(kind), row), ".".join(str(part) for part in inside), words)


def _id_of(data: object, kind: str, row: int | str) -> str:
    """The record's own id, or its place in the list where it has none."""
    if not isinstance(row, int):
        return row
    assert isinstance(data, Mapping)
    record = data[kind][row]
    name = record.get(IDENTITY.get(kind, "id")) if isinstance(record, Mapping) else None
    return name if isinstance(name, str) and name.strip() else f"(row {row + 1})"


def _problems_of_the_rest(data: object, details: list[ErrorDetails]) -> list[Problem]:
    """Names and contradictions among the sound records, so that a person mends a file once."""
    broken = {detail["loc"][:2] for detail in details}
    if not isinstance(data, Mapping) or not all(len(row) == 2 and row[0] in KINDS for row in broken):
        return []
    sound: dict[str, Any] = dict(data)
    left_out: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for kind in {str(row[0]) for row in broken}:
        sound[kind] = [record for n, record in enumerate(data[kind]) if (kind, n) not in broken]
        left_out[kind] = {_id_of(data, kind, n) for n in range(len(data[kind])) if (kind, n) in broken}
    return problems_in(Portfolio.model_validate(sound), also=left_out)
