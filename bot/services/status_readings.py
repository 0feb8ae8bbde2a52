"""What readers said to posted statuses."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.services import people
from bot.services.history import record_change
from models.schemas.people import PersonCard
from models.schemas.status import Answer, Reading
from models.tables import StatusReading
from models.tables.unit import add_row


def of_updates(session: Session, update_ids: Iterable[int]) -> dict[int, list[Reading]]:
    """By update, in the order in which they answered last."""
    statement = select(StatusReading).where(StatusReading.update_id.in_(list(update_ids)))
    rows = session.scalars(statement.order_by(StatusReading.at, StatusReading.id)).all()
    who = people.cards(session, (row.person_id for row in rows))
    found: dict[int, list[Reading]] = {}
    for row in rows:
        found.setdefault(row.update_id, []).append(Reading(person=who[row.person_id], answer=Answer(row.answer)))
    return found


def put(session: Session, update_id: int, reader: PersonCard, answer: Answer, *, now: datetime) -> bool:
    """One answer each, the last one counts. False: it is what they said before. The update is locked."""
    mine = (StatusReading.update_id == update_id, StatusReading.person_id == reader.id)
    before = session.scalar(select(StatusReading.answer).where(*mine))
    if before == answer:
        return False
    if before is None:
        add_row(session, StatusReading, update_id=update_id, person_id=reader.id, answer=answer.value, at=now)
    else:
        session.execute(update(StatusReading).where(*mine).values(answer=answer.value, at=now))
        session.expire_all()
    record_change(session, "status", update_id, at=now, actor_id=reader.id, field="reading", old=before, new=answer)
    return True
