"""The life of an audit finding (domain 3.8). Its owner mends it; somebody else closes it."""

from bot.domain.machine import Machine, Transition, rows
from bot.domain.policy import LEADS, OWNERS
from models.schemas.finding import FindingStatus
from models.schemas.roles import Role

S = FindingStatus

MACHINE = Machine(
    "finding",
    S,
    (
        Transition("remediate", rows(S.OPEN), S.IN_REMEDIATION, OWNERS, verb="put in remediation"),
        Transition("ready", rows(S.IN_REMEDIATION), S.READY_FOR_VERIFICATION, OWNERS, verb="handed in to be verified"),
        Transition("close", rows(S.READY_FOR_VERIFICATION), S.CLOSED, frozenset({Role.MANAGER}), verb="closed"),
        Transition("back", rows(S.READY_FOR_VERIFICATION), S.IN_REMEDIATION, LEADS, verb="given back"),
        Transition("accept", rows(S.OPEN), S.RISK_ACCEPTED, frozenset({Role.SPONSOR}), verb="accepted as a risk"),
    ),
)

UPDATED = frozenset({S.OPEN, S.IN_REMEDIATION})
"""What its owner can say something new about."""
