"""The words we use about issues: what has gone wrong already."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.people import Line, Paragraph, PersonCard, PlaceRef, SlackUser
from models.schemas.project import Place
from models.schemas.register import UNDONE
from models.schemas.roles import Role
from models.schemas.schema import Schema


class Severity(StrEnum):
    SEV1 = "sev1"
    SEV2 = "sev2"
    SEV3 = "sev3"
    SEV4 = "sev4"


class IssueStatus(StrEnum):
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    RESOLVED = "resolved"
    CLOSED = "closed"
    WONT_FIX = "wont_fix"


STATE_WORDS = {
    IssueStatus.OPEN: "Open",
    IssueStatus.IN_PROGRESS: "In progress",
    IssueStatus.BLOCKED: "Blocked",
    IssueStatus.RESOLVED: "Resolved",
    IssueStatus.CLOSED: "Closed",
    IssueStatus.WONT_FIX: "Dropped",
}
UNRESOLVED = (IssueStatus.OPEN, IssueStatus.IN_PROGRESS, IssueStatus.BLOCKED)


class HappenDraft(Schema):
    """What an issue cannot do without; a risk that happened asks for no more. Field names are the form's block ids."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    severity: Severity
    owner: SlackUser

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what went wrong in 5 to 150 characters.",
        "severity": "Choose how bad it is, from sev1 to sev4.",
        "owner": "Choose the person who works on it. It can be you.",
    }


class IssueEditDraft(HappenDraft):
    """Everything that is recorded of an issue and is no transition."""

    workaround: Annotated[Paragraph, Field(max_length=1000)] | None = None

    WORDS: ClassVar[dict[str, str]] = {
        **HappenDraft.WORDS,
        "workaround": "Keep the workaround under 1,000 characters.",
    }


class IssueDraft(IssueEditDraft):
    """What a person fills in to log one."""

    project: PlaceRef

    WORDS: ClassVar[dict[str, str]] = {**IssueEditDraft.WORDS, "project": "Choose the project it belongs to."}


class IssueCard(Schema):
    """What a person is shown."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    place: Place | None
    title: str
    severity: Severity
    owner: PersonCard
    author: PersonCard | None
    status: IssueStatus
    opened_at: datetime
    acknowledged_at: datetime | None
    resolved_at: datetime | None
    closed_at: datetime | None
    resolve_by: date
    """When rule E7 wants it resolved, in its program's working days."""
    closes_on: date | None
    """When a resolved one closes by itself."""
    from_risk: str | None
    """'R-12', the risk that happened."""
    from_risk_id: int | None
    from_risk_link: str | None
    workaround: str | None
    status_reason: str | None
    source_url: str | None
    version: int
    link: str | None

    @property
    def is_open(self) -> bool:
        return self.status in UNRESOLVED

    @property
    def is_undone(self) -> bool:
        return self.status is IssueStatus.WONT_FIX and self.status_reason == UNDONE

    @property
    def logged_at(self) -> datetime:
        return self.opened_at

    @property
    def holders(self) -> dict[Role, list[PersonCard]]:
        return {Role.OWNER: [self.owner], Role.AUTHOR: [self.author] if self.author else []}
