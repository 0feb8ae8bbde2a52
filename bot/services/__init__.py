"""Use cases. Each takes an open session and plain values, and returns schemas.

A service flushes but never commits, never reads the clock and never calls Slack.
"""
