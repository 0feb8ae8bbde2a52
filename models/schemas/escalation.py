"""The words we use about escalations: what nobody answers climbs."""

from enum import IntEnum, StrEnum


class Rule(StrEnum):
    """What fires (domain 4.3)."""

    E1 = "E1"
    E2 = "E2"
    E3 = "E3"
    E4 = "E4"
    E5 = "E5"
    E5B = "E5b"
    E6 = "E6"
    E7 = "E7"
    E8 = "E8"
    E9 = "E9"


RULE_NAMES = {
    Rule.E1: "unacknowledged",
    Rule.E2: "no_response_plan",
    Rule.E3: "review_overdue",
    Rule.E4: "decision_overdue",
    Rule.E5: "dependency_overdue",
    Rule.E5B: "dependency_uncommitted",
    Rule.E6: "status_missing",
    Rule.E7: "issue_sla",
    Rule.E8: "milestone_overdue",
    Rule.E9: "finding_overdue",
}
"""As a report prints them, behind the rule: 'E1_unacknowledged'."""


class EscalationState(StrEnum):
    PENDING = "pending"
    """Its deadline is to come."""
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"
    CANCELLED = "cancelled"


class Level(IntEnum):
    """Whose turn it is. The owner of the record comes before any escalation."""

    OWNER = 1
    LEAD = 2
    MANAGER = 3
    SPONSOR = 4
