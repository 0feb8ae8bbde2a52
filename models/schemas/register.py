"""What all records of the register share."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from models.schemas.people import Paragraph

UNDONE = "undone"
"""The reason of what its author took back: the number stays used, and nobody is asked about it."""

REASON_WORDS = "Say why in 5 to 500 characters."


class ReasonDraft(BaseModel):
    """For the acts that need nothing but a reason."""

    reason: Annotated[Paragraph, Field(min_length=5, max_length=500)]

    WORDS: ClassVar[dict[str, str]] = {"reason": REASON_WORDS}
