"""Words that an admin takes out of what is kept: history keeps that there were some."""

REDACTED = "(redacted)"
