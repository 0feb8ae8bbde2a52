"""How long decisions take, rejected and superseded ones too (domain 5.7; targets 2.10)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from statistics import median

from bot.domain.wall_time import local_date
from bot.domain.working_days import WorkingCalendar
from models.schemas.decision import Reversibility
from models.schemas.parameters import DEFAULTS, DecisionRules


@dataclass(frozen=True)
class Decided:
    """A decision that was made, with the calendar of its program."""

    id: str
    reversibility: Reversibility
    raised_at: datetime
    decided_at: datetime
    due_on: date | None
    calendar: WorkingCalendar
    targets: DecisionRules = DEFAULTS.decision
    """Of its program, when it was raised."""

    @property
    def target(self) -> int:
        return self.targets.one_way if self.reversibility is Reversibility.ONE_WAY else self.targets.two_way


@dataclass(frozen=True)
class Latency:
    id: str
    days: Fraction
    working_days: int
    reversibility: Reversibility
    within_target: bool
    late_vs_due: bool


@dataclass(frozen=True)
class LatencySummary:
    """Medians and mean are None where there is nothing to take them of."""

    rows: tuple[Latency, ...]
    median_days: Fraction | None
    mean_days: Fraction | None
    median_working_days: dict[Reversibility, Fraction | None]

    @property
    def count(self) -> int:
        return len(self.rows)


def latency(decision: Decided) -> Latency:
    """Days are exact; working days and lateness go by the program's local dates."""
    working_days = decision.calendar.elapsed(decision.raised_at, decision.decided_at)
    decided_on = local_date(decision.decided_at, decision.calendar.zone)
    return Latency(
        id=decision.id,
        days=_days(decision.decided_at - decision.raised_at),
        working_days=working_days,
        reversibility=decision.reversibility,
        within_target=working_days <= decision.target,
        late_vs_due=decision.due_on is not None and decided_on > decision.due_on,
    )


def summarise(decisions: Iterable[Decided]) -> LatencySummary:
    """Rows in the order of the decisions given."""
    rows = tuple(latency(decision) for decision in decisions)
    days = [row.days for row in rows]
    return LatencySummary(
        rows,
        median_days=_median(days),
        mean_days=sum(days, Fraction(0)) / len(days) if days else None,
        median_working_days={
            door: _median([Fraction(row.working_days) for row in rows if row.reversibility is door])
            for door in Reversibility
        },
    )


def overdue(due_on: date | None, today: date) -> bool:
    """Whether an open decision should have been made before `today`, the program's local date."""
    return due_on is not None and due_on < today


def _days(span: timedelta) -> Fraction:
    microsecond = timedelta(microseconds=1)
    return Fraction(span // microsecond, timedelta(days=1) // microsecond)


def _median(values: Sequence[Fraction]) -> Fraction | None:
    return median(values) if values else None
