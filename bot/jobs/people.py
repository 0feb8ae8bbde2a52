"""Copies of Slack's people: names, zones, who is a guest, who has left."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from http.client import HTTPException
from typing import Any

from slack_sdk.errors import SlackApiError
from sqlalchemy.orm import Session

from bot.jobs.outcome import refusal
from bot.notices import leaving
from bot.runtime import NotInstalled, Runtime
from bot.services import people_copies, people_pages, zones
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
        everyone = people_copies.is_stale(session, before=now - KEPT)
        new_data = zones.are_newer(session, known=zone_data())
        strangers = people_copies.strangers(session)
    if new_data:
        with runtime.database.write(workspace_id) as session:
            zones.follow_data(session, zone_data(), now=now)
    here = runtime.within(workspace_id)
    if everyone:
        _read_everyone(here, workspace_id)
    elif strangers:
        _save(here, workspace_id, [_told_of(here, slack_id) for slack_id in strangers])


def know_everyone(runtime: Runtime, workspace_id: int) -> None:
    """As above, and returns when the last page is saved: in a workspace of 100,000 after half an hour."""
    refresh_workspace(runtime, workspace_id)
    while (until := _waits_until(runtime, workspace_id)) is not None:
        runtime.clock.wait(max(1, (until - runtime.now()).total_seconds()))
        refresh_workspace(runtime, workspace_id)


def _waits_until(runtime: Runtime, workspace_id: int) -> datetime | None:
    with runtime.database.read(workspace_id) as session:
        return people_pages.waits_until(session)


def _read_everyone(runtime: Runtime, workspace_id: int) -> None:
    """Page by page, as many as Slack gives at once; the next tick, or another process, goes on from there."""
    with runtime.database.write(workspace_id) as session:
        if not people_pages.begin(session, now=runtime.now()):
            return
        cursor = people_pages.cursor(session)
    try:
        while True:
            page = runtime.slack.users_list(limit=PAGE, cursor=cursor)
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or None
            _save(runtime, workspace_id, page["members"], following=cursor, is_page=True)
            if cursor is None:
                return
    except (SlackApiError, OSError, HTTPException) as problem:
        with runtime.database.write(workspace_id) as session:
            goes_on = _goes_on_later(session, problem, now=runtime.now())
        if not goes_on:
            raise


def _goes_on_later(session: Session, problem: Exception, *, now: datetime) -> bool:
    """True where nothing is wrong: Slack gives no more for a moment."""
    trouble = refusal(problem) if isinstance(problem, SlackApiError) else None
    if trouble is not None and trouble.limited:
        people_pages.wait(session, until=now + timedelta(seconds=max(1, trouble.wait)))
        return True
    if trouble is None or trouble.retry:
        people_pages.wait(session, until=now)
    else:  # it may be the place that Slack does not know any more
        people_pages.begin_anew(session)
    return False


def _save(
    runtime: Runtime,
    workspace_id: int,
    members: Sequence[dict[str, Any]],
    *,
    following: str | None = None,
    is_page: bool = False,
) -> None:
    now = runtime.now()
    with runtime.database.write(workspace_id) as session:
        moved = leaving.take_over(session, members, now=now)
        if is_page:
            people_pages.turn(session, following, now=now)
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
