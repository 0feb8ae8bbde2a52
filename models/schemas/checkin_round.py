"""One round of a check-in as its channel sees it: what was answered, and what stands in the way."""

from datetime import date, datetime
from fractions import Fraction
from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field

from models.schemas.checkin import AnswerState, Question
from models.schemas.dates import NotPast
from models.schemas.people import Line, PersonCard, PlaceRef
from models.schemas.project import Place
from models.schemas.schema import Schema

MOST_BLOCKER = 300
"""Characters that are typed of one."""


class Likely(Schema):
    """A record that may say the same as a blocker does."""

    model_config = ConfigDict(frozen=True)

    kind: str
    """'risk', 'issue' or 'dependency'."""
    id: int
    ref: str
    title: str
    fact: str
    """Where it stands, in words."""
    link: str | None = None


class BlockerCard(Schema):
    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    checkin_id: int
    answer_id: int | None
    """The answer that named it."""
    channel: str | None
    text: str
    """Empty once it was forgotten."""
    person: PersonCard
    since_on: date
    solved_on: date | None
    solved_by: PersonCard | None
    record_kind: str | None
    record_id: int | None
    record_ref: str | None
    record_title: str | None
    record_link: str | None
    linked_by: PersonCard | None
    version: int
    likely: Likely | None = None

    @property
    def is_open(self) -> bool:
        return self.solved_on is None


class AnswerCard(Schema):
    """What one person said. Mood is never part of it."""

    model_config = ConfigDict(frozen=True)

    id: int
    person: PersonCard
    state: AnswerState
    local_date: date
    close_at: datetime
    answers: dict[str, str]
    blocker_ids: list[int]
    answered_at: datetime | None
    version: int


class RoundCard(Schema):
    model_config = ConfigDict(frozen=True)

    id: int
    checkin_id: int
    team: str
    place: Place | None
    channel: str | None
    local_date: date
    closes_at: datetime
    is_open: bool
    is_live: bool
    questions: list[Question]
    answers: list[AnswerCard]
    """Of all who are in it, in the order in which they answered; then who has not, by name."""
    blockers: list[BlockerCard]
    """That somebody named in this round, the oldest first; solved ones too."""
    asks_mood: bool
    mood: Fraction | None
    """The mean of three or more."""
    version: int

    @property
    def answered(self) -> list[AnswerCard]:
        return [answer for answer in self.answers if answer.state is AnswerState.ANSWERED]

    @property
    def states(self) -> list[AnswerState]:
        return [answer.state for answer in self.answers]

    @property
    def open_blockers(self) -> list[BlockerCard]:
        return [blocker for blocker in self.blockers if blocker.is_open]

    def blockers_of(self, answer: AnswerCard) -> list[BlockerCard]:
        return [blocker for blocker in self.blockers if blocker.id in answer.blocker_ids]


class AnswerDraft(Schema):
    """What came back from the form, read question by question."""

    model_config = ConfigDict(frozen=True)

    answers: dict[str, str]
    """By the id of the question; without the mood and the blocker."""
    mood: int | None
    still: list[int]
    """Blockers of theirs that still stand in the way."""
    solved: list[int]
    blocker: str | None


class DependencyDraft(Schema):
    """What a dependency cannot do without. Field names are the form's block ids."""

    title: Annotated[Line, Field(min_length=5, max_length=150)]
    give_project: PlaceRef | None = None
    give_name: Annotated[Line, Field(min_length=2, max_length=80)] | None = None
    get_project: PlaceRef
    needed_by: NotPast

    WORDS: ClassVar[dict[str, str]] = {
        "title": "Say what is needed in 5 to 150 characters.",
        "give_name": "Name who provides it in 2 to 80 characters.",
        "get_project": "Choose the project that needs it.",
        "needed_by": "Choose a date.",
    }
