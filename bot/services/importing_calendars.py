"""When the people and programs of a portfolio file work, and who of them is away."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.services.importing_people import People
from models.schemas.portfolio import PersonRecord, Portfolio, ProgramRecord
from models.tables import Absence, Calendar

OF_PORTFOLIO = "portfolio"
"""The name of the calendar by which plans are counted over all programs: its row belongs to nobody."""

KEPT = {"start", "end", "holidays", "country", "region"}


def take_people_calendars(session: Session, portfolio: Portfolio, people: People, *, now: datetime) -> None:
    """Of those who have none here. Everybody who is away in the file is away here."""
    there = set(session.scalars(select(Calendar.person_id).where(Calendar.person_id.in_(people.ids.values()))))
    for record in portfolio.people:
        person_id = people.ids[record.handle]
        if person_id not in there and (record.calendar or record.capacity_pct != 100 or record.capacity_overrides):
            session.add(Calendar(person_id=person_id, **_of_person(portfolio, record)))
            there.add(person_id)
    _take_absences(session, portfolio.people, people, now)
    session.flush()


def take_program_calendars(
    session: Session, portfolio: Portfolio, records: Iterable[ProgramRecord], ids: Mapping[str, int]
) -> None:
    for record in records:
        if record.calendar:
            session.add(Calendar(program_id=ids[record.id], **_kept(portfolio, record.calendar)))
    session.flush()


def take_portfolio_calendar(session: Session, portfolio: Portfolio) -> None:
    of_nobody = select(Calendar.id).where(Calendar.person_id.is_(None), Calendar.program_id.is_(None))
    if OF_PORTFOLIO in portfolio.calendars and session.scalar(of_nobody) is None:
        session.add(Calendar(**_kept(portfolio, OF_PORTFOLIO)))
        session.flush()


def unused_calendars(portfolio: Portfolio) -> set[str]:
    """Those that nobody of the file works by."""
    used = {record.calendar for record in portfolio.people} | {record.calendar for record in portfolio.programs}
    return portfolio.calendars.keys() - used - {OF_PORTFOLIO}


def _kept(portfolio: Portfolio, name: str) -> dict[str, Any]:
    calendar = portfolio.calendars[name]
    kept = calendar.model_dump(mode="json", include=KEPT)
    return {"name": name, **kept, **({"working_days": calendar.working_days} if calendar.working_days else {})}


def _of_person(portfolio: Portfolio, record: PersonRecord) -> dict[str, Any]:
    hours = _kept(portfolio, record.calendar) if record.calendar else {}
    return hours | {"capacity_pct": record.capacity_pct, "capacity_overrides": dict(record.capacity_overrides)}


def _take_absences(session: Session, records: Iterable[PersonRecord], people: People, now: datetime) -> None:
    rows = session.execute(
        select(Absence.person_id, Absence.start_on, Absence.end_on).where(Absence.person_id.in_(people.ids.values()))
    )
    there = {tuple(row) for row in rows}
    for record in records:
        person_id = people.ids[record.handle]
        for away in record.ooo:
            if (person_id, away.start, away.end) not in there:
                there.add((person_id, away.start, away.end))
                delegate_id = people.ids.get(away.delegate or "")
                session.add(
                    Absence(
                        person_id=person_id,
                        start_on=away.start,
                        end_on=away.end,
                        delegate_id=delegate_id,
                        created_at=now,
                    )
                )
