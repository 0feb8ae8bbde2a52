"""Days off as people are shown them: how long, who covers on which days, and when they are back."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain import absence as rules
from bot.domain.reach import Reach
from bot.services import calendars, people
from models.schemas.absence import AbsenceCard, Covering
from models.schemas.people import PersonCard
from models.tables import Absence


def cards(session: Session, rows: Collection[Absence], *, now: datetime) -> list[AbsenceCard]:
    """In their order: a fixed number of statements whatever their number."""
    if not rows:
        return []
    reaches = calendars.reaches_with_delegates(session, {row.person_id for row in rows}, now=now)
    who = people.cards(session, {*reaches, *(row.delegate_id for row in rows)})
    return [_card(row, reaches, who) for row in rows]


def _card(row: Absence, reaches: dict[int, Reach], who: dict[int, PersonCard]) -> AbsenceCard:
    own = reaches[row.person_id]
    covers = rules.covers(row.person_id, reaches, row.start_on, row.end_on)
    return AbsenceCard(
        id=row.id,
        person=who[row.person_id],
        start_on=row.start_on,
        end_on=row.end_on,
        delegate=who.get(row.delegate_id or 0),
        note=row.note,
        is_cancelled=row.cancelled_at is not None,
        working_days=rules.working_days(row.start_on, row.end_on, own),
        back_on=rules.back_on(row.end_on, own),
        coverings=[
            Covering(
                first=cover.first,
                last=cover.last,
                chain=[who[person] for person in cover.chain if person in who],
                outcome=cover.outcome.value,
            )
            for cover in covers
        ],
    )
