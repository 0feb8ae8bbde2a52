"""Slack's quiet time of those who are about to be asked: whose is fetched, and what was told."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.services import people
from models.tables import Desk, DoNotDisturb, Person
from models.tables.unit import add_rows_once, workspace_of

AHEAD = timedelta(hours=1)
"""Who is asked within so long has to be known."""
KEPT = timedelta(hours=12)
AGAIN = timedelta(minutes=15)
"""At the soonest: what Slack tells may be old as well."""
MOST_AT_ONCE = 500
"""Of a tick: ten calls, half of what Slack takes in a minute."""

_DESK, _PERSON, _QUIET = Desk.__table__, Person.__table__, DoNotDisturb.__table__
_OF_PERSON = (_QUIET.c.person_id == _DESK.c.person_id) & (_QUIET.c.workspace_id == _DESK.c.workspace_id)
_IS_OLD = or_(_QUIET.c.end_at <= bindparam("now"), _QUIET.c.fetched_at < bindparam("kept"))
_UNKNOWN = (
    select(_DESK.c.workspace_id, _PERSON.c.slack_id)
    .join(_PERSON, (_PERSON.c.id == _DESK.c.person_id) & (_PERSON.c.workspace_id == _DESK.c.workspace_id))
    .outerjoin(_QUIET, _OF_PERSON)
    .where(
        _DESK.c.next_look_at <= bindparam("soon"),
        _PERSON.c.slack_id.is_not(None),
        ~_PERSON.c.deleted,
        ~_PERSON.c.is_bot,
        or_(_QUIET.c.id.is_(None), (_QUIET.c.fetched_at < bindparam("again")) & _IS_OLD),
    )
    .order_by(_DESK.c.next_look_at)
    .limit(MOST_AT_ONCE)
)

_CHANGE = (
    update(DoNotDisturb)
    .where(_QUIET.c.workspace_id == bindparam("workspace"), _QUIET.c.person_id == bindparam("new_person_id"))
    .values({name: bindparam(f"new_{name}") for name in ("start_at", "end_at", "fetched_at")})
)


def unknown(connection: Connection, *, serves: Collection[int], now: datetime) -> dict[int, list[str]]:
    """Slack ids by workspace: who is asked soon, and whose quiet time is not known or is over. One statement, whose
    cost is that of who is asked soon."""
    instants = {"now": now, "soon": now + AHEAD, "kept": now - KEPT, "again": now - AGAIN}
    found: dict[int, list[str]] = defaultdict(list)
    for row in connection.execute(_UNKNOWN, instants):
        if row.workspace_id in serves:
            found[row.workspace_id].append(row.slack_id)
    return dict(found)


def keep(session: Session, told: Mapping[str, Mapping[str, Any]], asked: Iterable[str], *, now: datetime) -> None:
    """What Slack told of those who were asked for, by Slack id. Of whom it told nothing, nothing is known: they count
    as not disturbed, and are not asked for again at once."""
    known = session.scalars(select(Person).where(Person.slack_id.in_({*told, *asked}))).all()
    rows = [{"person_id": row.id, "fetched_at": now} | _window(told.get(row.slack_id or "", {}), now) for row in known]
    add_rows_once(session, DoNotDisturb, rows)
    if rows:
        workspace = workspace_of(session)
        session.connection().execute(
            _CHANGE, [{"workspace": workspace, **{f"new_{name}": value for name, value in row.items()}} for row in rows]
        )


def changed(session: Session, slack_id: str, status: Mapping[str, Any], *, now: datetime) -> None:
    """Somebody's quiet time changed. Whoever has a desk is looked at anew: it may have ended early."""
    person = people.by_slack_id(session, slack_id)
    if person is None:
        return
    keep(session, {slack_id: status}, [], now=now)
    later = update(Desk).where(Desk.person_id == person.id, Desk.next_look_at > now)
    session.execute(later.values(next_look_at=now))


def _window(status: Mapping[str, Any], now: datetime) -> dict[str, datetime | None]:
    """Nothing where it is off, over, or not a window."""
    start, end = _instant(status.get("next_dnd_start_ts")), _instant(status.get("next_dnd_end_ts"))
    if not status.get("dnd_enabled") or start is None or end is None or end <= max(start, now):
        return {"start_at": None, "end_at": None}
    return {"start_at": start, "end_at": end}


def _instant(seconds: object) -> datetime | None:
    if not isinstance(seconds, int | float) or isinstance(seconds, bool):
        return None
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, OSError, ValueError):
        return None
