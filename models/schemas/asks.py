"""The daily message: what people owe, who is asked for it, and what became of it."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.checkin import CheckinAsk
from models.schemas.decision import DecisionCard
from models.schemas.home import AskKind, HomeAsk
from models.schemas.people import PersonCard
from models.schemas.schema import Schema


class AskState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"
    OVER = "over"
    """Nobody has to answer it any more."""


class Handed(StrEnum):
    OFFERED = "offered"
    TAKEN = "taken"
    DECLINED = "declined"


PERSONAL = (AskKind.CHECK_IN, AskKind.READ_STATUS, AskKind.GRADE)
"""Asked of nobody else while its person is away."""

CONTINUING = (AskKind.FINDING, AskKind.SOLVE_ISSUE)
"""An update answers it for a while, and leaves it open."""

BY_TITLE = (AskKind.STATUS, AskKind.MILESTONE, AskKind.CHECK_IN, AskKind.READ_STATUS)
"""Known by its name; everything else by its number."""


class Owed(HomeAsk):
    """One thing that somebody owes, since when, and until when it can be asked for."""

    record_id: int
    """Of the kind's own table: of the request where a status is due."""
    person_id: int
    """Whose it is."""
    project_id: int | None = None
    program_id: int | None = None
    opens_at: datetime | None = None
    opens_on: date | None = None
    """Where it opens on a date: at the hour of the daily message."""
    opens_after: int = 0
    """Working days of its person after that date."""
    closes_at: datetime | None = None

    @property
    def key(self) -> str:
        """What, for which date, and whose: what moves to another date or person is asked anew."""
        return f"{self.kind}:{self.record_id}:{self.due_on or ''}:{self.person_id}"

    @property
    def due(self) -> datetime | date | None:
        return self.due_at or self.due_on or (self.sorted_by if self.kind is AskKind.CLOSE_RISK else self.opens_on)

    @property
    def subject(self) -> str:
        """How a line names it: 'R-12', or the name of a project."""
        return self.title if self.kind in BY_TITLE else self.ref


class AskRow(Schema):
    """What is remembered of one ask."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: int
    key: str
    base_key: str
    kind: AskKind
    record_id: int
    program_id: int | None
    project_id: int | None
    person_id: int
    asked_id: int
    state: AskState
    nudge: int
    first_asked_at: datetime
    asked_on: date
    subject: str
    snoozed_until: date | None
    snoozes: int
    snooze_reason: str | None
    handed_to_id: int | None
    handed_state: Handed | None
    handed_note: str | None
    handed_whole: bool
    handed_at: datetime | None = None
    declined_at: datetime | None
    declined_by_id: int | None
    declined_reason: str | None
    answered_at: datetime | None
    answered_by_id: int | None
    effect: str | None

    @property
    def taken_by(self) -> int | None:
        """Who was asked for it by its owner and said yes."""
        return self.handed_to_id if self.handed_state is Handed.TAKEN and not self.handed_whole else None


class AskLine(Schema):
    """One ask of a daily message."""

    model_config = ConfigDict(frozen=True)

    id: int
    what: Owed
    zone: str
    """Of the reader."""
    behalf_of: PersonCard | None = None
    """Who is away, or handed it over, or was declined for."""
    can_snooze: bool = True
    check_in: CheckinAsk | None = None
    may_decide: bool = True
    """False: who is asked instead of an absent approver, and is not their delegate, can name another one."""
    dry_run_for: PersonCard | None = None
    """Who would be asked, were this not a dry run."""


class Done(Schema):
    """What was answered today, and what that brought."""

    model_config = ConfigDict(frozen=True)

    kind: AskKind
    record_id: int = 0
    """Of the record; of the project where a status was posted."""
    subject: str
    link: str | None
    effect: str
    by: PersonCard | None = None
    """Where it was not the reader."""


class Covered(Schema):
    """Somebody whose asks the reader has: why, and until when."""

    model_config = ConfigDict(frozen=True)

    person: PersonCard
    until: date | None
    """The last day of their absence; None where they are not away."""
    is_delegate: bool


class WelcomeBack(Schema):
    """What was answered for somebody while they were away."""

    model_config = ConfigDict(frozen=True)

    absence_id: int
    start: date
    end: date
    done: list[Done]
    """In the order in which they were answered; each says by whom."""


class DailyAsk(Schema):
    """All that one person is asked on one of their days."""

    model_config = ConfigDict(frozen=True)

    person: PersonCard
    day: date
    left: list[AskLine]
    """The worst first; those on behalf of others before the reader's own."""
    done: list[Done]
    gone: int = 0
    """Named by this message, and not to be answered in it any more."""
    snoozed: list[tuple[str, date]] = []
    """Subjects, and until when."""
    covered: list[Covered] = []
    back: WelcomeBack | None = None
    decision: DecisionCard | None = None
    """Where it is all that is asked: shown in full."""
