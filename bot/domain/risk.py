"""The default 5x5 matrix (NPSA 2008) and what follows from a band."""

from datetime import date, datetime, timedelta

from bot.domain.wall_time import WorkingHours, after_working_hours
from models.schemas.risk import Band

LOWEST_SCORE = {Band.EXTREME: 15, Band.HIGH: 8, Band.MODERATE: 4, Band.LOW: 1}
"""Bands 1-3, 4-6, 8-12 and 15-25: they cover every attainable product once."""

ACKNOWLEDGE_WORKING_HOURS = {Band.EXTREME: 4, Band.HIGH: 9, Band.MODERATE: 27, Band.LOW: 45}
REVIEW_EVERY = {
    Band.EXTREME: timedelta(weeks=1),
    Band.HIGH: timedelta(weeks=2),
    Band.MODERATE: timedelta(weeks=4),
    Band.LOW: timedelta(weeks=12),
}


def score(probability: int, impact: int) -> int:
    if not (1 <= probability <= 5 and 1 <= impact <= 5):
        raise ValueError("probability and impact are whole numbers from 1 to 5")
    return probability * impact


def band(probability: int, impact: int) -> Band:
    points = score(probability, impact)
    return next(band for band, lowest in LOWEST_SCORE.items() if points >= lowest)


def acknowledge_by(raised_at: datetime, band: Band, hours: WorkingHours) -> datetime:
    """When the owner's time to acknowledge runs out, in the owner's working hours."""
    return after_working_hours(raised_at, ACKNOWLEDGE_WORKING_HOURS[band], hours)


def first_review(today: date, band: Band) -> date:
    return today + REVIEW_EVERY[band]
