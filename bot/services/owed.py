"""All that people owe, for many of them at once: one statement for each kind, whatever the number of people."""

from collections.abc import Collection, Iterable
from datetime import datetime, time
from typing import Any

from sqlalchemy import Row
from sqlalchemy.orm import Session

from bot.domain.nudges import Nudge, nudge_times
from bot.domain.reach import Reach
from bot.domain.wall_time import instant, parse_time
from bot.services import people
from bot.services.duties import PEOPLE, RECORDS, Duty
from bot.services.home_lists import Reader, sorted_by
from bot.services.owed_sources import DUTIES
from models.schemas.asks import Owed
from models.schemas.home import AskKind
from models.schemas.parameters import NudgeRules
from models.schemas.people import PersonCard
from models.tables.unit import fetch

EARLIEST_DAY = "Etc/GMT-14"
"""Where a day begins first: what waits for anybody by then waits there."""


def owed(session: Session, person_ids: Iterable[int], *, until: datetime, now: datetime) -> list[Owed]:
    """What these people owe now, and what falls due by that instant, as far as it can be known now."""
    readers = {person: Reader(card, until) for person, card in people.cards(session, person_ids).items()}
    if not readers:
        return []
    found, bounds = [], _bounds(until) | {"now": now}
    for kind, duty in DUTIES.items():
        rows = fetch(session, duty.of_people, **{PEOPLE: list(readers)}, **bounds).all()
        found += [_owed(kind, duty, row, readers[row.person_id]) for row in rows]
    return [each for each in found if _has_begun(each, readers[each.person_id])]


def of_records(session: Session, kind: AskKind, record_ids: Collection[int], *, now: datetime) -> list[Owed]:
    """What of these records is still to be answered, by whom it is now."""
    duty = DUTIES[kind]
    rows = fetch(session, duty.of_records, **{RECORDS: list(record_ids)}, **_bounds(now)).all()
    readers = {id_: Reader(card, now) for id_, card in people.cards(session, (row.person_id for row in rows)).items()}
    return [_owed(kind, duty, row, readers[row.person_id]) for row in rows if row.person_id in readers]


def opening(ask: Owed, reach: Reach, rules: NudgeRules) -> datetime | None:
    """When it is asked for first, before it is moved into anybody's hours. `reach` is of its person."""
    if ask.opens_at is not None:
        return ask.opens_at
    if ask.opens_on is None:
        return None
    day = reach.hours.after(ask.opens_on, ask.opens_after) if ask.opens_after else ask.opens_on
    return instant(day, hour_of(reach, rules), reach.hours.zone)


def nudges(ask: Owed, owner: Reach, receiver: Reach, rules: NudgeRules) -> tuple[Nudge, ...]:
    """When the receiver, who may be somebody else than its person, is asked for it."""
    opens = opening(ask, owner, rules)
    if opens is None:
        return ()
    hour = hour_of(receiver, rules)
    return nudge_times(opens, ask.due, receiver, rules.most, closes_at=ask.closes_at, hour=hour)


def hour_of(reach: Reach, rules: NudgeRules) -> time:
    """The hour of this person's daily message."""
    return reach.opens_at or parse_time(rules.opens_at)


def _bounds(until: datetime) -> dict[str, Any]:
    """What the statements compare with: no zone has a later day than this one."""
    earliest = Reader(PersonCard(id=0, slack_id=None, handle="", tz=EARLIEST_DAY), until)
    return earliest.values


def _owed(kind: AskKind, duty: Duty, row: Row[Any], reader: Reader) -> Owed:
    facts = duty.facts(row, reader)
    values = {
        "kind": kind,
        "id": row.id,
        "record_id": row.record_id,
        "person_id": row.person_id,
        "project_id": row.project_id,
        "program_id": row.program_id,
        "ref": f"{duty.letter}-{row.number}",
        "title": row.title,
        "is_urgent": bool(row.is_urgent),
        "is_overdue": _is_overdue(facts, reader),
        "sorted_by": sorted_by(facts, reader),
    }
    return Owed(**values | facts)


def _is_overdue(facts: dict[str, Any], reader: Reader) -> bool:
    if facts.get("due_at"):
        return bool(facts["due_at"] <= reader.now)
    return bool(facts.get("due_on") and facts["due_on"] < reader.today)


def _has_begun(ask: Owed, reader: Reader) -> bool:
    if ask.opens_at is not None:
        return ask.opens_at <= reader.now
    return ask.opens_on is not None and ask.opens_on <= reader.today
