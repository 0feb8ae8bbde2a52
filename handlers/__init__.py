"""What Slack can ask of us, capability by capability."""

from handlers import (
    assumption,
    decision,
    home,
    issue,
    people,
    record,
    risk,
    risk_acts,
    risk_receipt,
    setup,
    shortcuts,
    status,
    status_acts,
)

FEATURES = (
    risk.FEATURE,
    risk_acts.FEATURE,
    issue.FEATURE,
    assumption.FEATURE,
    decision.FEATURE,
    status.FEATURE,
    status_acts.FEATURE,
    record.FEATURE,
    setup.FEATURE,
    home.FEATURE,
    people.FEATURE,
    risk_receipt.FEATURE,
    shortcuts.FEATURE,
)
