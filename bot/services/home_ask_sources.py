"""What can wait for a person in their Home: all that people owe, for one reader."""

from bot.services.owed_sources import DUTIES

SOURCES = {kind: duty.source for kind, duty in DUTIES.items()}
"""Of asks of one date the earlier kind stands first."""
