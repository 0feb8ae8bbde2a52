"""When to try again what Slack did not take."""

from datetime import datetime, timedelta

PAUSES = (5, 30, 120, 600, 1800, 3600, 3600, 7200, 14400, 28800)
"""Seconds, growing: ten tries over some seventeen hours, so that an outage of Slack's costs nothing."""

TRIES_IN_LINE = 3
"""A message that failed so often at most holds up what was queued behind it in its place, so that an outage of minutes
mixes up nothing. After that it comes when it can, and the others go on."""
LONGEST_IN_LINE = timedelta(seconds=PAUSES[TRIES_IN_LINE - 1])


def next_attempt(attempts: int, now: datetime, *, asked_to_wait: float = 0) -> datetime | None:
    """After `attempts` tries (at least one), the next one, no sooner than Slack asked for; None to give up."""
    if attempts > len(PAUSES):
        return None
    return now + timedelta(seconds=max(PAUSES[attempts - 1], asked_to_wait))
