"""When people and programs work: hours, days, public holidays, days off, quiet time."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.reach import Away, Reach
from bot.domain.wall_time import WorkingHours, parse_time
from bot.services import people
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.tables import Absence, Calendar, DoNotDisturb, Program

YEARS_AROUND = 3
"""Public holidays of so many years before and after now are known."""


def reaches(session: Session, person_ids: Iterable[int], *, now: datetime) -> dict[int, Reach]:
    """When each of these people can be reached; four statements at most, whatever their number."""
    cards = people.cards(session, person_ids)
    rows = {row.person_id: row for row in session.scalars(select(Calendar).where(Calendar.person_id.in_(list(cards))))}
    off = _absences(session, cards, now)
    quiet = _quiet(session, cards, now)
    return {
        person_id: Reach(
            hours=_hours(rows.get(person_id), card.tz, now),
            away=tuple(off.get(person_id, ())),
            quiet=quiet.get(person_id),
            opens_at=_opens_at(rows.get(person_id)),
        )
        for person_id, card in cards.items()
    }


def reach_of(session: Session, person: PersonCard, *, now: datetime) -> Reach:
    return reaches(session, [person.id], now=now)[person.id]


def reaches_with_delegates(session: Session, person_ids: Iterable[int], *, now: datetime) -> dict[int, Reach]:
    """Also of those who stand in for them, as far as a chain of delegates goes."""
    found: dict[int, Reach] = {}
    wanted = set(person_ids)
    while wanted:
        found |= reaches(session, wanted, now=now)
        named = {away.delegate for person in wanted if person in found for away in found[person].away}
        wanted = {person for person in named if person is not None} - found.keys()
    return found


def of_programs(session: Session, program_ids: Iterable[int], *, now: datetime) -> dict[int, WorkingHours]:
    """The calendars by which the days of these programs are counted."""
    ids = list(program_ids)
    zones = dict(session.execute(select(Program.id, Program.tz).where(Program.id.in_(ids))).tuples().all())
    rows = {row.program_id: row for row in session.scalars(select(Calendar).where(Calendar.program_id.in_(ids)))}
    return {program: _hours(rows.get(program), zone, now) for program, zone in zones.items()}


def of_place(session: Session, place: Place, *, now: datetime) -> WorkingHours:
    """A program's calendar; that of its owner's zone, without holidays, for a project by itself."""
    if place.program_id is None:
        return WorkingHours(place.tz)
    return of_programs(session, [place.program_id], now=now)[place.program_id]


@lru_cache(maxsize=512)
def public_holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    """Empty where the country or region is not known. The library is loaded when the first calendar names one."""
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
    except NotImplementedError:
        return frozenset()


def _hours(row: Calendar | None, zone: str, now: datetime) -> WorkingHours:
    if row is None:
        return WorkingHours(zone)
    return WorkingHours(
        zone,
        start=parse_time(row.start),
        end=None if row.end == "24:00" else parse_time(row.end),
        days=frozenset(int(day) for day in row.working_days),
        holidays=_holidays(row, now),
    )


def _holidays(row: Calendar, now: datetime) -> frozenset[date]:
    own = frozenset(date.fromisoformat(day) for day in row.holidays)
    if row.country is None:
        return own
    years = range(now.year - YEARS_AROUND, now.year + YEARS_AROUND + 1)
    return own.union(*(public_holidays(row.country, row.region, year) for year in years))


def _opens_at(row: Calendar | None) -> time | None:
    return parse_time(row.opens_at) if row and row.opens_at else None


def _absences(session: Session, ids: Iterable[int], now: datetime) -> dict[int, list[Away]]:
    """Those that have not ended, on whatever local date."""
    not_over = now.date() - timedelta(days=1)
    rows = session.scalars(
        select(Absence).where(
            Absence.person_id.in_(list(ids)), Absence.end_on >= not_over, Absence.cancelled_at.is_(None)
        )
    )
    found: dict[int, list[Away]] = {}
    for row in rows:
        found.setdefault(row.person_id, []).append(Away(row.start_on, row.end_on, row.delegate_id))
    return found


def _quiet(session: Session, ids: Iterable[int], now: datetime) -> dict[int, tuple[datetime, datetime]]:
    rows = session.scalars(select(DoNotDisturb).where(DoNotDisturb.person_id.in_(list(ids)), DoNotDisturb.end_at > now))
    return {row.person_id: (row.start_at, row.end_at) for row in rows if row.start_at and row.end_at}
