"""The life of a milestone (domain 3.5). Overdue is derived, never stored."""

from datetime import date, timedelta

from bot.domain.machine import Machine, Transition, rows
from bot.domain.policy import ANSWERERS, LEADS, OWNERS
from models.schemas.plan import MilestoneStatus
from models.schemas.roles import Role

S = MilestoneStatus

MACHINE = Machine(
    "milestone",
    S,
    (
        Transition("start", rows(S.PLANNED), S.IN_PROGRESS, OWNERS, verb="started"),
        Transition("achieve", rows(S.PLANNED, S.IN_PROGRESS, S.MISSED), S.ACHIEVED, ANSWERERS, verb="achieved"),
        Transition("miss", rows(S.PLANNED, S.IN_PROGRESS), S.MISSED, LEADS, verb="marked as missed"),
        Transition("redate", rows(S.MISSED), S.IN_PROGRESS, ANSWERERS, verb="re-dated"),
        Transition(
            "cancel", rows(S.PLANNED, S.IN_PROGRESS, S.MISSED), S.CANCELLED, frozenset({Role.MANAGER}), verb="cancelled"
        ),
        Transition("reopen", rows(S.ACHIEVED), S.IN_PROGRESS, frozenset({Role.MANAGER}), verb="reopened"),
    ),
)
"""One press marks it as achieved: what was not started before is started by it."""

REDATED = (S.PLANNED, S.IN_PROGRESS)
"""States that a new date leaves as they are."""

ACCEPTS_GATES = frozenset({Role.MANAGER, Role.SPONSOR, Role.ADMIN})


def left(new: date, by: date) -> int:
    """Working days, Monday to Friday, that are left between a finish and a date; below zero where it is too late."""
    low, high = sorted((new, by))
    days = sum((low + timedelta(days=n)).isoweekday() <= 5 for n in range(1, (high - low).days + 1))
    return days if by >= new else -days
