"""What a person fills in to correct an assumption; refuting and reopening ask for a reason alone."""

from datetime import date
from typing import Annotated, ClassVar

from pydantic import Field

from models.schemas.people import Line, SlackUser
from models.schemas.schema import Schema


class AssumptionEditDraft(Schema):
    """A date that is past already may stay as it is: whether it was changed is for the act to see."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    owner: SlackUser
    validate_by: date

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what is taken for true in 5 to 150 characters.",
        "owner": "Choose the person who finds out. It can be you.",
        "validate_by": "Choose the date by which somebody should know.",
    }
