"""The figures of a report that decisions give, each decision as it was at the report's instant (domain 5.7)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain import decision_latency as latency
from bot.domain.decision_matrix import Comparison, Criterion, Incomparable, Option, weigh
from bot.domain.numbers import half_up
from bot.domain.wall_time import local_date
from bot.domain.working_days import WorkingCalendar
from bot.services import parameters
from bot.services.report_past import NOTHING, Past, pasts
from models.schemas.decision import OPEN, DecisionStatus, Reversibility
from models.schemas.parameters import DecisionRules
from models.schemas.report import LatencyFigures, LatencyRow, MatrixFigures
from models.tables import Decision

DAYS, SHARE = 2, 4
REMEMBERED = ("status", "due_on", "reversibility", "options", "criteria")


@dataclass(frozen=True)
class KnownDecision:
    """A decision as it was at an instant. What came later, such as the choice, is not there."""

    row: Decision
    status: DecisionStatus
    reversibility: Reversibility
    due_on: date | None
    decided_at: datetime | None
    chosen: str | None
    options: list[Any]
    criteria: list[Any]
    """As they are stored; a file may have brought anything as criteria."""

    @property
    def is_open(self) -> bool:
        return self.status in OPEN


def decisions_at(session: Session, moment: datetime) -> list[KnownDecision]:
    """The decisions raised by then, in two statements."""
    rows = session.scalars(select(Decision).where(Decision.raised_at <= moment).order_by(Decision.id)).all()
    past = pasts(session, "decision", REMEMBERED, among=select(Decision.id).where(Decision.raised_at <= moment))
    return [_at(row, past.get(row.id, NOTHING), moment) for row in rows]


def latency_figures(
    session: Session, decisions: Mapping[str, KnownDecision], calendars: Mapping[str, WorkingCalendar], moment: datetime
) -> LatencyFigures:
    """Both by name, in the order of the names. A calendar is that of the decision's program."""
    targets = _targets(session, decisions)
    decided = [
        latency.Decided(
            name,
            known.reversibility,
            known.row.raised_at,
            known.decided_at,
            known.due_on,
            calendars[name],
            targets[name],
        )
        for name, known in decisions.items()
        if known.decided_at
    ]
    summary = latency.summarise(decided)
    waiting = [name for name, known in decisions.items() if known.is_open]
    return LatencyFigures(
        rows=[_row(row) for row in summary.rows],
        count=summary.count,
        median_days=_days(summary.median_days),
        mean_days=_days(summary.mean_days),
        median_working_days={door: _days(median) for door, median in sorted(summary.median_working_days.items())},
        open=waiting,
        overdue=[
            name
            for name in waiting
            if latency.overdue(decisions[name].due_on, local_date(moment, calendars[name].zone))
        ],
    )


def _targets(session: Session, decisions: Mapping[str, KnownDecision]) -> dict[str, DecisionRules]:
    """What each program had set when the decision was raised."""
    ids = {known.row.program_id for known in decisions.values() if known.row.program_id is not None}
    versions = parameters.versions_of(session, ids)
    return {
        name: parameters.counted_at(versions.get(known.row.program_id or 0, ()), known.row.raised_at).decision
        for name, known in decisions.items()
    }


def matrix_figures(decisions: Mapping[str, KnownDecision]) -> dict[str, MatrixFigures]:
    """Of those whose options are all scored by all criteria."""
    weighed = {name: (known, _weighed(known)) for name, known in decisions.items()}
    return {name: _matrix(known, result) for name, (known, result) in weighed.items() if result is not None}


def _weighed(known: KnownDecision) -> Comparison | None:
    try:
        result = weigh([_option(option) for option in known.options], [_criterion(one) for one in known.criteria])
    except (KeyError, ValueError):  # of a file: a criterion without a name or a usable weight
        return None
    return None if isinstance(result, Incomparable) else result


def _at(row: Decision, past: Past, moment: datetime) -> KnownDecision:
    decided_at = row.decided_at if row.decided_at and row.decided_at <= moment else None
    due_on = past.at("due_on", moment, row.due_on)
    return KnownDecision(
        row=row,
        status=DecisionStatus(past.at("status", moment, row.status) or DecisionStatus.PROPOSED),
        reversibility=Reversibility(past.at("reversibility", moment, row.reversibility)),
        due_on=date.fromisoformat(due_on) if isinstance(due_on, str) else due_on,
        decided_at=decided_at,
        chosen=row.chosen if decided_at else None,
        options=past.at("options", moment, row.options) or [],
        criteria=past.at("criteria", moment, row.criteria) or [],
    )


def _option(option: Mapping[str, Any]) -> Option:
    return Option(option["id"], option["name"], option.get("scores") or {})


def _criterion(criterion: Mapping[str, Any]) -> Criterion:
    """A weight as it was written: 0.1 is a tenth."""
    return Criterion(criterion["id"], Fraction(str(criterion["weight"])))


def _row(row: latency.Latency) -> LatencyRow:
    return LatencyRow(
        id=row.id,
        days=half_up(row.days, DAYS),
        working_days=row.working_days,
        reversibility=row.reversibility,
        within_target=row.within_target,
        late_vs_due=row.late_vs_due,
    )


def _matrix(known: KnownDecision, result: Comparison) -> MatrixFigures:
    return MatrixFigures(
        totals={option: half_up(total, SHARE) for option, total in result.totals.items()},
        rank=result.rank,
        tie_for_first=result.tie_for_first,
        margin=None if result.margin is None else half_up(result.margin, SHARE),
        winner_if_criterion_dropped=result.winner_if_criterion_dropped,
        chosen=known.chosen,
        chosen_is_top=result.chosen_is_top(known.chosen),
    )


def _days(value: Fraction | None) -> Decimal | None:
    return None if value is None else half_up(value, DAYS)
