"""What will be sent, to whom, when in their time, and why."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.escalation import Level, Rule
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.schemas.schema import Schema

PREVIEW_DAYS = 14


class ComingKind(StrEnum):
    ASK = "ask"
    CHECK_IN = "check_in"
    ROLLUP = "rollup"
    ESCALATION = "escalation"
    HOW_WELL = "how_well"
    """How asking went last month, for a program's manager: it asks nothing."""


class Coming(Schema):
    """One thing that will be sent: a line of somebody's daily message, or a post in a channel."""

    model_config = ConfigDict(frozen=True)

    at: datetime
    """When, if nobody answers anything before."""
    zone: str
    """In whose time."""
    day: date
    """Their date then."""
    kind: ComingKind
    person: PersonCard | None = None
    """Who gets it; of an escalation who is named in it."""
    channel: str | None = None
    """Where it is posted; None: it stands in the person's daily message."""
    channel_name: str | None = None
    place: Place | None = None
    is_conditional: bool = False
    """It comes only if something is not answered before."""
    ask: AskKind | None = None
    subject: str = ""
    """'R-12', or the name of a project, a team or a record, as typed."""
    due_on: date | None = None
    due_at: datetime | None = None
    nudge: int = 0
    """0 is the first ask; the others are reminders."""
    cadence: str | None = None
    """Of what recurs: 'weekly', 'every 2 weeks', 'monthly'."""
    behalf_of: PersonCard | None = None
    """Who is away, or handed it over."""
    rule: Rule | None = None
    level: Level | None = None
    deadline_on: date | None = None
    added_at: datetime | None = None
    """When it is put into the message of that day, where that is later: silently."""
    is_news: bool = True
    """A first ask or a reminder; False: named beside one, because it is still open."""
    answered_at: datetime | None = None
    """When it is sent if everybody answers at once; None where it is not sent then."""


class ComingMessage(Schema):
    """The one message of somebody's day."""

    model_config = ConfigDict(frozen=True)

    person: PersonCard
    at: datetime
    zone: str
    day: date
    parts: list[Coming]
    is_conditional: bool
    is_sent: bool = False
    """It stands already: what comes is added to it, silently."""


class ComingDay(Schema):
    model_config = ConfigDict(frozen=True)

    day: date
    messages: list[ComingMessage] = []
    posts: list[Coming] = []
    escalations: list[Coming] = []
    """Steps that are taken only if nobody answers."""


class Hours(Schema):
    """Between which times of which zones people are asked."""

    model_config = ConfigDict(frozen=True)

    start: str
    end: str
    zones: list[str]


class Preview(Schema):
    model_config = ConfigDict(frozen=True)

    programs: list[Place]
    today: date
    last_day: date
    days: list[ComingDay]
    """Every working day of somebody among them, those on which nothing is sent too."""
    hours: list[Hours]
    """The commonest first."""
    people: int
    """Who get at least one message."""
    length: int = PREVIEW_DAYS
    is_own: bool = False
    """What one person gets, asked for by themselves."""
    person: PersonCard | None = None
    """Only what this person gets."""
    notes: list[str] = []
    """What is paused, turned off or a dry run."""
    may_switch: bool = False
    takes_tables: bool = True

    @property
    def messages(self) -> list[ComingMessage]:
        """New ones."""
        return [each for day in self.days for each in day.messages if not each.is_sent]

    @property
    def posts(self) -> list[Coming]:
        """In channels."""
        return [post for day in self.days for post in day.posts if post.channel is not None]

    @property
    def escalations(self) -> list[Coming]:
        return [step for day in self.days for step in day.escalations]

    @property
    def rows(self) -> int:
        return sum(len(day.messages) + len(day.posts) + len(day.escalations) for day in self.days)

    @property
    def scope(self) -> str:
        """As buttons carry it."""
        return self.programs[0].ref if len(self.programs) == 1 else "mine"
