"""How well asking works: what was asked, what was answered and how fast, and what gets ignored. Never about people."""

from datetime import date
from fractions import Fraction

from pydantic import ConfigDict

from models.schemas.home import AskKind
from models.schemas.project import Place
from models.schemas.schema import Schema

LEAST_ANSWERS = 5
"""Fewer say nothing."""


class KindFigures(Schema):
    """Of all asks of one kind."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    kind: AskKind
    sent: int
    answered: int
    ignored: int
    """Reminded of after they were due, and never answered."""
    median_hours: Fraction | None
    """Working hours of who was asked, from the first ask to the answer; None below five answers."""


class OnTime(Schema):
    """Of a project's status requests: what was due, and what of it was there in time."""

    model_config = ConfigDict(frozen=True)

    project: str
    in_time: int
    required: int


class IgnoredPlace(Schema):
    """What of a project, or of the program as a whole, nobody answers."""

    model_config = ConfigDict(frozen=True)

    place: str
    kind: AskKind
    ignored: int
    sent: int


class EscalationFigures(Schema):
    model_config = ConfigDict(frozen=True)

    opened: int
    at_sponsor: int
    """That went up to the last step."""
    resolved: int


class HowWell(Schema):
    model_config = ConfigDict(frozen=True)

    program: Place
    since: date
    until: date
    """Both days included."""
    is_month: bool = False
    kinds: list[KindFigures]
    """The most frequent first."""
    on_time: list[OnTime]
    """The worst first."""
    ignored: list[IgnoredPlace]
    escalations: EscalationFigures

    @property
    def sent(self) -> int:
        return sum(each.sent for each in self.kinds)

    @property
    def answered(self) -> int:
        return sum(each.answered for each in self.kinds)
