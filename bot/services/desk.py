"""When somebody's duties are looked at, and what is asked of whom then."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, exists, func, select, union, update
from sqlalchemy.orm import Session

from bot.domain.nudges import allowed_at
from bot.domain.reach import Reach
from bot.domain.wall_time import instant
from bot.services import asked, calendars, leave, owed
from bot.services.asked import Day
from bot.services.desk_lines import Line, lines_of, reachable
from bot.services.due import NOW, due_among
from bot.services.owed_sources import DUTIES
from models.schemas.asks import AskRow
from models.schemas.parameters import DEFAULTS
from models.tables import Desk
from models.tables.unit import THIS_WORKSPACE, add_rows_once, fetch, workspace_of

BATCH = 50
"""Desks that are looked at together."""
_DESK = Desk.__table__
workspaces_due = due_among((_DESK, _DESK.c.next_look_at <= NOW))


@dataclass
class Looked:
    """What a look at some desks found."""

    told: set[Day] = field(default_factory=set)
    """Messages that go out, or gain a line."""
    outdated: set[Day] = field(default_factory=set)
    """Messages that name what is over, or went to another day or person."""


def look_soon(session: Session, person_ids: Iterable[int | None], *, at: datetime) -> None:
    """Something that these people owe falls due at this instant: their desk is looked at then, if not before."""
    wanted = {person for person in person_ids if person is not None}
    if not wanted:
        return
    add_rows_once(session, Desk, [{"person_id": person, "next_look_at": at} for person in sorted(wanted)])
    session.execute(update(Desk).where(Desk.person_id.in_(wanted), Desk.next_look_at > at).values(next_look_at=at))


def without(session: Session, *, now: datetime) -> list[int]:
    """Who owes something open, and has no desk yet."""
    owing = union(*(duty.owing for duty in DUTIES.values())).subquery()
    has_one = exists().where(_DESK.c.workspace_id == THIS_WORKSPACE, _DESK.c.person_id == owing.c.person_id)
    statement = select(owing.c.person_id).where(owing.c.person_id.is_not(None), ~has_one)
    return list(fetch(session, statement, now=now).scalars())


def next_look(session: Session, *, serves: Collection[int], now: datetime | None = None) -> datetime | None:
    return session.scalar(select(func.min(Desk.next_look_at)).where(Desk.workspace_id.in_(serves)))


def take_due(session: Session, *, now: datetime, limit: int = BATCH, only: Collection[int] | None = None) -> list[int]:
    """Claim the desks whose time has come, the earliest first; another process takes others."""
    statement = select(Desk.person_id).where(Desk.next_look_at <= now).order_by(Desk.next_look_at, Desk.id)
    if only is not None:
        statement = statement.where(Desk.person_id.in_(only))
    return list(session.scalars(statement.limit(limit).with_for_update(skip_locked=True)))


def look(session: Session, due: Sequence[int], *, now: datetime) -> Looked:
    """Ask for what is due of these people, and of those who stand in for them; note when to look again."""
    first = lines_of(session, {*due, *asked.owners_behind(session, due)}, now=now)
    looked = Looked()
    reaches = reachable(session, calendars.reaches(session, due, now=now))
    here = {person: reach for person, reach in reaches.items() if allowed_at(now, reach) == now}
    back = leave.back(session, here, now=now)
    told = _news(first, due, now) | back
    looked.told |= set(back.items())
    behind = {*told, *asked.owners_behind(session, told)} if told else set()
    standing = asked.open_of(session, {*due, *behind})  # held before the people, as whoever answers one holds it
    if told:
        asked.lock_people(session, told)
        known = {line.what.person_id for line in first} | {*due}
        rest = lines_of(session, behind - known, now=now)
        _ask(session, [*first, *rest], told, looked, now)
    _end_what_is_over(session, [row for row in standing if row.person_id in due], first, looked)
    _note_next(session, due, first, looked, reaches, now)
    return looked


def _news(lines: Sequence[Line], due: Collection[int], now: datetime) -> dict[int, date]:
    """Who has something to be told and may be told now, with their local date."""
    return {
        line.receiver: line.reach.today(now)
        for line in lines
        if line.receiver is not None
        and line.reach is not None
        and _concerns(line, due)
        and line.is_news
        and allowed_at(now, line.reach) == now
    }


def put_back(session: Session, person_id: int, *, until: datetime) -> None:
    """Looking at this desk failed: it is tried again then."""
    session.execute(update(Desk).where(Desk.person_id == person_id).values(next_look_at=until))


def let_go(session: Session, person_id: int, on: date, *, again_at: datetime) -> None:
    """The message of that day was never sent: all that it named is to be asked yet."""
    asked.not_sent(session, person_id, on)
    session.execute(update(Desk).where(Desk.person_id == person_id).values(told_on=None))
    look_soon(session, [person_id], at=again_at)


def _concerns(line: Line, due: Collection[int]) -> bool:
    return line.what.person_id in due or line.receiver in due


def _ask(session: Session, lines: Sequence[Line], told: dict[int, date], looked: Looked, now: datetime) -> None:
    """All that waits for these people stands in the message of their day, new or not."""
    added, noted = [], []
    for line in lines:
        if line.receiver not in told or not line.is_asked or line.newest is None:
            continue
        day, number = told[line.receiver], line.newest.number
        if line.row is None:
            added.append(
                asked.new_row(line.what, asked_id=line.receiver, day=day, nudge=number, now=now, earlier=line.earlier)
            )
            looked.told.add((line.receiver, day))
            continue
        row = line.row
        if (row.asked_id, row.asked_on) != (line.receiver, day):
            looked.outdated.add((row.asked_id, row.asked_on))
            looked.told.add((line.receiver, day))
        noted.append({"row": row.id, "to": line.receiver, "day": day, "number": max(number, row.nudge)})
    asked.add(session, added)
    asked.note_asked(session, noted)


def _end_what_is_over(session: Session, standing: Sequence[AskRow], lines: Sequence[Line], looked: Looked) -> None:
    """What was asked of these people and is not owed any more, whatever became of it."""
    owed_keys = {line.what.key for line in lines}
    over = [row for row in standing if row.base_key not in owed_keys]
    asked.end(session, [row.id for row in over])
    looked.outdated |= {(row.asked_id, row.asked_on) for row in over}


def _note_next(
    session: Session,
    due: Sequence[int],
    lines: Sequence[Line],
    looked: Looked,
    reaches: Mapping[int, Reach],
    now: datetime,
) -> None:
    nexts = [{"person": person, "at": _next_of(person, lines, reaches.get(person), now)} for person in due]
    _change_desks(session, nexts, next_look_at=bindparam("at"))
    told = [{"person": person, "on": day} for person, day in looked.told]
    tomorrow = now + timedelta(days=1)
    add_rows_once(session, Desk, [{"person_id": person, "next_look_at": tomorrow} for person, _ in looked.told])
    _change_desks(session, told, told_on=bindparam("on"))


def _change_desks(session: Session, changes: Sequence[dict[str, Any]], **values: Any) -> None:
    """One statement, whatever their number."""
    if changes:
        mine = (Desk.workspace_id == bindparam("workspace"), Desk.person_id == bindparam("person"))
        workspace = workspace_of(session)
        statement = update(Desk).where(*mine).values(**values)
        session.connection().execute(statement, [{"workspace": workspace, **change} for change in changes])


def _next_of(person: int, lines: Sequence[Line], reach: Reach | None, now: datetime) -> datetime:
    """The next reminder, the end of a snooze, the first and the first free day of an absence, or the next working day's
    opening."""
    coming = [line.next_time for line in lines if _concerns(line, (person,))]
    if reach is None:  # they have left: what is theirs is asked of somebody else
        return min((at for at in coming if at is not None and at > now), default=now + timedelta(days=1))
    day, zone = reach.today(now), reach.hours.zone
    hour = owed.hour_of(reach, DEFAULTS.nudge)
    days = [away.start for away in reach.away]
    found = [*coming, *(instant(start, time(), zone) for start in days), *_opening(day, reach, hour)]
    found += [instant(away.end + timedelta(days=1), hour, zone) for away in reach.away]
    return min(moment for moment in found if moment is not None and moment > now)


def _opening(day: date, reach: Reach, hour: Any) -> list[datetime]:
    """Also while they are away: what falls due then is asked of somebody else."""
    return [instant(each, hour, reach.hours.zone) for each in (day, reach.hours.after(day, 1))]
