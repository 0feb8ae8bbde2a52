"""The life of a risk (domain 3.1)."""

from collections.abc import Mapping

from bot.domain.machine import Machine, Transition, rows
from bot.domain.policy import ACCEPTS, CLOSES_ALONE, LEADS, OWNERS
from models.schemas.risk import ACTIVE, Band, RiskStatus
from models.schemas.roles import Role

S = RiskStatus

MACHINE = Machine(
    "risk",
    S,
    (
        Transition("assess", rows(S.IDENTIFIED), S.ASSESSED, OWNERS, verb="assessed"),
        Transition("reject", rows(S.IDENTIFIED, S.ASSESSED), S.REJECTED, LEADS, verb="rejected"),
        Transition("treat", rows(S.ASSESSED), S.TREATING, OWNERS, verb="treated by a planned response"),
        Transition("accept", rows(S.ASSESSED, S.TREATING), S.ACCEPTED, frozenset({Role.LEAD}), verb="accepted"),
        Transition("monitor", rows(S.TREATING), S.MONITORING, OWNERS, verb="monitored"),
        Transition("resume", rows(S.MONITORING, S.ACCEPTED), S.TREATING, OWNERS, verb="treated again"),
        Transition("happen", rows(*ACTIVE), S.MATERIALISED, OWNERS, verb="marked as happened"),
        Transition("close", rows(*ACTIVE), S.CLOSED, OWNERS, verb="closed"),
        Transition("settle", rows(S.MATERIALISED), S.CLOSED, OWNERS, verb="closed once its issue is resolved"),
        Transition("reopen", rows(S.CLOSED, S.REJECTED), S.ASSESSED, LEADS, verb="reopened"),
    ),
)

BY_BAND: Mapping[str, Mapping[Band, frozenset[Role]]] = {"accept": ACCEPTS, "close": CLOSES_ALONE}
"""Where the band decides who may: a wider circle than this may still ask for it (`close`)."""


def roles_for(transition: Transition, band: Band) -> frozenset[Role]:
    """Who may do this to a risk of this band, on their own word."""
    return BY_BAND[transition.action][band] if transition.action in BY_BAND else transition.roles
