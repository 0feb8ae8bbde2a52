"""Copies of Slack's people: names, zones, who is a guest, who has left."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError

from bot.notices import leaving
from bot.runtime import NotInstalled, Runtime
from bot.services import people, zones
from bot.zone_data import zone_data

logger = logging.getLogger(__name__)

PAGE = 200
KEPT = timedelta(days=1)


def refresh_people(runtime: Runtime) -> None:
    """Everyone once a day, and whoever was met since and is known by id alone.

    A workspace that Slack says nothing of is asked for again at the next tick; the others go on.
    """
    failed: Exception | None = None
    for workspace_id in sorted(runtime.serves):
        try:
            refresh_workspace(runtime, workspace_id)
        except NotInstalled:
            continue
        except (SlackApiError, OSError, HTTPException) as problem:
            word = problem.response.get("error") if isinstance(problem, SlackApiError) else type(problem).__name__
            logger.warning("the people of workspace %s are not known yet: %s", workspace_id, word)
            failed = problem
    if failed is not None and len(runtime.serves) == 1:
        raise failed


def refresh_workspace(runtime: Runtime, workspace_id: int) -> None:
    now = runtime.now()
    with runtime.database.read(workspace_id) as session:
        everyone = people.is_stale(session, before=now - KEPT)
        new_data = zones.are_newer(session, known=zone_data())
        strangers = people.strangers(session)
    if new_data:
        with runtime.database.write(workspace_id) as session:
            zones.follow_data(session, zone_data(), now=now)
    here = runtime.within(workspace_id)
    members = list(_everyone(here)) if everyone else [_told_of(here, slack_id) for slack_id in strangers]
    if not members:
        return
    with runtime.database.write(workspace_id) as session:
        moved = leaving.take_over(session, members, now=now)
        if everyone:
            people.mark_synced(session, now=now)
        zones.follow_people(session, moved, now=now)


def _told_of(runtime: Runtime, slack_id: str) -> dict[str, Any]:
    """One whom Slack does not know is remembered as gone, so that nobody waits for them."""
    try:
        member: dict[str, Any] = runtime.slack.users_info(user=slack_id)["user"]
    except SlackApiError as problem:
        if problem.response.get("error") not in ("user_not_found", "user_not_visible"):
            raise
        return {"id": slack_id, "deleted": True}
    return member


def _everyone(runtime: Runtime) -> Iterator[dict[str, Any]]:
    cursor: str | None = None
    while True:
        page = runtime.slack.users_list(limit=PAGE, cursor=cursor)
        yield from page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
        if not cursor:
            return
