"""How an escalation goes on from where it stands: it climbs, waits, or opens again (domain 3.7, 4.3)."""

from dataclasses import dataclass
from datetime import date

from bot.domain.escalation import Days, Fired, Moment, patience, steps
from models.schemas.escalation import EscalationState, Level
from models.schemas.parameters import Ladder

MOST_STEPS = len(Level)


@dataclass(frozen=True)
class Stand:
    state: EscalationState
    level: Level
    next_on: date | None
    """The day of its next step, on the program's calendar; None where there is none any more."""
    active_on: date | None
    """When the record was changed last since the last step, if it was."""
    ladder: Ladder
    """As `frozen` made it when the escalation began."""
    top: Level


@dataclass(frozen=True)
class Turn:
    """What becomes of it. `is_step`: somebody is named now."""

    state: EscalationState
    level: Level
    next_on: date | None
    is_step: bool = False


def frozen(ladder: Ladder, *, is_extreme: bool) -> Ladder:
    """The ladder that an escalation keeps: a later change of the parameters does not touch it."""
    manager, sponsor = steps(ladder, is_extreme=is_extreme)
    return Ladder(manager=manager, sponsor=sponsor, ack_window=ladder.ack_window)


def begin(fired: Fired, ladder: Ladder, top: Level, at: Moment) -> Turn:
    """Before its deadline it waits for the owner; then it opens at the level that its elapsed days say."""
    if fired.level is Level.OWNER:
        return Turn(EscalationState.PENDING, Level.OWNER, fired.deadline)
    level = min(fired.level, top)
    by_deadline = at.days.after(fired.deadline, ladder.manager)
    if level is Level.LEAD and level < top and by_deadline > at.today:
        return Turn(EscalationState.OPEN, level, by_deadline, is_step=True)
    return Turn(EscalationState.OPEN, level, next_on(level, at.today, ladder, top, at.days), is_step=True)


def go_on(stand: Stand, today: date, days: Days) -> Turn:
    """After downtime several steps may be due: it goes to the newest one at once."""
    if stand.state is EscalationState.ACKNOWLEDGED:
        return _after_acknowledgement(stand, today, days)
    level, due = stand.level, stand.next_on
    if due is not None and stand.active_on is not None:
        due = max(due, days.after(stand.active_on, patience(level, stand.ladder)))
    stepped = False
    for _ in range(MOST_STEPS):
        if due is None or due > today:
            break
        level, stepped = Level(level + 1), True
        due = next_on(level, due, stand.ladder, stand.top, days)
    if stepped:
        due = next_on(level, today, stand.ladder, stand.top, days)
    return Turn(stand.state, level, due, is_step=stepped)


def put_off(stand: Stand, today: date, days: Days) -> Turn:
    """Its time came while nothing was sent: it goes on from where it was, with all the time it had there."""
    acknowledged = stand.state is EscalationState.ACKNOWLEDGED
    wait = stand.ladder.ack_window if acknowledged else max(1, patience(stand.level, stand.ladder))
    return Turn(stand.state, stand.level, days.after(today, wait))


def next_on(level: Level, since: date, ladder: Ladder, top: Level, days: Days) -> date | None:
    """The day of the step after this level; None at the last one."""
    return days.after(since, patience(level, ladder)) if level < top else None


def _after_acknowledgement(stand: Stand, today: date, days: Days) -> Turn:
    """The climb is stopped; without a change of the record it opens again, at the same level."""
    reopens = stand.next_on
    if reopens is not None and stand.active_on is not None:
        reopens = max(reopens, days.after(stand.active_on, stand.ladder.ack_window))
    if reopens is None or reopens > today:
        return Turn(stand.state, stand.level, reopens)
    due = next_on(stand.level, today, stand.ladder, stand.top, days)
    return Turn(EscalationState.OPEN, stand.level, due, is_step=True)
