"""The words we use about what audits find."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from models.schemas.people import Paragraph, PersonCard
from models.schemas.project import Place
from models.schemas.roles import Role
from models.schemas.schema import Schema


class FindingSeverity(StrEnum):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class FindingStatus(StrEnum):
    OPEN = "open"
    IN_REMEDIATION = "in_remediation"
    READY_FOR_VERIFICATION = "ready_for_verification"
    CLOSED = "closed"
    RISK_ACCEPTED = "risk_accepted"


STATE_WORDS = {
    FindingStatus.OPEN: "Open",
    FindingStatus.IN_REMEDIATION: "In remediation",
    FindingStatus.READY_FOR_VERIFICATION: "Ready for verification",
    FindingStatus.CLOSED: "Closed",
    FindingStatus.RISK_ACCEPTED: "Risk accepted",
}

WITH_OWNER = (FindingStatus.OPEN, FindingStatus.IN_REMEDIATION)
"""Its owner has something to do: afterwards others look at it."""

ITS_OWNERS = (FindingStatus.IN_REMEDIATION, FindingStatus.READY_FOR_VERIFICATION)
"""What its owner may say that it is; whoever closes it is somebody else."""

MIN_EVIDENCE = 5


class FindingUpdateDraft(Schema):
    """What changed on it. Field names are the form's block ids."""

    note: Annotated[Paragraph, Field(min_length=5, max_length=500)]
    state: FindingStatus
    evidence: Annotated[Paragraph, Field(max_length=500)] | None = Field(default=None, validate_default=True)

    WORDS: ClassVar[dict[str, str]] = {
        "note": "Say in 5 to 500 characters what changed.",
        "state": "Choose how it stands.",
        "evidence": "Keep the evidence under 500 characters.",
    }

    @field_validator("state")
    @classmethod
    def _is_its_owners(cls, state: FindingStatus) -> FindingStatus:
        if state not in ITS_OWNERS:
            raise PydanticCustomError("say", "Choose In remediation or Ready for verification.")
        return state

    @field_validator("evidence")
    @classmethod
    def _ready_needs_evidence(cls, evidence: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("state") is FindingStatus.READY_FOR_VERIFICATION and len(evidence or "") < MIN_EVIDENCE:
            raise PydanticCustomError("say", "Say where whoever verifies it can see that it is mended.")
        return evidence


class FindingCard(Schema):
    """What a person is shown."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    place: Place | None
    title: str
    owner: PersonCard
    severity: FindingSeverity
    status: FindingStatus
    status_reason: str | None
    """What its owner said last."""
    evidence: str | None
    raised_on: date
    due_on: date
    raised_at: datetime
    version: int
    link: str | None = None
    author: None = None
    is_undone: bool = False

    @property
    def logged_at(self) -> datetime:
        return self.raised_at

    @property
    def holders(self) -> dict[Role, list[PersonCard]]:
        return {Role.OWNER: [self.owner]}
