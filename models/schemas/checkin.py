"""The words of check-ins: a team's standing questions, what people answer, and what stands in their way."""

from datetime import date, datetime
from enum import StrEnum

from pydantic import ConfigDict

from models.schemas.people import PersonCard
from models.schemas.schema import Schema


class QuestionKind(StrEnum):
    TEXT = "text"
    YES_NO = "yes_no"
    NUMBER = "number"
    MOOD = "mood"


class Question(Schema):
    model_config = ConfigDict(frozen=True)

    id: str
    """The same for as long as its text is: of `FINISHED`, `NEXT`, `BLOCKER` or 'q1', 'q2', ..."""
    text: str
    kind: QuestionKind = QuestionKind.TEXT


FINISHED, NEXT, BLOCKER, MOOD = "finished", "next", "blocker", "mood"
DEFAULT_QUESTIONS = (
    Question(id=FINISHED, text="What did you finish?"),
    Question(id=NEXT, text="What is next?"),
    Question(id=BLOCKER, text="What is in your way?"),
)
"""The last question of every check-in is the one about blockers."""


class CheckinState(StrEnum):
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class AnswerState(StrEnum):
    """Of one person in one round."""

    WAITING = "waiting"
    """For their hour."""
    SENT = "sent"
    ANSWERED = "answered"
    SKIPPED = "skipped"
    AWAY = "away"
    """They could not be asked: a holiday, days off, not a day of theirs, no working hour within the window."""
    MISSED = "missed"


EXPECTED = (AnswerState.WAITING, AnswerState.SENT, AnswerState.ANSWERED, AnswerState.SKIPPED, AnswerState.MISSED)
"""Of whom an answer was to be expected. Who is away is not counted."""


class CheckinAsk(Schema):
    """One person's check-in of one round, as their daily message asks for it."""

    model_config = ConfigDict(frozen=True)

    id: int
    """Of the `CheckinAnswer`: the record of an ask of kind `CHECK_IN`."""
    team: str
    """The name of the project or channel, as typed."""
    person: PersonCard
    questions: int
    minutes: int
    close_at: datetime
    local_date: date
    state: AnswerState
    open_blockers: list["OpenBlocker"] = []
    """What stood in their way last time, the oldest first."""


class OpenBlocker(Schema):
    model_config = ConfigDict(frozen=True)

    id: int
    ref: str
    """'B-7'."""
    text: str
    since_on: date
    record_ref: str | None = None
    """'R-12', the record that it is linked to."""
    record_link: str | None = None


CheckinAsk.model_rebuild()
