"""The words we use about assumptions."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.dates import NotPast
from models.schemas.people import Line, PersonCard, PlaceRef, SlackUser
from models.schemas.project import Place
from models.schemas.register import UNDONE
from models.schemas.roles import Role
from models.schemas.schema import Schema


class AssumptionStatus(StrEnum):
    UNVALIDATED = "unvalidated"
    VALIDATED = "validated"
    INVALIDATED = "invalidated"


STATE_WORDS = {
    AssumptionStatus.UNVALIDATED: "Not confirmed yet",
    AssumptionStatus.VALIDATED: "Confirmed",
    AssumptionStatus.INVALIDATED: "Refuted",
}

"""The reason of an assumption that its author took back: it is settled, and was never refuted."""


class AssumptionDraft(Schema):
    """What a person fills in. Field names are also the block ids of the form."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    project: PlaceRef
    owner: SlackUser
    validate_by: NotPast

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what is taken for true in 5 to 150 characters.",
        "project": "Choose the project it belongs to.",
        "owner": "Choose the person who finds out. It can be you.",
        "validate_by": "Choose the date by which somebody should know.",
    }


class AssumptionCard(Schema):
    """What a person is shown."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    place: Place | None
    title: str
    owner: PersonCard
    author: PersonCard | None
    status: AssumptionStatus
    validate_by: date | None
    raised_at: datetime
    settled_at: datetime | None
    """When it was confirmed or refuted."""
    status_reason: str | None
    source_url: str | None
    version: int
    link: str | None

    @property
    def is_undone(self) -> bool:
        return self.status is AssumptionStatus.INVALIDATED and self.status_reason == UNDONE

    @property
    def logged_at(self) -> datetime:
        return self.raised_at

    @property
    def holders(self) -> dict[Role, list[PersonCard]]:
        return {Role.OWNER: [self.owner], Role.AUTHOR: [self.author] if self.author else []}
