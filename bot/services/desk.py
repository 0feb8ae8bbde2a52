"""When somebody's duties are looked at next."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from models.tables import Desk
from models.tables.unit import add_row_once


def look_soon(session: Session, person_ids: Iterable[int | None], *, at: datetime) -> None:
    """Something that these people owe falls due at this instant: their desk is looked at then, if not before."""
    wanted = {person for person in person_ids if person is not None}
    for person in sorted(wanted):
        add_row_once(session, Desk, person_id=person, next_look_at=at)
    session.execute(update(Desk).where(Desk.person_id.in_(wanted), Desk.next_look_at > at).values(next_look_at=at))
