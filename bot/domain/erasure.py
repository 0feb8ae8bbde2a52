"""What stays of somebody who was erased: no name, and a mark by which Slack's copies of them are passed over."""

import hashlib

NOBODY = "somebody"
ROUNDS = 50_000
"""Slow on purpose: a mark does not give the id back to whoever tries all of them."""


def mark(slack_id: str, team_id: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", slack_id.encode(), team_id.encode(), ROUNDS).hex()


def address(person_id: int) -> str:
    """Stands where their Slack id stood, in what was sent to them."""
    return f"erased:{person_id}"


def called(number: int) -> str:
    """Handles are unique: the second one is 'somebody 2'."""
    return NOBODY if number == 1 else f"{NOBODY} {number}"
