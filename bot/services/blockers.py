"""What stands in people's way: named in a check-in, asked about until it is solved, linked to a record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services import delivery
from models.schemas.checkin import OpenBlocker
from models.tables import Blocker, Dependency, Issue, Risk

KIND = "blocker"
MOST_OPEN = 5
"""Of one person that are asked about at a time; the oldest first."""


class Linked(NamedTuple):
    """A kind of record that a blocker can be linked to."""

    table: Any
    letter: str
    card_key: str


LINKED: Mapping[str, Linked] = {
    "risk": Linked(Risk, "R", "risk.card:{}"),
    "issue": Linked(Issue, "I", "issue.card:{}"),
    "dependency": Linked(Dependency, "DEP", "dependency.card:{}"),
}


class RecordName(NamedTuple):
    ref: str
    title: str
    link: str | None


def open_of(session: Session, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[OpenBlocker]]:
    """What is still in the way of these people, by check-in and person; the oldest first."""
    checkins, persons = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    statement = select(Blocker).where(
        Blocker.checkin_id.in_(checkins), Blocker.person_id.in_(persons), Blocker.solved_at.is_(None)
    )
    rows = session.scalars(statement.order_by(Blocker.since_on, Blocker.id)).all()
    names = record_names(session, ((row.record_kind, row.record_id) for row in rows))
    found: defaultdict[tuple[int, int], list[OpenBlocker]] = defaultdict(list)
    for row in rows:
        if len(mine := found[row.checkin_id, row.person_id]) < MOST_OPEN:
            mine.append(_open(row, names.get((row.record_kind, row.record_id))))
    return dict(found)


def record_names(
    session: Session, wanted: Iterable[tuple[str | None, int | None]]
) -> dict[tuple[str | None, int | None], RecordName]:
    """How these records are called, by kind and id: a statement for each kind, and one for their links."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for kind, record in wanted:
        if kind is not None and kind in LINKED and record is not None:
            ids[kind].add(record)
    if not ids:
        return {}
    links = delivery.links(session, (LINKED[kind].card_key.format(record) for kind in ids for record in ids[kind]))
    found: dict[tuple[str | None, int | None], RecordName] = {}
    for kind, records in ids.items():
        of = LINKED[kind]
        for row in session.scalars(select(of.table).where(of.table.id.in_(records))):
            url = links.get(of.card_key.format(row.id))
            found[kind, row.id] = RecordName(f"{of.letter}-{row.number}", row.title, url)
    return found


def _open(row: Blocker, record: RecordName | None) -> OpenBlocker:
    return OpenBlocker(
        id=row.id,
        ref=f"B-{row.number}",
        text=row.text,
        since_on=row.since_on,
        record_ref=record.ref if record else None,
        record_link=record.link if record else None,
    )
