"""Numbers as they are told: rounded half up where they come in, and written as plain JSON numbers."""

from decimal import Decimal
from typing import Annotated

from pydantic import ConfigDict, PlainSerializer

from models.schemas.schema import Schema


def _plain(value: Decimal) -> int | float:
    return int(value) if value == value.to_integral_value() else float(value)


Number = Annotated[Decimal, PlainSerializer(float, when_used="json")]
Whole = Annotated[Decimal, PlainSerializer(_plain, when_used="json")]
"""Without a fraction where it has none."""


class Part(Schema):
    model_config = ConfigDict(frozen=True)
