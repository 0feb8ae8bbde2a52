"""The life of a decision (domain 3.3)."""

from bot.domain.machine import Machine, Transition, rows
from models.schemas.decision import DecisionStatus, Reversibility
from models.schemas.roles import Role

S = DecisionStatus
_DRIVER, _APPROVER = frozenset({Role.DRIVER}), frozenset({Role.APPROVER})
_DECIDES = _APPROVER | {Role.APPROVERS_STAND_IN}
"""While the approver is away also whom they named to cover."""

MACHINE = Machine(
    "decision",
    S,
    (
        Transition("propose", rows(S.DRAFT), S.PROPOSED, _DRIVER, verb="proposed"),
        Transition("review", rows(S.PROPOSED), S.IN_REVIEW, _DRIVER | _APPROVER, verb="taken into review"),
        Transition("decide", rows(S.PROPOSED, S.IN_REVIEW), S.ACCEPTED, _DECIDES, verb="decided"),
        Transition("reject", rows(S.PROPOSED, S.IN_REVIEW), S.REJECTED, _DECIDES, verb="rejected"),
        Transition("defer", rows(S.PROPOSED, S.IN_REVIEW), S.DEFERRED, _DRIVER | _DECIDES, verb="deferred"),
        Transition("resume", rows(S.DEFERRED), S.PROPOSED, _DRIVER | {Role.BOT}, verb="proposed again"),
        Transition("withdraw", rows(S.DRAFT, S.PROPOSED), S.WITHDRAWN, _DRIVER, verb="withdrawn"),
        Transition("supersede", rows(S.ACCEPTED), S.SUPERSEDED, frozenset({Role.BOT}), verb="superseded"),
        Transition(
            "deprecate", rows(S.ACCEPTED), S.DEPRECATED, _APPROVER | {Role.MANAGER}, verb="marked as no longer valid"
        ),
    ),
)

FEWEST_OPTIONS_OF_ONE_WAY = 2


def missing_for_review(reversibility: Reversibility, options: int, contributors: int) -> list[str]:
    """What a one-way door still lacks before it can be reviewed, in words; a two-way door needs nothing more."""
    if reversibility is Reversibility.TWO_WAY:
        return []
    missing = [] if options >= FEWEST_OPTIONS_OF_ONE_WAY else ["at least 2 options"]
    return missing if contributors else [*missing, "at least 1 person who is heard"]
