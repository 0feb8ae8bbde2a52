"""What Slack can ask of us, capability by capability."""

from handlers import decision, home, people, record, risk, setup, status

FEATURES = (risk.FEATURE, decision.FEATURE, status.FEATURE, record.FEATURE, setup.FEATURE, home.FEATURE, people.FEATURE)
