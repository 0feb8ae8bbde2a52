"""Who is in a channel: a card's mention reaches only its members."""

import re
from http.client import HTTPException

from slack_sdk.errors import SlackApiError

from bot.runtime import Runtime
from models.schemas.delivery import Claim, Operation, Posted

PAGE = 200
SUMMONING = ("risk.card", "issue.card", "status", "escalation.step")
"""Messages that call one person by a mention, by what their key begins with. A decision's approver has a message."""

MENTION = re.compile(r"<@([UW][A-Z0-9]+)>")


def is_member(runtime: Runtime, channel: str, slack_id: str) -> bool:
    """Raises SlackApiError where the bot may not look."""
    cursor: str | None = None
    while True:
        page = runtime.slack.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        if slack_id in page["members"]:
            return True
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if not cursor:
            return False


def members_of(runtime: Runtime, channel: str) -> list[str]:
    """Slack ids of all who are in it. Raises SlackApiError where the bot may not look."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        page = runtime.slack.conversations_members(channel=channel, limit=PAGE, cursor=cursor)
        found += page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if not cursor:
            return found


def summons_in_vain(runtime: Runtime, claim: Claim, posted: Posted | None) -> bool:
    """A new card mentions somebody who is not in its channel: Slack tells them nothing. False where nobody knows.

    In a direct message, as of a dry run, nobody else is summoned.
    """
    if posted is None or claim.operation is not Operation.POST or posted.channel.startswith("D"):
        return False
    if claim.message_key.partition(":")[0] not in SUMMONING:
        return False
    called = MENTION.search(str(claim.body["blocks"][0].get("text", {}).get("text", "")))
    if called is None:
        return False
    try:
        return not is_member(runtime, posted.channel, called[1])
    except (SlackApiError, OSError, HTTPException):
        return False
