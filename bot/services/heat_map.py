"""The heat map of what somebody may see: active threats by probability and impact."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from bot.domain.policy import Standing
from bot.domain.risk_matrix import STEPS, Preset, RiskMatrix, matrix
from bot.services import delivery
from bot.services.risk import card_key
from bot.services.sight import may_see
from models.schemas.charts import HeatMap, HeatRisk
from models.schemas.project import Place, PlaceKind
from models.schemas.risk import ACTIVE, Band, Kind
from models.tables import Program, Risk

EVERYTHING = "All programs"
MOST_LINKED = 12
"""Of a band: as many as are named in the message."""


def heat_map(session: Session, place: Place | None, by: Standing, *, today: date) -> HeatMap:
    """Of a project, of a program with its projects, or (None) of everything."""
    scale = scale_of(session, place)
    shown = (Risk.kind == Kind.THREAT, Risk.status.in_(ACTIVE), in_place(place), may_see(session, Risk, by))
    rows = session.execute(
        select(Risk.id, Risk.number, Risk.probability, Risk.impact, Risk.band)
        .where(*shown)
        .order_by(Risk.worst_first, Risk.next_review_on.is_(None), Risk.next_review_on, Risk.id)
    ).all()
    links = delivery.links(session, map(card_key, _named(rows)))
    return HeatMap(
        place=place.name if place else EVERYTHING,
        as_of=today,
        bands=tuple(tuple(scale.band(probability, impact) for impact in STEPS) for probability in STEPS),
        scores=_scores(scale),
        probabilities=tuple(scale.probability_words(step) for step in STEPS),
        impacts=tuple(scale.impact_words(step) for step in STEPS),
        risks=tuple(
            HeatRisk(
                ref=f"R-{row.number}", probability=row.probability, impact=row.impact, link=links.get(card_key(row.id))
            )
            for row in rows
        ),
    )


def in_place(place: Place | None) -> ColumnElement[bool]:
    if place is None:
        return true()
    column = Risk.project_id if place.kind is PlaceKind.PROJECT else Risk.program_id
    return column == place.id


def scale_of(session: Session, place: Place | None) -> RiskMatrix:
    """One chart has one matrix: the place's own, or the one that all programs share, else the usual one."""
    if place is not None:
        return matrix(Preset(place.risk_matrix))
    presets = session.scalars(select(Program.risk_matrix).distinct()).all()
    return matrix(Preset(presets[0])) if len(presets) == 1 else matrix()


def _named(rows: Iterable[Any]) -> list[int]:
    """Ids of the first of each band."""
    of: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if len(of[row.band]) < MOST_LINKED:
            of[row.band].append(row.id)
    return [risk_id for ids in of.values() for risk_id in ids]


def _scores(scale: RiskMatrix) -> dict[Band, str]:
    """'15-25': from the lowest to the highest score that a cell of the band has."""
    ranks: dict[Band, list[int]] = defaultdict(list)
    for probability in STEPS:
        for impact in STEPS:
            ranks[scale.band(probability, impact)].append(scale.score(probability, impact))
    shown = {band: (scale.shown_score(min(found)), scale.shown_score(max(found))) for band, found in ranks.items()}
    return {band: low if low == high else f"{low}-{high}" for band, (low, high) in shown.items()}
