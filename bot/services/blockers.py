"""What stands in people's way: named in a check-in, asked about until it is solved, linked to a record."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from bot.services import delivery, people
from bot.services.counter import next_number
from bot.services.history import LOGGED, record_change
from models.schemas.checkin import OpenBlocker
from models.schemas.checkin_round import BlockerCard
from models.schemas.people import PersonCard
from models.tables import Blocker, Checkin, Dependency, Issue, Risk
from models.tables.unit import add_row

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


Named = dict[tuple[str | None, int | None], RecordName]


def name_blocker(
    session: Session, text: str, *, checkin_id: int, person_id: int, answer_id: int, on: date, now: datetime
) -> int:
    blocker_id = add_row(
        session,
        Blocker,
        number=next_number(session, KIND),
        checkin_id=checkin_id,
        person_id=person_id,
        answer_id=answer_id,
        text=text,
        since_on=on,
        last_said_on=on,
    )
    record_change(session, KIND, blocker_id, at=now, actor_id=person_id, new=LOGGED)
    return blocker_id


def hold(session: Session, blocker_id: int | None) -> BlockerCard | None:
    """As it is now; until this unit ends nobody else changes it."""
    row = session.scalar(select(Blocker).where(Blocker.id == blocker_id).with_for_update())
    return None if row is None else find(session, row.id)


def find(session: Session, blocker_id: int | None) -> BlockerCard | None:
    return next(iter(cards(session, select(Blocker).where(Blocker.id == blocker_id))), None)


def cards(session: Session, statement: Select[Blocker]) -> list[BlockerCard]:
    """The oldest first."""
    rows = session.scalars(statement.order_by(Blocker.since_on, Blocker.id)).all()
    named = record_names(session, ((row.record_kind, row.record_id) for row in rows))
    who = people.cards(
        session, (person for row in rows for person in (row.person_id, row.solved_by_id, row.linked_by_id))
    )
    wanted = {row.checkin_id for row in rows}
    channels = session.execute(select(Checkin.id, Checkin.channel).where(Checkin.id.in_(wanted)))
    where = dict(channels.all()) if wanted else {}
    return [_card(row, named, who, where.get(row.checkin_id)) for row in rows]


def link(
    session: Session, card: BlockerCard, kind: str, record_id: int, *, by: PersonCard, now: datetime
) -> BlockerCard:
    """It is that record from now on; a link that was set before is replaced."""
    _change(session, card, record_kind=kind, record_id=record_id, linked_by_id=by.id)
    record_change(
        session, KIND, card.id, at=now, actor_id=by.id, field="record", old=card.record_ref, new=f"{kind}:{record_id}"
    )
    return _fresh(session, card)


def solve(session: Session, card: BlockerCard, *, by: PersonCard, on: date, now: datetime) -> BlockerCard:
    if not card.is_open:
        return card
    _change(session, card, solved_at=now, solved_on=on, solved_by_id=by.id)
    record_change(session, KIND, card.id, at=now, actor_id=by.id, field="solved_on", new=on)
    return _fresh(session, card)


def say_again(session: Session, blocker_ids: Collection[int], *, on: date) -> None:
    """Somebody said that these still stand in the way."""
    change = update(Blocker).where(Blocker.id.in_(blocker_ids)).values(last_said_on=on)
    session.execute(change, execution_options={"synchronize_session": False})


def reword(session: Session, card: BlockerCard, text: str, *, by: PersonCard, now: datetime) -> None:
    """The history keeps that it was reworded, not the words: they are forgotten with the answers."""
    if text != card.text:
        _change(session, card, text=text)
        record_change(session, KIND, card.id, at=now, actor_id=by.id, field="text")


def open_of(session: Session, pairs: Collection[tuple[int, int]]) -> dict[tuple[int, int], list[OpenBlocker]]:
    """What is still in the way of these people, by check-in and person; the oldest first."""
    checkins, persons = {pair[0] for pair in pairs}, {pair[1] for pair in pairs}
    statement = select(Blocker).where(
        Blocker.checkin_id.in_(checkins), Blocker.person_id.in_(persons), Blocker.solved_at.is_(None)
    )
    found: defaultdict[tuple[int, int], list[OpenBlocker]] = defaultdict(list)
    rows = session.scalars(statement.order_by(Blocker.since_on, Blocker.id)).all()
    named = record_names(session, ((row.record_kind, row.record_id) for row in rows))
    for row in rows:
        if row.text and len(mine := found[row.checkin_id, row.person_id]) < MOST_OPEN:
            mine.append(_open(row, named.get((row.record_kind, row.record_id))))
    return dict(found)


def record_names(session: Session, wanted: Iterable[tuple[str | None, int | None]]) -> Named:
    """How these records are called, by kind and id: a statement for each kind, and one for their links."""
    ids: defaultdict[str, set[int]] = defaultdict(set)
    for kind, record in wanted:
        if kind is not None and kind in LINKED and record is not None:
            ids[kind].add(record)
    if not ids:
        return {}
    links = delivery.links(session, (LINKED[kind].card_key.format(record) for kind in ids for record in ids[kind]))
    found: Named = {}
    for kind, records in ids.items():
        of = LINKED[kind]
        for row in session.scalars(select(of.table).where(of.table.id.in_(records))):
            url = links.get(of.card_key.format(row.id))
            found[kind, row.id] = RecordName(f"{of.letter}-{row.number}", row.title, url)
    return found


def as_asked(card: BlockerCard) -> OpenBlocker:
    return OpenBlocker(
        id=card.id,
        ref=card.ref,
        text=card.text,
        since_on=card.since_on,
        record_ref=card.record_ref,
        record_link=card.record_link,
    )


def _change(session: Session, card: BlockerCard, **values: object) -> None:
    session.execute(update(Blocker).where(Blocker.id == card.id).values(version=card.version + 1, **values))


def _fresh(session: Session, card: BlockerCard) -> BlockerCard:
    session.expire_all()
    found = find(session, card.id)
    assert found is not None
    return found


def _card(row: Blocker, named: Named, who: Mapping[int, PersonCard], channel: str | None) -> BlockerCard:
    record = named.get((row.record_kind, row.record_id))
    return BlockerCard(
        id=row.id,
        ref=f"B-{row.number}",
        checkin_id=row.checkin_id,
        answer_id=row.answer_id,
        channel=channel,
        text=row.text,
        person=who[row.person_id],
        since_on=row.since_on,
        solved_on=row.solved_on,
        solved_by=who.get(row.solved_by_id or 0),
        record_kind=row.record_kind,
        record_id=row.record_id,
        record_ref=record.ref if record else None,
        record_title=record.title if record else None,
        record_link=record.link if record else None,
        linked_by=who.get(row.linked_by_id or 0),
        version=row.version,
    )


def _open(row: Blocker, record: RecordName | None) -> OpenBlocker:
    return OpenBlocker(
        id=row.id,
        ref=f"B-{row.number}",
        text=row.text,
        since_on=row.since_on,
        record_ref=record.ref if record else None,
        record_link=record.link if record else None,
    )
