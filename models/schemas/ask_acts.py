"""What people do with what they are asked: put it off, hand it over, or decline it."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.asks import AskRow, Owed
from models.schemas.home import AskKind
from models.schemas.people import Line, Paragraph, PersonCard, SlackUser
from models.schemas.project import Place
from models.schemas.register import ReasonDraft
from models.schemas.schema import Schema

KINDS_OF = {
    AskKind.READ_RISK: "risk",
    AskKind.REVIEW_RISK: "risk",
    AskKind.READ_ISSUE: "issue",
    AskKind.SOLVE_ISSUE: "issue",
    AskKind.SETTLE: "assumption",
    AskKind.MILESTONE: "milestone",
    AskKind.FINDING: "finding",
}
"""Records that can be handed over themselves, not this one ask alone."""


class Scope(StrEnum):
    ASK = "ask"
    RECORD = "record"


class SnoozeDraft(Schema):
    """Field names are the form's block ids."""

    until: date
    reason: Annotated[Line, Field(max_length=200)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "until": "Choose one of these days.",
        "reason": "Keep the reason under 200 characters.",
    }


class HandOverDraft(Schema):
    """Field names are the form's block ids."""

    to: SlackUser
    scope: Scope = Scope.ASK
    note: Annotated[Paragraph, Field(max_length=300)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "to": "Choose the person who takes it over.",
        "scope": "Choose what is handed over.",
        "note": "Keep the note under 300 characters.",
    }


class DeclineDraft(ReasonDraft):
    """Why somebody who was asked in another's place will not answer."""


class AskCard(Schema):
    """One ask as the person sees it who acts on it."""

    model_config = ConfigDict(frozen=True)

    row: AskRow
    what: Owed
    """With its link."""
    place: Place | None
    owner: PersonCard
    """Whose it is."""
    asked: PersonCard
    handed_to: PersonCard | None = None
    dates: list[date] = []
    """Until which it can be put off."""
    most_snoozes: int = 0
    hour: str = "10:00"
    watcher: PersonCard | None = None
    """Who sees a snooze: the program's manager, or the project's owner."""
    next_on_ladder: PersonCard | None = None
    """Who is asked next, where nobody answers."""
    set_by: PersonCard | None = None
    """Who set its date."""
    first_asked_at: datetime
    zone: str
    today: date
    """Of the reader."""

    @property
    def what_kind(self) -> str:
        return KINDS_OF[self.row.kind]

    @property
    def ref(self) -> str:
        return self.what.subject

    @property
    def is_own(self) -> bool:
        return self.owner.id == self.asked.id
