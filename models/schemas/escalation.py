"""The words we use about escalations: what nobody answers climbs."""

from datetime import date, datetime
from enum import IntEnum, StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.dates import NotPast
from models.schemas.people import Paragraph, PersonCard
from models.schemas.project import Place
from models.schemas.roles import Role
from models.schemas.schema import Schema


class Rule(StrEnum):
    """What fires (domain 4.3)."""

    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"
    E5 = "E5"
    E5B = "E5b"
    E6 = "E6"
    E7 = "E7"
    E8 = "E8"
    E9 = "E9"


RULE_NAMES = {
    Rule.E1: "unacknowledged",
    Rule.E2: "no_response_plan",
    Rule.E3: "review_overdue",
    Rule.E4: "decision_overdue",
    Rule.E5: "dependency_overdue",
    Rule.E5B: "dependency_uncommitted",
    Rule.E6: "status_missing",
    Rule.E7: "issue_sla",
    Rule.E8: "milestone_overdue",
    Rule.E9: "finding_overdue",
}
"""As a report prints them, behind the rule: 'E1_unacknowledged'."""


class EscalationState(StrEnum):
    PENDING = "pending"
    """Its deadline is to come."""
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


class Level(IntEnum):
    """Whose turn it is. The owner of the record comes before any escalation."""

    OWNER = 1
    LEAD = 2
    MANAGER = 3
    SPONSOR = 4


DATED = {Rule.E3, Rule.E4, Rule.E5, Rule.E5B, Rule.E8, Rule.E9}
"""What hangs on a date that can be moved."""


class Step(StrEnum):
    """Why somebody is named now."""

    BEGIN = "begin"
    CLIMB = "climb"
    AGAIN = "again"
    """It was acknowledged, and nothing came of it."""


class Waiting(Schema):
    """Who waits for the record."""

    model_config = ConfigDict(frozen=True)

    name: str
    ref: str | None = None
    link: str | None = None
    needed_by: date | None = None


class Subject(Schema):
    """The record that nobody answered for, as far as its escalation tells of it."""

    model_config = ConfigDict(frozen=True)

    kind: str
    id: int
    ref: str | None
    """'R-12'; None of what has a name alone."""
    title: str
    link: str | None = None
    grade: str | None = None
    """'Extreme' of a risk, 'sev1' of an issue, 'critical' of a finding."""
    state: str = ""
    """The word of its table."""
    due_on: date | None = None
    """The date that its rule counts from, as it is now."""
    owner: PersonCard | None = None
    provider: str | None = None
    """Of a dependency: who is to deliver."""
    waits: list[Waiting] = []
    baseline_on: date | None = None
    """Of a milestone."""


class EscalationCard(Schema):
    """What a person is shown."""

    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    """'ESC-24'"""
    rule: Rule
    subject: Subject
    place: Place
    status: EscalationState
    level: Level
    opened_at: datetime
    deadline_on: date
    deadline_at: datetime | None
    elapsed: int
    """Working days since the deadline, until now or its end."""
    notify: PersonCard
    role: str
    """What they are to it: 'project owner'."""
    instead_of: PersonCard | None
    informed: PersonCard | None
    next_person: PersonCard | None
    """None at the end of the ladder."""
    next_step_at: datetime | None
    next_on: date | None
    """The date of it in the program."""
    climbs: int
    stepped_at: datetime
    acknowledged_by: PersonCard | None
    acknowledged_at: datetime | None
    note: str | None
    reopens_on: date | None
    ack_window: int
    resolved_on: date | None
    resolved_by: PersonCard | None
    outcome: str | None
    outcome_more: str | None
    reason: str | None
    zone: str
    """Of the program."""
    channel: str | None
    listed_on: date | None
    posts: int
    version: int
    link: str | None
    """To its thread."""

    @property
    def is_open(self) -> bool:
        """Not at its end."""
        return self.status not in (EscalationState.RESOLVED, EscalationState.CANCELLED)

    @property
    def named(self) -> list[PersonCard]:
        """They see it; whoever answers for its place does anyway."""
        return [person for person in (self.notify, self.instead_of, self.subject.owner) if person is not None]

    @property
    def holders(self) -> dict[Role, list[PersonCard]]:
        return {Role.OWNER: self.named}

    @property
    def title(self) -> str:
        return self.subject.title

    @property
    def logged_at(self) -> datetime:
        return self.opened_at


class EscalationLink(Schema):
    """As the card of its record tells of it."""

    model_config = ConfigDict(frozen=True)

    ref: str
    rule: Rule
    deadline_on: date
    person: PersonCard
    """Who has it, or whose turn it is."""
    is_acknowledged: bool
    next_person: PersonCard | None
    next_on: date | None
    link: str | None


class NoteDraft(Schema):
    """What somebody does about it, in the words of its thread."""

    note: Annotated[Paragraph, Field(min_length=2, max_length=300)] | None = None

    WORDS: ClassVar[dict[str, str]] = {"note": "Keep it under 300 characters."}


class RedateDraft(Schema):
    new_due_on: NotPast
    reason: Annotated[Paragraph, Field(min_length=10, max_length=300)]

    WORDS: ClassVar[dict[str, str]] = {
        "new_due_on": "Choose the new date, today or later.",
        "reason": "Say why in 10 to 300 characters.",
    }
