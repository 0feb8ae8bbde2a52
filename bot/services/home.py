"""A person's desk: what waits for them, what they answer for, and what they wait for."""

from datetime import datetime
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from bot.domain.wall_time import local_date
from bot.services import absence, escalation, home_asks, home_places, home_waits, people, switches
from bot.services.home_lists import ME, PROJECT, RISK, TODAY, Reader
from bot.services.requests import WAIVING_STATES
from models.schemas.assumption import AssumptionStatus
from models.schemas.home import A_PAGE, AskKind, Home, HomeAsk, HomePlace, HomeWait, NextAsk, Part, Stretch
from models.schemas.risk import ACTIVE
from models.tables import Assumption, ScheduleRule
from models.tables.unit import THIS_WORKSPACE, fetch

ON_THE_DESK = {Part.ASKS: 15, Part.PLACES: 10, Part.WAITS: 5}


def build(session: Session, slack_id: str, *, now: datetime, part: Part | None = None, start: int = 0) -> Home:
    """The desk or, where `part` is named, a page of that list from item `start` on.

    A fixed number of statements; every list is cut by the database.
    """
    person = people.by_slack_id(session, slack_id)
    if person is None:
        zone = people.default_zone(session)
        return Home(person=None, today=local_date(now, zone), **_NOTHING)
    reader = Reader(person, now)
    shown = _NOTHING | _parts(session, reader, part, start)
    if part and 0 < shown[part].total <= start:  # it has become shorter
        shown |= _parts(session, reader, part, (shown[part].total - 1) // A_PAGE * A_PAGE)
    idle = part is None and not shown["asks"].total
    return Home(
        person=person,
        today=reader.today,
        part=part,
        next_ask=_next_ask(session, reader) if idle else None,
        escalated=escalation.with_person(session, person.id, now=now) if part is None else [],
        paused=switches.paused_for(session, person, now=now) if part is None else [],
        away=absence.present(session, person, now=now) if part is None else None,
        **shown,
    )


def _parts(session: Session, reader: Reader, part: Part | None, start: int) -> dict[str, Any]:
    """A guest gets what is asked of them, and nothing else."""
    found: dict[str, Any] = {}
    if part in (None, Part.ASKS):
        found["asks"], found["overdue"] = home_asks.page(session, reader, **_cut(Part.ASKS, part, start))
    if part in (None, Part.PLACES) and not reader.person.is_guest:
        found["places"] = home_places.page(session, reader, **_cut(Part.PLACES, part, start))
    if part in (None, Part.WAITS) and not reader.person.is_guest:
        found["waits"] = home_waits.page(session, reader, **_cut(Part.WAITS, part, start))
    return found


def _cut(name: Part, part: Part | None, start: int) -> dict[str, int]:
    return {"start": 0, "most": ON_THE_DESK[name]} if part is None else {"start": start, "most": A_PAGE}


def _next_ask(session: Session, reader: Reader) -> NextAsk | None:
    """What will be asked first, as far as it is known today: a day counts from its beginning."""
    found: list[tuple[Any, NextAsk]] = []
    for kind, statement in _NEXT.items():
        row = fetch(session, statement, **reader.values).first()
        if row is not None and kind is AskKind.STATUS:
            found.append((reader.date_of(row.due), NextAsk(kind=kind, what=row.what, at=row.due)))
        elif row is not None:
            letter = "R" if kind is AskKind.REVIEW_RISK else "A"
            found.append((row.due, NextAsk(kind=kind, what=f"{letter}-{row.what}", on=row.due)))
    return min(found, key=lambda each: each[0])[1] if found else None


_RULE, _ASSUMPTION = ScheduleRule.__table__, Assumption.__table__
_ITS_PROJECT = and_(PROJECT.c.id == _RULE.c.project_id, PROJECT.c.workspace_id == THIS_WORKSPACE)
_NEXT = {
    AskKind.STATUS: select(PROJECT.c.name.label("what"), _RULE.c.next_due_at.label("due"))
    .select_from(_RULE.join(PROJECT, _ITS_PROJECT))
    .where(
        _RULE.c.workspace_id == THIS_WORKSPACE,
        PROJECT.c.owner_id == ME,
        PROJECT.c.state.not_in(WAIVING_STATES),
        _RULE.c.next_due_at.is_not(None),
    )
    .order_by(_RULE.c.next_due_at)
    .limit(1),
    AskKind.REVIEW_RISK: select(RISK.c.number.label("what"), RISK.c.next_review_on.label("due"))
    .where(
        RISK.c.workspace_id == THIS_WORKSPACE,
        RISK.c.owner_id == ME,
        RISK.c.status.in_(ACTIVE),
        RISK.c.next_review_on > TODAY,
    )
    .order_by(RISK.c.next_review_on)
    .limit(1),
    AskKind.SETTLE: select(_ASSUMPTION.c.number.label("what"), _ASSUMPTION.c.validate_by.label("due"))
    .where(
        _ASSUMPTION.c.workspace_id == THIS_WORKSPACE,
        _ASSUMPTION.c.owner_id == ME,
        _ASSUMPTION.c.status == AssumptionStatus.UNVALIDATED,
        _ASSUMPTION.c.validate_by > TODAY,
    )
    .order_by(_ASSUMPTION.c.validate_by)
    .limit(1),
}

_NOTHING: dict[str, Any] = {
    "asks": Stretch[HomeAsk](items=[], total=0),
    "overdue": 0,
    "places": Stretch[HomePlace](items=[], total=0),
    "waits": Stretch[HomeWait](items=[], total=0),
}
