"""The words we use about what audits find."""

from enum import StrEnum


class FindingSeverity(StrEnum):
    CRITICAL = "critical"
    MAJOR = "major"
    MINOR = "minor"
    OBSERVATION = "observation"


class FindingStatus(StrEnum):
    OPEN = "open"
    IN_REMEDIATION = "in_remediation"
    READY_FOR_VERIFICATION = "ready_for_verification"
    CLOSED = "closed"
    RISK_ACCEPTED = "risk_accepted"


STATE_WORDS = {
    FindingStatus.OPEN: "Open",
    FindingStatus.IN_REMEDIATION: "In remediation",
    FindingStatus.READY_FOR_VERIFICATION: "Ready for verification",
    FindingStatus.CLOSED: "Closed",
    FindingStatus.RISK_ACCEPTED: "Risk accepted",
}

WITH_OWNER = (FindingStatus.OPEN, FindingStatus.IN_REMEDIATION)
"""Its owner has something to do: afterwards others look at it."""
