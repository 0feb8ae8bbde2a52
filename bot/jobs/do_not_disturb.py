"""Slack's quiet times of those who are asked soon, in fifties."""

import logging
from collections.abc import Iterator

from slack_sdk.errors import SlackApiError

from bot.jobs.each import in_each
from bot.runtime import Runtime
from bot.services import do_not_disturb

logger = logging.getLogger(__name__)

AT_ONCE = 50
"""As many as Slack tells of in one call."""


def fetch_quiet_times(runtime: Runtime) -> None:
    now = runtime.now()
    with runtime.database.look() as connection:
        wanted = do_not_disturb.unknown(connection, serves=runtime.serves, now=now)

    def fetch(workspace_id: int) -> None:
        for some in _fifties(wanted[workspace_id]):
            told = _told_of(runtime.within(workspace_id), some)
            with runtime.database.write(workspace_id) as session:
                do_not_disturb.keep(session, told, some, now=now)

    in_each(wanted, fetch)


def _fifties(slack_ids: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(slack_ids), AT_ONCE):
        yield slack_ids[start : start + AT_ONCE]


def _told_of(runtime: Runtime, slack_ids: list[str]) -> dict[str, dict[str, object]]:
    """What Slack does not tell, for want of a scope or for a while, is unknown: nobody waits for it."""
    try:
        told: dict[str, dict[str, object]] = runtime.slack.dnd_teamInfo(users=slack_ids)["users"]
    except SlackApiError as problem:
        logger.info("quiet times are not told: %s", problem.response.get("error"))
        return {}
    return told
