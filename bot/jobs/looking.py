"""Whether a message whose answer was lost stands in Slack."""

from datetime import timedelta
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.jobs.outcome import MENDABLE, refusal
from bot.runtime import Runtime
from models.schemas.delivery import Claim, Posted

CLOCKS_DIFFER = timedelta(seconds=60)
"""Slack's clock names the message that is looked for, ours the attempt."""

MOST_LOOKED_AT = 999


def find_lost(runtime: Runtime, claim: Claim, channel: str, thread: str | None) -> tuple[Posted | None, bool]:
    """Look for it by the key in its metadata. Also says whether we may look at all."""
    assert claim.unsure_since is not None
    oldest = f"{(claim.unsure_since - CLOCKS_DIFFER).timestamp():.6f}"
    look: dict[str, Any] = {
        "channel": channel,
        "oldest": oldest,
        "inclusive": True,
        "include_all_metadata": True,
        "limit": MOST_LOOKED_AT,
    }
    slack = runtime.slack
    try:
        answer = slack.conversations_replies(ts=thread, **look) if thread else slack.conversations_history(**look)
    except SlackApiError as problem:
        trouble = refusal(problem)
        if trouble.retry and trouble.error not in MENDABLE:
            raise
        return None, False
    for message in answer["messages"]:
        told = (message.get("metadata") or {}).get("event_payload") or {}
        if told.get("key") == claim.message_key:
            return Posted(channel=channel, ts=message["ts"], version=told.get("version") or 0), True
    return None, True
