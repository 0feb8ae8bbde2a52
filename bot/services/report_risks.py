"""The figures of a report that risks give, each risk as it was at the report's instant (domain 5.5)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.domain.numbers import half_up
from bot.domain.risk import worst_first
from bot.domain.risk_burn_down import Assessed, ScoreHistory, burn_down, fridays_before
from bot.domain.risk_matrix import RiskMatrix
from bot.domain.risk_money import MINOR_UNITS, exposure, top_order, totals
from bot.services.report_past import NOTHING, Past, pasts
from models.schemas.report import BurnDownWeek, RiskFigures, RiskMoney
from models.schemas.risk import ACTIVE, Band, Kind
from models.tables import Risk

MONEY, INDEX = 2, 4
TOP_OF_ALL, TOP_OF_PROGRAM = 10, 5
STEPS = range(1, 6)

REMEMBERED = (
    *("score", "status", "kind", "target_probability", "target_impact", "cost_impact", "proximity_on"),
    *("owner_id", "response_strategy", "next_review_on"),
)
COLUMNS = (
    *(Risk.id, Risk.number, Risk.external_id, Risk.program_id, Risk.kind, Risk.status, Risk.raised_at, Risk.closed_at),
    *(Risk.probability, Risk.impact, Risk.target_probability, Risk.target_impact, Risk.cost_impact, Risk.proximity_on),
    *(Risk.project_id, Risk.owner_id, Risk.response_strategy, Risk.next_review_on),
    *(Risk.acknowledged_at, Risk.acknowledge_by),
)


@dataclass(frozen=True)
class KnownRisk:
    """A risk as it was at an instant, scored by `scale`."""

    row: Any
    """Of `COLUMNS`, as they are now."""
    scale: RiskMatrix
    kind: Kind
    probability: int
    impact: int
    target: tuple[int, int] | None
    cost: int | None
    """In minor units; below zero for an opportunity."""
    proximity_on: date | None
    owner_id: int
    strategy: str | None
    next_review_on: date | None
    acknowledged: bool
    active: bool
    lives: tuple[ScoreHistory, ...]
    """One for each time that it was open: a reopened risk has several."""

    ratings: tuple[tuple[datetime, int, int], ...]
    """Since when it was rated how, oldest first."""

    @property
    def score(self) -> int:
        return self.scale.score(self.probability, self.impact)

    def score_at(self, moment: datetime) -> int:
        """Of the first rating, before there was one."""
        return self.scale.score(*_rated_at(self.ratings, moment))

    @property
    def band(self) -> Band:
        return self.scale.band(self.probability, self.impact)

    @property
    def target_score(self) -> int | None:
        return self.scale.score(*self.target) if self.target else None

    @property
    def is_active_threat(self) -> bool:
        return self.active and self.kind is Kind.THREAT


def risks_at(
    session: Session, moment: datetime, scale_of: Callable[[int | None], RiskMatrix], *conditions: ColumnElement[bool]
) -> list[KnownRisk]:
    """The risks raised by then, in two statements. `scale_of` has the matrix of a program, by its id."""
    chosen = (Risk.raised_at <= moment, *conditions)
    rows = session.execute(select(*COLUMNS).where(*chosen).order_by(Risk.id)).all()
    past = pasts(session, "risk", REMEMBERED, among=select(Risk.id).where(*chosen))
    return [_at(row, past.get(row.id, NOTHING), moment, scale_of(row.program_id)) for row in rows]


def figures(risk: KnownRisk) -> RiskFigures:
    worth = None if risk.cost is None else exposure(risk.probability, risk.cost).emv
    return RiskFigures(
        score=risk.score,
        band=risk.band,
        target_score=risk.target_score,
        emv=None if worth is None else half_up(worth / MINOR_UNITS, MONEY),
        active=risk.active,
    )


def top(risks: Mapping[str, KnownRisk], most: int) -> list[str]:
    """The worst active threats of these, which are given in the order of their ids."""
    threats = [(name, risk) for name, risk in risks.items() if risk.is_active_threat]
    keys = {name: _top_key(risk, place) for place, (name, risk) in enumerate(threats)}
    return sorted(keys, key=keys.__getitem__)[:most]


def band_counts(risks: Iterable[KnownRisk]) -> dict[Band, int]:
    bands = [risk.band for risk in risks if risk.is_active_threat]
    return {band: bands.count(band) for band in Band}


def money(risks: Iterable[KnownRisk], contingency: Fraction | None) -> RiskMoney:
    """`contingency` in major units."""
    costing = [(risk, risk.cost) for risk in risks if risk.active and risk.cost is not None]
    worth = totals((risk.kind, exposure(risk.probability, cost)) for risk, cost in costing)
    coverage = None if contingency is None else worth.coverage(contingency * MINOR_UNITS)
    return RiskMoney(
        threats=half_up(worth.threats / MINOR_UNITS, MONEY),
        opportunities=half_up(worth.opportunities / MINOR_UNITS, MONEY),
        net=half_up(worth.net / MINOR_UNITS, MONEY),
        contingency=None if contingency is None else half_up(contingency, MONEY),
        coverage=None if coverage is None else half_up(coverage, INDEX),
    )


def heat_counts(risks: Iterable[KnownRisk]) -> list[list[int]]:
    cells = [(risk.probability, risk.impact) for risk in risks if risk.is_active_threat]
    return [[cells.count((probability, impact)) for impact in STEPS] for probability in STEPS]


def weeks(risks: Iterable[KnownRisk], moment: datetime) -> list[BurnDownWeek]:
    lives = (life for risk in risks if risk.kind is Kind.THREAT for life in risk.lives)
    return [
        BurnDownWeek(week_end=week.week_end, open=week.open, total_score=week.total_score)
        for week in burn_down(lives, fridays_before(moment))
    ]


def _top_key(risk: KnownRisk, place: int) -> tuple[int, int, bool, date, int]:
    """By band before score: programs may have different matrices. Within one matrix that is the order of scores."""
    return top_order(-worst_first(risk.band, risk.score), risk.impact, risk.proximity_on, place)


def _at(row: Any, past: Past, moment: datetime, scale: RiskMatrix) -> KnownRisk:
    ratings = _ratings(row, past)
    probability, impact = _rated_at(ratings, moment)
    target = (
        past.at("target_probability", moment, row.target_probability),
        past.at("target_impact", moment, row.target_impact),
    )
    lives = _lives(row, past, [Assessed(at, scale.score(p, i)) for at, p, i in ratings])
    return KnownRisk(
        row=row,
        scale=scale,
        kind=Kind(past.at("kind", moment, row.kind)),
        probability=probability,
        impact=impact,
        target=target if all(target) else None,
        cost=past.at("cost_impact", moment, row.cost_impact),
        proximity_on=past.day_at("proximity_on", moment, row.proximity_on),
        owner_id=past.at("owner_id", moment, row.owner_id) or row.owner_id,
        strategy=past.at("response_strategy", moment, row.response_strategy),
        next_review_on=past.day_at("next_review_on", moment, row.next_review_on),
        acknowledged=row.acknowledged_at is not None and row.acknowledged_at <= moment,
        active=any(life.open_at(moment) for life in lives),
        lives=lives,
        ratings=tuple(ratings),
    )


def _rated_at(ratings: Sequence[tuple[datetime, int, int]], moment: datetime) -> tuple[int, int]:
    return next(((p, i) for at, p, i in reversed(ratings) if at <= moment), ratings[0][1:])


def _ratings(row: Any, past: Past) -> list[tuple[datetime, int, int]]:
    """Since when it was rated how, oldest first. A change of `score` alone is a change of the matrix's rank."""
    rated = [change for change in past.of("score") if isinstance(change.new, dict)]
    found = [(change.at, change.new["probability"], change.new["impact"]) for change in rated]
    return found or [(row.raised_at, row.probability, row.impact)]


def _lives(row: Any, past: Past, assessed: Sequence[Assessed]) -> tuple[ScoreHistory, ...]:
    """From being raised or reopened until it was closed, rejected or happened."""
    spans: list[tuple[datetime, datetime | None]] = []
    start: datetime | None = row.raised_at
    for change in past.of("status"):
        if change.new in ACTIVE:
            start = start or change.at
        elif start is not None:
            spans.append((start, change.at))
            start = None
    if start is not None:
        spans.append((start, row.closed_at or (None if row.status in ACTIVE else row.raised_at)))
    return tuple(ScoreHistory(start, end, assessed) for start, end in spans)
