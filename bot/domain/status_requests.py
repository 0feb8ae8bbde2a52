"""What became of the requests for a project's status, read from its updates (domain 3.6, 4.1)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from itertools import takewhile

from bot.domain.status import trend
from models.schemas.schedule import OccurrenceState
from models.schemas.status import Health, Trend

MISSING = (OccurrenceState.MISSED, OccurrenceState.OVERDUE)
ANSWERED = (OccurrenceState.SUBMITTED, OccurrenceState.SUBMITTED_LATE)
REQUIRED = (*ANSWERED, *MISSING)
"""What counts: neither what was waived nor what is still open."""


@dataclass(frozen=True)
class Request:
    """A period's request. `close_at` is when the next one opens."""

    period: str
    open_at: datetime
    due_at: datetime
    close_at: datetime
    is_waived: bool = False
    """Its manager said that none was needed."""


@dataclass(frozen=True)
class Posted:
    at: datetime
    health: Health


@dataclass(frozen=True)
class Answered:
    """A request and what became of it; None before it opens."""

    request: Request
    state: OccurrenceState | None
    shown: Posted | None = None
    """What the period shows: the last that was posted in it, where a correction took the first one's place."""


@dataclass(frozen=True)
class Record:
    """A project's answers, oldest first."""

    answers: Sequence[Answered]

    def count(self, state: OccurrenceState) -> int:
        return sum(answer.state is state for answer in self.answers)

    @property
    def required(self) -> list[Answered]:
        return [answer for answer in self.answers if answer.state in REQUIRED]

    @property
    def on_time_rate(self) -> Fraction | None:
        """None while nothing was required."""
        required = len(self.required)
        return Fraction(self.count(OccurrenceState.SUBMITTED), required) if required else None

    @property
    def missing_run(self) -> list[Answered]:
        """The last ones in a row without an answer, oldest first. What was waived or is open does not break it."""
        return list(takewhile(lambda answer: answer.state in MISSING, reversed(self.required)))[::-1]

    @property
    def second_missing_due(self) -> datetime | None:
        run = self.missing_run
        return run[1].request.due_at if len(run) > 1 else None

    @property
    def healths(self) -> list[Health]:
        """One for each answered period, oldest first."""
        return [answer.shown.health for answer in self.answers if answer.shown and answer.state in ANSWERED]

    @property
    def trend(self) -> Trend | None:
        """None where there are not two that can be compared."""
        healths = self.healths
        return trend(healths[-2], healths[-1]) if len(healths) > 1 else None

    @property
    def updates_in_current_health(self) -> int:
        healths = self.healths
        return sum(1 for _ in takewhile(lambda health: health is healths[-1], reversed(healths)))


def record(
    requests: Iterable[Request], posted: Iterable[Posted], now: datetime, paused_from: datetime | None = None
) -> Record:
    """`paused_from` is the start of a hold, or the end of the day on which the project was completed."""
    known = sorted((update for update in posted if update.at <= now), key=lambda update: update.at)
    paused = paused_from if paused_from is not None and paused_from <= now else None
    in_order = sorted(requests, key=lambda request: request.open_at)
    return Record([_answered(request, known, now, paused) for request in in_order])


def _answered(request: Request, known: Sequence[Posted], now: datetime, paused_from: datetime | None) -> Answered:
    inside = [update for update in known if request.open_at <= update.at < request.close_at]
    first = inside[0].at if inside else None
    shown = inside[-1] if inside else None
    if request.is_waived:
        return Answered(request, OccurrenceState.WAIVED, shown)
    if paused_from is not None and request.due_at > paused_from and not (first and first < paused_from):
        return Answered(request, OccurrenceState.WAIVED, shown)
    return Answered(request, _state(request, first, now), shown)


def _state(request: Request, first: datetime | None, now: datetime) -> OccurrenceState | None:
    if first is not None:
        return OccurrenceState.SUBMITTED if first <= request.due_at else OccurrenceState.SUBMITTED_LATE
    if now < request.open_at:
        return None
    if now <= request.due_at:
        return OccurrenceState.OPEN
    return OccurrenceState.MISSED if now >= request.close_at else OccurrenceState.OVERDUE
