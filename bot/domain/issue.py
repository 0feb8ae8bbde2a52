"""The life of an issue (domain 3.2)."""

from datetime import date

from bot.domain.machine import Machine, Transition, rows
from bot.domain.policy import ANSWERERS, LEADS, OWNERS
from bot.domain.wall_time import WorkingHours
from models.schemas.issue import IssueStatus, Severity
from models.schemas.parameters import DEFAULTS, IssueRules
from models.schemas.roles import Role

S = IssueStatus

MACHINE = Machine(
    "issue",
    S,
    (
        Transition("start", rows(S.OPEN), S.IN_PROGRESS, ANSWERERS, verb="started"),
        Transition("block", rows(S.IN_PROGRESS), S.BLOCKED, OWNERS, verb="marked as blocked"),
        Transition("unblock", rows(S.BLOCKED), S.IN_PROGRESS, ANSWERERS, verb="unblocked"),
        Transition("resolve", rows(S.IN_PROGRESS), S.RESOLVED, ANSWERERS, verb="resolved"),
        Transition("close", rows(S.RESOLVED), S.CLOSED, LEADS | {Role.AUTHOR}, verb="closed"),
        Transition("drop", rows(S.OPEN, S.IN_PROGRESS), S.WONT_FIX, LEADS, verb="dropped"),
        Transition("reopen", rows(S.RESOLVED, S.CLOSED), S.OPEN, OWNERS | {Role.MEMBER}, verb="reopened"),
    ),
)

PLAIN_WEEK = WorkingHours("UTC")
"""Monday to Friday without holidays: where no calendar is known. The zone does not matter to days."""

CLOSES_AFTER_WORKING_DAYS = 5
"""A resolved issue that nobody reopened closes by itself."""


def is_over(status: IssueStatus) -> bool:
    return status in (S.RESOLVED, S.CLOSED, S.WONT_FIX)


def days_to_resolve(severity: Severity, limits: IssueRules) -> int:
    """Working days from its opening until it should be resolved (rule E7)."""
    days = {
        Severity.SEV1: limits.sev1,
        Severity.SEV2: limits.sev2,
        Severity.SEV3: limits.sev3,
        Severity.SEV4: limits.sev4,
    }
    return days[severity]


def resolve_by(
    opened_on: date, severity: Severity, calendar: WorkingHours = PLAIN_WEEK, limits: IssueRules = DEFAULTS.issue
) -> date:
    """The last day on which it is not overdue (rule E7), in the calendar of its program."""
    return calendar.after(opened_on, days_to_resolve(severity, limits))


def closes_on(resolved_on: date, calendar: WorkingHours = PLAIN_WEEK) -> date:
    """The day on which a resolved issue closes by itself, unless somebody reopens it before."""
    return calendar.after(resolved_on, CLOSES_AFTER_WORKING_DAYS)
