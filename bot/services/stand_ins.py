"""For whom somebody stands in right now: the people whose asks come to them while those are away."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.reach import MOST_DELEGATES, speaks_for
from bot.services import calendars
from models.tables import Absence
from models.tables.unit import THIS_WORKSPACE, fetch

_ABSENCE = Absence.__table__
_NAMED_BY = select(_ABSENCE.c.person_id).where(
    _ABSENCE.c.workspace_id == THIS_WORKSPACE,
    _ABSENCE.c.delegate_id.in_(bindparam("delegates", expanding=True)),
    _ABSENCE.c.cancelled_at.is_(None),
    _ABSENCE.c.start_on <= bindparam("latest"),
    _ABSENCE.c.end_on >= bindparam("earliest"),
)
A_DAY = timedelta(days=1)
"""Of somebody's local date and UTC's, the one may be a day before or after the other."""


def stands_in_for(session: Session, person_id: int, *, now: datetime) -> frozenset[int]:
    """Ids of people who are absent, or on their first day back; one statement for whom nobody has named."""
    found: set[int] = set()
    newest = {person_id}
    for _ in range(MOST_DELEGATES):
        newest = _named_by(session, newest, now) - found - {person_id}
        found |= newest
        if not newest:
            break
    if not found:
        return frozenset()
    reaches = calendars.reaches_with_delegates(session, found, now=now)
    return frozenset(person for person in found if speaks_for(person, reaches, now) == person_id)


def _named_by(session: Session, delegates: set[int], now: datetime) -> set[int]:
    today = now.date()
    rows = fetch(session, _NAMED_BY, delegates=list(delegates), latest=today + A_DAY, earliest=today - A_DAY)
    return {row.person_id for row in rows}
