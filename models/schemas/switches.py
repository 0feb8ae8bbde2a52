"""What of a program is sent, and to whom."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.dates import NotPast
from models.schemas.people import Line, PersonCard
from models.schemas.project import Place
from models.schemas.schema import Schema


class MessageKind(StrEnum):
    """What can be turned off for a program."""

    ASKS = "asks"
    CHECK_INS = "check_ins"
    ESCALATIONS = "escalations"
    ROLLUPS = "rollups"


KIND_WORDS: Mapping[MessageKind, str] = {
    MessageKind.ASKS: "asks",
    MessageKind.CHECK_INS: "check-ins",
    MessageKind.ESCALATIONS: "escalations",
    MessageKind.ROLLUPS: "rollups",
}


class Switch(Schema):
    model_config = ConfigDict(frozen=True)

    is_paused: bool = False
    muted: frozenset[MessageKind] = frozenset()
    dry_run_to: str | None = None
    """The Slack id of who gets everything instead, to look at."""

    def sends(self, kind: MessageKind) -> bool:
        return not self.is_paused and kind not in self.muted


class Pause(Schema):
    """Since when, until when and why nothing is sent."""

    model_config = ConfigDict(frozen=True)

    since: datetime
    until: date | None
    """The day on which it goes on; None until somebody resumes it."""
    by: PersonCard | None
    reason: str | None


class Switches(Schema):
    """How one program's switches stand."""

    model_config = ConfigDict(frozen=True)

    program: Place
    today: date
    pause: Pause | None
    muted: frozenset[MessageKind]
    dry_run_by: PersonCard | None

    @property
    def is_plain(self) -> bool:
        """Everything is sent, to everybody."""
        return self.pause is None and not self.muted and self.dry_run_by is None


class PausedProgram(Schema):
    model_config = ConfigDict(frozen=True)

    name: str
    until: date | None


class PauseDraft(Schema):
    """What the form asks for. Field names are also the block ids of the form."""

    reason: Annotated[Line, Field(min_length=3, max_length=200)]
    until: NotPast | None = None

    WORDS: ClassVar[dict[str, str]] = {
        "reason": "Say why, in 3 to 200 characters. Who is asked nothing meanwhile reads it.",
        "until": "Choose a date.",
    }
