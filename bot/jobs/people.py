"""Copies of Slack's people: names, zones, who is a guest, who has left."""

from typing import Any

from bot.runtime import Runtime
from bot.services import people, places, schedule
from bot.services import workspace as workspaces

PAGE = 200


def refresh_people(runtime: Runtime) -> None:
    """All of them, page by page, in every workspace."""
    with runtime.database.everywhere() as session:
        found = workspaces.all_workspaces(session)
    for workspace in found:
        members = _members(runtime)
        with runtime.database.write(workspace.id) as session:
            people.refresh(session, members, now=runtime.now())
            people.mark_synced(session, now=runtime.now())
            for ref in schedule.owners_who_moved(session):
                schedule.ensure_rule(session, places.get(session, ref), now=runtime.now())


def _members(runtime: Runtime) -> list[dict[str, Any]]:
    members: list[dict[str, Any]] = []
    cursor = ""
    while True:
        page = runtime.slack.users_list(limit=PAGE, cursor=cursor) if cursor else runtime.slack.users_list(limit=PAGE)
        members += page["members"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
        if not cursor:
            return members
