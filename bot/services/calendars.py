"""When people and programs work: hours, days, public holidays, days off, quiet time."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.reach import Away, Reach
from bot.domain.wall_time import WorkingHours, parse_time
from bot.services import people, places
from models.schemas.calendar import MIDNIGHT, WorkWeek
from models.schemas.people import PersonCard
from models.schemas.project import Place
from models.tables import Absence, DoNotDisturb

YEARS_AROUND = 3
"""Public holidays of so many years before and after now are known."""
REMEMBERED = timedelta(days=31)
"""Absences that ended longer ago decide nothing any more."""


def of_person(person: PersonCard, *, now: datetime) -> WorkingHours:
    """Their own hours, days and public holidays, without days off; asks no database."""
    return of_week(person.week, person.tz, now=now)


def of_place(place: Place, *, now: datetime) -> WorkingHours:
    """By what the days of a place's records are counted: its program's calendar, else that of its owner's zone,
    without holidays. Asks no database."""
    return of_week(place.week, place.tz, now=now)


def of_programs(session: Session, program_ids: Iterable[int], *, now: datetime) -> dict[int, WorkingHours]:
    """The calendars by which the days of these programs are counted, in two statements at most."""
    found = places.by_ids(session, program_ids=program_ids)
    return {program.id: of_place(program, now=now) for program in found.values()}


def reaches(session: Session, person_ids: Iterable[int], *, now: datetime) -> dict[int, Reach]:
    """When each of these people can be reached; three statements at most, whatever their number."""
    cards = people.cards(session, person_ids)
    off = _absences(session, cards, now)
    quiet = _quiet(session, cards, now)
    return {
        person_id: Reach(
            hours=of_person(card, now=now),
            away=tuple(off.get(person_id, ())),
            quiet=quiet.get(person_id),
            opens_at=parse_time(card.week.opens_at) if card.week and card.week.opens_at else None,
        )
        for person_id, card in cards.items()
    }


def reach_of(session: Session, person: PersonCard, *, now: datetime) -> Reach:
    """Somebody whom we have only just met has nothing but their zone."""
    return reaches(session, [person.id], now=now).get(person.id) or Reach(hours=of_person(person, now=now))


def reaches_with_delegates(session: Session, person_ids: Iterable[int], *, now: datetime) -> dict[int, Reach]:
    """Also of those who stand in for them, as far as a chain of delegates goes."""
    found: dict[int, Reach] = {}
    wanted = set(person_ids)
    while wanted:
        found |= reaches(session, wanted, now=now)
        named = {away.delegate for person in wanted if person in found for away in found[person].away}
        wanted = {person for person in named if person is not None} - found.keys()
    return found


@lru_cache(maxsize=512)
def public_holidays(country: str, region: str | None, year: int) -> frozenset[date]:
    """Empty where the country or region is not known. The library is loaded when the first calendar names one."""
    import holidays

    try:
        return frozenset(holidays.country_holidays(country, subdiv=region, years=year))
    except NotImplementedError:
        return frozenset()


def of_week(week: WorkWeek | None, zone: str, *, now: datetime) -> WorkingHours:
    return WorkingHours(zone) if week is None else _of_week(week, zone, now.year)


@lru_cache(maxsize=1024)
def _of_week(week: WorkWeek, zone: str, year: int) -> WorkingHours:
    return WorkingHours(
        zone,
        start=parse_time(week.start),
        end=None if week.end == MIDNIGHT else parse_time(week.end),
        days=frozenset(week.working_days),
        holidays=_holidays(week, year),
    )


def _holidays(week: WorkWeek, year: int) -> frozenset[date]:
    own = frozenset(week.holidays)
    if week.country is None:
        return own
    years = range(year - YEARS_AROUND, year + YEARS_AROUND + 1)
    return own.union(*(public_holidays(week.country, week.region, each) for each in years))


@lru_cache(maxsize=512)
def regions_of(country: str) -> tuple[str, ...] | None:
    """The regions of a country that have public holidays of their own; None where the country is not known."""
    import holidays

    regions = holidays.list_supported_countries(include_aliases=False).get(country)
    return None if regions is None else tuple(regions)


def _absences(session: Session, ids: Iterable[int], now: datetime) -> dict[int, list[Away]]:
    """Those that have not ended, and past ones: reminders count from when somebody was back."""
    not_over = now.date() - REMEMBERED
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
