"""The words of a redaction."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, StringConstraints

from models.schemas.people import Line
from models.schemas.schema import Schema

FIELD = "redacted"
"""Of the row of history that says so."""
REASONS = "reasons"
"""In the place of a column: why people did what its history tells."""


class RedactionDraft(Schema):
    WORDS: ClassVar[dict[str, str]] = {
        "fields": "Choose at least one text.",
        "reason": "Say in a few words why, without the words themselves.",
    }

    fields: Annotated[list[str], Field(min_length=1)]
    reason: Annotated[Line, StringConstraints(min_length=5, max_length=200)]


class Redactable(Schema):
    """A record and which of its texts hold words: a column's name, or `reasons`."""

    model_config = ConfigDict(frozen=True)

    kind: str
    id: int
    ref: str
    fields: list[str]
