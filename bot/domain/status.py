"""Freshness, effective health and roll-up of status updates (domain 4.1, 4.2, 4.5)."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.schemas.project import State
from models.schemas.status import Freshness, Health, Trend

CADENCE_DAYS = 7
GRACE_DAYS = 3
STALE_CADENCES = 2
AS_ACTIVE = {Health.COMPLETE: Health.GREEN, Health.ON_HOLD: Health.AMBER}
"""What an active project counts as where somebody reported that it is over, or waits."""
SEVERITY = {Health.GREEN: 0, Health.AMBER: 1, Health.UNKNOWN: 1, Health.RED: 2}
WORST_FIRST = (Health.RED, Health.UNKNOWN, Health.AMBER, Health.GREEN, Health.ON_HOLD, Health.COMPLETE)


def freshness(
    posted_at: datetime | None,
    now: datetime,
    cadence_days: int = CADENCE_DAYS,
    *,
    grace_days: int = GRACE_DAYS,
    stale_cadences: int = STALE_CADENCES,
) -> Freshness:
    if posted_at is None:
        return Freshness.NONE
    age = now - posted_at
    if age <= timedelta(days=cadence_days + grace_days):
        return Freshness.FRESH
    return Freshness.STALE if age <= timedelta(days=stale_cadences * cadence_days + grace_days) else Freshness.DARK


def effective_health(state: State, reported: Health | None, freshness: Freshness) -> Health:
    """What a project counts as: silence turns green to amber and then to unknown; red never improves by it."""
    if state in (State.PROPOSED, State.ON_HOLD):  # not started is no more complete than paused is
        return Health.ON_HOLD
    if state is not State.ACTIVE:
        return Health.COMPLETE
    if reported is None or freshness in (Freshness.DARK, Freshness.NONE):
        return Health.UNKNOWN
    declared = AS_ACTIVE.get(reported, reported)
    stale_green = freshness is Freshness.STALE and declared is Health.GREEN
    return Health.AMBER if stale_green else declared


def worst_of(healths: Iterable[Health]) -> Health | None:
    """The health of a program: its worst active project's, None without an active one."""
    counted = [health for health in healths if health in SEVERITY]
    if not counted:
        return None
    worst = max(counted, key=lambda health: SEVERITY[health])
    return Health.AMBER if worst is Health.UNKNOWN else worst


def trend(before: Health | None, after: Health) -> Trend | None:
    """None where the two cannot be compared."""
    known = (Health.GREEN, Health.AMBER, Health.RED)
    if before not in known or after not in known:
        return None
    change = SEVERITY[after] - SEVERITY[before]
    return Trend.STEADY if change == 0 else Trend.WORSENING if change > 0 else Trend.IMPROVING
