"""The words we use about milestones: a date that a project promised."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.dates import NotPast
from models.schemas.people import Paragraph, PersonCard
from models.schemas.plan import MilestoneStatus
from models.schemas.project import Place
from models.schemas.roles import Role
from models.schemas.schema import Schema

REASON_WORDS = "Say in 10 to 300 characters why the date moves."

STATE_WORDS = {
    MilestoneStatus.PLANNED: "Planned",
    MilestoneStatus.IN_PROGRESS: "In progress",
    MilestoneStatus.ACHIEVED: "Achieved",
    MilestoneStatus.MISSED: "Missed",
    MilestoneStatus.CANCELLED: "Cancelled",
}


class MilestoneKind(StrEnum):
    MILESTONE = "milestone"
    DELIVERABLE = "deliverable"
    GATE = "gate"


class RedateDraft(Schema):
    """A new date, with the reason that stays with it. Field names are the form's block ids."""

    due_on: NotPast
    reason: Annotated[Paragraph, Field(min_length=10, max_length=300)]

    WORDS: ClassVar[dict[str, str]] = {"due_on": "Choose the new date.", "reason": REASON_WORDS}


class Waiting(Schema):
    """Who waits for a milestone: another project until a date, or the milestone that follows."""

    model_config = ConfigDict(frozen=True)

    name: str
    """As typed: of the project, or of the following milestone."""
    by: date
    is_milestone: bool
    """It begins when this one is finished; else the date is a promise between projects."""


class MilestoneCard(Schema):
    """What a person is shown."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    place: Place | None
    title: str
    owner: PersonCard
    kind: MilestoneKind
    status: MilestoneStatus
    status_reason: str | None
    baseline_on: date | None
    due_on: date
    achieved_on: date | None
    slips: int
    """How often it moved to a later date."""
    moves: int
    waiting: list[Waiting] = []
    created_at: datetime
    version: int
    link: str | None = None
    author: None = None
    is_undone: bool = False

    @property
    def logged_at(self) -> datetime:
        return self.created_at

    @property
    def holders(self) -> dict[Role, list[PersonCard]]:
        return {Role.OWNER: [self.owner]}

    @property
    def slip(self) -> int:
        """Calendar days between the first baseline and the present date."""
        return (self.due_on - (self.baseline_on or self.due_on)).days
