"""What we copy of Slack's members: who they are there, when everybody was copied last, whom we know nothing of."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.domain import slack_text
from bot.services import people
from bot.services.erased import passed_over
from models.tables import Person
from models.tables.unit import add_row, change_workspace, this_workspace

MOST_NAME = 100
"""Slack's own limit is 80."""


def refresh(session: Session, members: Iterable[Mapping[str, Any]], *, now: datetime) -> list[int]:
    """Take over what Slack says of these users (`users.list`, `users.info`, `user_change`); writes what changed.

    Returns ids of those who moved to another zone.
    """
    moved = []
    told = {member["id"]: _copied(member) for member in members if member.get("id")}
    known = {row.slack_id: row for row in session.scalars(select(Person).where(Person.slack_id.in_(told)))}
    for slack_id in passed_over(session, told.keys() - known.keys()):
        del told[slack_id]
    handles = [values["handle"] for values in told.values()]
    taken = {row.handle: row.slack_id for row in session.scalars(select(Person).where(Person.handle.in_(handles)))}
    for slack_id, values in told.items():
        if taken.get(values["handle"], slack_id) != slack_id:  # handles are unique here, display names in Slack are not
            values["handle"] = f"{values['handle']} ({slack_id})"
        taken[values["handle"]] = slack_id
        row = known.get(slack_id)
        if row is None:
            add_row(session, Person, slack_id=slack_id, fetched_at=now, **values)
        elif row.fetched_at is None or any(getattr(row, name) != value for name, value in values.items()):
            if row.tz != values["tz"]:
                moved.append(row.id)
            session.execute(update(Person).where(Person.id == row.id).values(fetched_at=now, **values))
    people.forget(session)
    return moved


def is_stale(session: Session, *, before: datetime) -> bool:
    """The copies of everyone were last taken before then, or never."""
    synced: datetime | None = this_workspace(session).people_synced_at
    return synced is None or synced < before


def strangers(session: Session) -> list[str]:
    """Slack ids of people whom we met and know nothing else of."""
    statement = select(Person.slack_id).where(Person.fetched_at.is_(None), Person.slack_id.is_not(None))
    return [slack_id for slack_id in session.scalars(statement.limit(50)) if slack_id]


def ask_slack_again(session: Session, slack_id: str) -> None:
    """They become one of those whom we know nothing of."""
    session.execute(update(Person).where(Person.slack_id == slack_id).values(fetched_at=None))


def mark_synced(session: Session, *, now: datetime) -> None:
    """Everyone is known; the zone that most people live in is the workspace's, for whoever has none."""
    values: dict[str, Any] = {"people_synced_at": now}
    zones = session.scalars(select(Person.tz).where(Person.tz.is_not(None), ~Person.deleted, ~Person.is_bot))
    most_common = Counter(zones).most_common(1)
    if most_common:
        values["default_tz"] = str(most_common[0][0])
    change_workspace(session, **values)
    people.forget(session)


def _copied(member: Mapping[str, Any]) -> dict[str, Any]:
    profile = member.get("profile") or {}
    handle = profile.get("display_name") or member.get("name") or member["id"]
    name = member.get("real_name") or profile.get("real_name")
    return {
        "handle": slack_text.storable(handle)[:MOST_NAME] or member["id"],
        "name": slack_text.storable(name)[:MOST_NAME] if name else None,
        "tz": _known_zone(member.get("tz")),
        "is_admin": bool(member.get("is_admin") or member.get("is_owner")),
        "is_guest": bool(member.get("is_restricted") or member.get("is_ultra_restricted") or member.get("is_stranger")),
        "is_bot": bool(member.get("is_bot") or member["id"] == "USLACKBOT"),
        "deleted": bool(member.get("deleted")),
    }


def _known_zone(name: str | None) -> str | None:
    """A zone that this machine's data do not know is none: the workspace's serves until they do."""
    try:
        return ZoneInfo(name).key if name else None
    except (OSError, ValueError, ZoneInfoNotFoundError):  # the first for a name that no file can have
        return None
