"""Words that all records of the register share."""

UNDONE = "undone"
"""The reason of what its author took back: the number stays used, and nobody is asked about it."""
