"""What Slack can ask of us, capability by capability."""

from handlers import (
    assumption,
    decision,
    decision_acts,
    export,
    home,
    issue,
    people,
    pictures,
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
    risk_receipt.FEATURE,
    issue.FEATURE,
    assumption.FEATURE,
    decision.FEATURE,
    decision_acts.FEATURE,
    status.FEATURE,
    status_acts.FEATURE,
    record.FEATURE,
    pictures.FEATURE,
    export.FEATURE,
    setup.FEATURE,
    shortcuts.FEATURE,
    home.FEATURE,
    people.FEATURE,
)
