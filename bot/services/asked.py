"""What was asked of whom: the memory of the daily message."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select, tuple_, update
from sqlalchemy.orm import Session

from bot.services.owed_sources import DUTIES
from models.schemas.asks import AskRow, AskState, Done, Owed
from models.schemas.home import AskKind
from models.schemas.people import PersonCard
from models.tables import Ask, Person
from models.tables.unit import add_rows_once, workspace_of

NEVER = -1
"""No reminder of it was sent."""
Day = tuple[int, date]
"""Who was asked, on which of their days: one message."""


def day_key(slack_id: str | None, on: date) -> str:
    """Of the message of a person's day."""
    return f"asks:{slack_id}:{on}"


def open_of(session: Session, person_ids: Iterable[int], *, lock: bool = True) -> list[AskRow]:
    """What was asked of these people, or in their name, and waits for an answer."""
    return _rows(session, Ask.person_id.in_(list(person_ids)), Ask.state == AskState.OPEN, lock=lock)


def owners_behind(session: Session, asked_ids: Iterable[int]) -> set[int]:
    """In whose name these people were asked for what still waits."""
    behind = select(Ask.person_id).where(Ask.asked_id.in_(list(asked_ids)), Ask.state == AskState.OPEN)
    return set(session.scalars(behind.distinct()))


def of_keys(session: Session, keys: Collection[str]) -> dict[str, AskRow]:
    """The newest row of each of these keys, whatever became of it."""
    rows = _rows(session, Ask.base_key.in_(list(keys))) if keys else []
    return {row.base_key: row for row in rows}


def of_days(session: Session, days: Collection[Day]) -> list[AskRow]:
    """All that these messages name, answered or not."""
    if not days:
        return []
    return _rows(session, tuple_(Ask.asked_id, Ask.asked_on).in_(list(days)))


def of_subject(session: Session, kinds: Collection[AskKind], record_id: int) -> list[AskRow]:
    """What is asked about this record and waits for an answer."""
    about = (Ask.kind.in_(list(kinds)), Ask.record_id == record_id, Ask.state == AskState.OPEN)
    return _rows(session, *about, lock=True)


def by_id(session: Session, ask_id: int | None, *, lock: bool = False) -> AskRow | None:
    return next(iter(_rows(session, Ask.id == ask_id, lock=lock)), None)


def add(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """New asks. One that another process has added meanwhile is that one's."""
    add_rows_once(session, Ask, rows)


def new_row(
    ask: Owed, *, asked_id: int, day: date, nudge: int, now: datetime, earlier: AskRow | None
) -> dict[str, Any]:
    """`earlier` is what was asked with the same key before and is over: this one is counted anew."""
    again = int(earlier.key.rpartition("#")[2] or 0) + 1 if earlier and "#" in earlier.key else 2
    return {
        "base_key": ask.key,
        "key": f"{ask.key}#{again}" if earlier else ask.key,
        "kind": ask.kind.value,
        "record_id": ask.record_id,
        "subject": ask.subject,
        "program_id": ask.program_id,
        "project_id": ask.project_id,
        "person_id": ask.person_id,
        "asked_id": asked_id,
        "due_at": ask.due_at,
        "due_on": ask.due_on,
        "nudge": nudge,
        "first_asked_at": now,
        "asked_on": day,
    }


def note_asked(session: Session, rows: Sequence[dict[str, Any]]) -> None:
    """These were asked: as {'row', 'to', 'day', 'number'}. One statement, whatever their number."""
    if rows:
        statement = (
            update(Ask)
            .where(
                Ask.workspace_id == bindparam("workspace"),
                Ask.id == bindparam("row"),
                Ask.state == AskState.OPEN,
            )
            .values(asked_id=bindparam("to"), asked_on=bindparam("day"), nudge=bindparam("number"))
        )
        workspace = workspace_of(session)
        session.connection().execute(statement, [{"workspace": workspace, **row} for row in rows])


def end(session: Session, ask_ids: Collection[int]) -> None:
    """Nobody has to answer these any more."""
    if ask_ids:
        change(session, ask_ids, state=AskState.OVER.value)


def not_sent(session: Session, person_id: int, on: date) -> None:
    """A message that named these never left."""
    named = (Ask.asked_id == person_id, Ask.asked_on == on, Ask.state == AskState.OPEN)
    session.execute(update(Ask).where(*named).values(nudge=NEVER), execution_options={"synchronize_session": False})


def change(session: Session, ask_ids: Collection[int], **values: Any) -> None:
    statement = update(Ask).where(Ask.id.in_(list(ask_ids))).values(**values)
    session.execute(statement, execution_options={"synchronize_session": False})


def lock_people(session: Session, person_ids: Iterable[int]) -> None:
    """One at a time writes a person's daily message. Always after the asks, in one order: nobody waits in a circle."""
    locked = select(Person.id).where(Person.id.in_(sorted(set(person_ids)))).order_by(Person.id)
    session.execute(locked.with_for_update(key_share=True))


def answered_for(session: Session, person_ids: Collection[int], *, since: datetime) -> list[AskRow]:
    """What others answered in the name of these people since then, the oldest first."""
    theirs = (Ask.person_id.in_(list(person_ids)), Ask.state == AskState.ANSWERED, Ask.answered_at >= since)
    return [row for row in _rows(session, *theirs) if row.answered_by_id != row.person_id]


def card_key(row: AskRow) -> str | None:
    """Of the message that stands for the record."""
    of_kind = DUTIES[row.kind].card_key
    return of_kind(row.record_id) if of_kind else None


def done(row: AskRow, links: Mapping[str, str], by: PersonCard | None) -> Done:
    """What became of it, in words."""
    link = links.get(card_key(row) or "")
    record_id = row.project_id if row.kind is AskKind.STATUS and row.project_id else row.record_id
    effect = row.effect or "answered"
    return Done(kind=row.kind, record_id=record_id, subject=row.subject, link=link, effect=effect, by=by)


def _rows(session: Session, *conditions: ColumnElement[bool] | Any, lock: bool = False) -> list[AskRow]:
    statement = select(Ask).where(*conditions).order_by(Ask.id)
    rows = session.scalars(
        statement.with_for_update() if lock else statement, execution_options={"populate_existing": True}
    )
    return [AskRow.model_validate(row) for row in rows]
