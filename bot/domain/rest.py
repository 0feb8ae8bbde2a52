"""Projects that rest: from when on nobody is asked for a status, and which state follows which (domain 2.5, 4.1)."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

from bot.domain.wall_time import instant
from models.schemas.project import State

ALWAYS = datetime.min.replace(tzinfo=UTC)

NEXT_STATES: Mapping[State, frozenset[State]] = {
    State.PROPOSED: frozenset({State.ACTIVE, State.CANCELLED}),
    State.ACTIVE: frozenset({State.ON_HOLD, State.COMPLETED, State.CANCELLED}),
    State.ON_HOLD: frozenset({State.ACTIVE, State.COMPLETED, State.CANCELLED}),
    State.COMPLETED: frozenset({State.ACTIVE}),
    State.CANCELLED: frozenset({State.ACTIVE}),
}


def rests_from(state: State, on_hold_since: date | None, completed_on: date | None, zone: str) -> datetime | None:
    """A request that is due after this instant is waived: a hold counts from the start of its first day, a completion
    from the end of its day, in the owner's zone. None where the project is asked."""
    if state is State.ON_HOLD:
        return instant(on_hold_since, time(), zone) if on_hold_since else ALWAYS
    if state is State.COMPLETED:
        return instant(completed_on + timedelta(days=1), time(), zone) if completed_on else ALWAYS
    return ALWAYS if state is State.CANCELLED else None


def needs_reason(old: State, new: State) -> bool:
    """What stops a project, and what takes an end back, says why."""
    return new in (State.ON_HOLD, State.CANCELLED) or old in (State.COMPLETED, State.CANCELLED)
