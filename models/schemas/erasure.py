"""The words of an erasure."""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, StringConstraints

from models.schemas.people import Line, PersonCard
from models.schemas.schema import Schema


class ErasureDraft(Schema):
    WORDS: ClassVar[dict[str, str]] = {"reason": "Say in a few words why, without a name."}

    reason: Annotated[Line, StringConstraints(min_length=5, max_length=200)]


class Erasure(Schema):
    """Who is erased, and what is still theirs."""

    model_config = ConfigDict(frozen=True)

    person: PersonCard
    owns: int = 0
    """Open records and projects that somebody else has to take over."""
    answers: int = 0
    """Check-in answers whose words go."""
    absences: int = 0
