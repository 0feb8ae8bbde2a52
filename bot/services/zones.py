"""What follows when somebody's zone changes, or the rules of the zones do: instants to come are computed anew.

What was sent for a local date is not sent again: occurrences and asks know their dates.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.services import places, schedule
from models.tables import Desk, ScheduleRule
from models.tables.unit import change_workspace, this_workspace


def follow_people(session: Session, moved: Collection[int], *, now: datetime) -> None:
    """They are asked in their new zone from now on: their requests, and the desks of those who have one."""
    schedule.follow(session, schedule.owners_who_moved(session), now=now)
    if moved:
        session.execute(update(Desk).where(Desk.person_id.in_(moved), Desk.next_look_at > now).values(next_look_at=now))


def are_newer(session: Session, *, known: str) -> bool:
    """The instants to come were computed by other rules than this machine has."""
    return bool(this_workspace(session).zone_data != known)


def follow_data(session: Session, version: str, *, now: datetime) -> None:
    """Wall times and zones are kept; their instants are made of them once more."""
    rules = session.execute(select(ScheduleRule.project_id, ScheduleRule.program_id)).all()
    of = places.by_ids(
        session,
        project_ids={row.project_id for row in rules if row.project_id is not None},
        program_ids={row.program_id for row in rules if row.program_id is not None},
    )
    schedule.ensure_rules(session, of.values(), now=now)
    session.execute(update(Desk).where(Desk.next_look_at > now).values(next_look_at=now))
    change_workspace(session, zone_data=version)
