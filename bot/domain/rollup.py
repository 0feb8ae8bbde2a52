"""The weeks that a rollup is about, and what may be told in it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.domain.status import SEVERITY
from bot.domain.wall_time import iso_week
from models.schemas.status import Health

MOSTLY = timedelta(days=3)
WINDOW = timedelta(days=7)
"""What the first one looks back on (domain 4.6)."""

AFTER_SHOWN = timedelta(hours=24)
"""How long an owner knows of figures that are worse than their word before everybody reads them (domain 4.5)."""

SPARK_PERIODS = 6


def period_of(day: date) -> str:
    """A Monday's rollup is about the week that ended the day before, a Friday's about the one that is ending."""
    return iso_week(day - MOSTLY)


def may_tell(computed: Health, shown: Health | None, shown_at: datetime | None, now: datetime) -> bool:
    """Figures that are worse than the owner's word: `shown` is what the owner was shown, and when."""
    if shown is None or shown_at is None or now - shown_at < AFTER_SHOWN:
        return False
    return SEVERITY[computed] <= SEVERITY[shown]


def spark(
    before: Sequence[tuple[str, Health | None]], period: str, health: Health | None
) -> list[tuple[str, Health | None]]:
    """The last periods and this one, each once."""
    return [*((each, was) for each, was in before if each != period), (period, health)][-SPARK_PERIODS:]
