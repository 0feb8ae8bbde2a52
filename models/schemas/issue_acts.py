"""What a person fills in to move an issue on: one draft for each act that needs words."""

from typing import Annotated, ClassVar

from pydantic import BaseModel, Field

from models.schemas.issue import Severity
from models.schemas.people import Line, Paragraph, SlackUser


class IssueEditDraft(BaseModel):
    """Everything that is recorded of an issue and is no transition."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    severity: Severity
    owner: SlackUser
    workaround: Annotated[Paragraph, Field(max_length=1000)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what went wrong in 5 to 150 characters.",
        "severity": "Choose how bad it is, from sev1 to sev4.",
        "owner": "Choose the person who works on it. It can be you.",
        "workaround": "Keep the workaround under 1,000 characters.",
    }
