"""What follows from a risk's band. The scores and bands themselves come from `risk_matrix`."""

from datetime import date, datetime, timedelta

from bot.domain.wall_time import WorkingHours, after_working_hours
from models.schemas.parameters import DEFAULTS, RiskRules
from models.schemas.risk import Band

BAND_RANK = {Band.EXTREME: 4, Band.HIGH: 3, Band.MODERATE: 2, Band.LOW: 1}
BAND_STEP = 100_000
"""More than any matrix's score: risks of programs with different matrices compare by band first."""

WORKING_HOURS_A_DAY = 9
REVIEW_EVERY = {
    Band.EXTREME: timedelta(weeks=1),
    Band.HIGH: timedelta(weeks=2),
    Band.MODERATE: timedelta(weeks=4),
    Band.LOW: timedelta(weeks=12),
}


def worst_first(band: Band, score: int) -> int:
    """A sort key below zero: ascending, the worst comes first."""
    return -(BAND_RANK[band] * BAND_STEP + score)


def hours_to_acknowledge(band: Band, limits: RiskRules) -> float:
    """Working hours that the owner has (rule E1)."""
    hours = {
        Band.EXTREME: limits.ack_extreme,
        Band.HIGH: limits.ack_high,
        Band.MODERATE: limits.ack_moderate,
        Band.LOW: limits.ack_low,
    }
    return hours[band]


def acknowledge_by(raised_at: datetime, band: Band, hours: WorkingHours, limits: RiskRules = DEFAULTS.risk) -> datetime:
    """When the owner's time to acknowledge runs out, in the owner's working hours."""
    return after_working_hours(raised_at, hours_to_acknowledge(band, limits), hours)


def first_review(today: date, band: Band) -> date:
    return today + REVIEW_EVERY[band]
