"""The life of an assumption (domain 2.9): what is taken for true until somebody knows."""

from bot.domain.machine import Machine, Transition, rows
from bot.domain.policy import ANSWERERS, LEADS
from models.schemas.assumption import AssumptionStatus

S = AssumptionStatus

MACHINE = Machine(
    "assumption",
    S,
    (
        Transition("confirm", rows(S.UNVALIDATED), S.VALIDATED, ANSWERERS, verb="confirmed"),
        Transition("refute", rows(S.UNVALIDATED, S.VALIDATED), S.INVALIDATED, ANSWERERS, verb="refuted"),
        Transition("reopen", rows(S.VALIDATED, S.INVALIDATED), S.UNVALIDATED, LEADS, verb="reopened"),
    ),
)
