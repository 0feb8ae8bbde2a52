"""The words we use about searching."""

from datetime import date
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.schema import Schema

MOST_TYPED = 200
"""Characters that are searched for."""
MOST_WORDS = 10
LEAST_PREFIX = 3
"""Characters of the last word from which on it may be the beginning of a longer one."""
PAGE = 12
MOST_FOUND = 240
"""Results that can be paged through."""


class Found(StrEnum):
    """What a search finds; the order is that of equal dates."""

    RISK = "risk"
    ISSUE = "issue"
    DECISION = "decision"
    ASSUMPTION = "assumption"
    STATUS = "status"


class Phrase(Schema):
    """One word, or several that stand in this order."""

    model_config = ConfigDict(frozen=True)

    words: str
    begins: bool = False
    """Its last word may go on."""


class Hit(Schema):
    model_config = ConfigDict(frozen=True)

    kind: Found
    id: int
    ref: str
    """'R-12'; empty for a status update."""
    title: str
    """Of a status update, what it says."""
    state: str
    """In words; a health for a status update."""
    place: str
    on: date
    link: str | None


class Results(Schema):
    """A page of what was found, newest first."""

    model_config = ConfigDict(frozen=True)

    typed: str
    hits: list[Hit]
    found: int
    """One more than MOST_FOUND stands for 'over'."""
    page: int
    today: date

    @property
    def pages(self) -> int:
        return max(1, -(-min(self.found, MOST_FOUND) // PAGE))
