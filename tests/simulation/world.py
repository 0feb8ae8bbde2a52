"""The seeded world of a simulated quarter: who lives where, works when, is away, answers how fast, and owns what.

Plain data from one seed. The checker reads it too; nothing here knows the code that is checked.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from holidays import country_holidays

START = datetime(2026, 2, 2, 0, 0, tzinfo=UTC)
"""A Monday. Thirteen weeks from here hold the changes of New York, Berlin, London, Sydney and Cairo."""

PER_PROGRAM = 20
"""Projects."""


@dataclass(frozen=True)
class Home:
    zone: str
    country: str
    region: str | None = None
    days: tuple[int, ...] = (1, 2, 3, 4, 5)
    start: str = "09:00"
    end: str = "18:00"


HOMES = (
    Home("America/New_York", "US", "NY"),
    Home("America/Los_Angeles", "US", "CA"),
    Home("America/Sao_Paulo", "BR", "SP"),
    Home("Europe/London", "GB", "ENG"),
    Home("Europe/Berlin", "DE", "BE"),
    Home("Europe/Paris", "FR"),
    Home("Africa/Cairo", "EG", days=(7, 1, 2, 3, 4)),
    Home("Asia/Kolkata", "IN", "KA", start="09:30", end="18:30"),
    Home("Asia/Tokyo", "JP"),
    Home("Australia/Sydney", "AU", "NSW", end="17:30"),
    Home("Australia/Lord_Howe", "AU", "NSW"),
    Home("Pacific/Auckland", "NZ", "AUK"),
)


@dataclass(frozen=True)
class Absence:
    start: date
    end: date
    delegate: str | None

    def covers(self, day: date) -> bool:
        return self.start <= day <= self.end


@dataclass
class Inhabitant:
    """`answers`: hours after which an ask is answered, None for somebody who never does."""

    handle: str
    home: Home
    days: tuple[int, ...]
    answers: float | None
    away: list[Absence] = field(default_factory=list)

    @property
    def id(self) -> str:
        return f"U{self.handle.upper().replace('.', '')}"

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.home.zone)

    @cached_property
    def holidays(self) -> frozenset[date]:
        return frozenset(country_holidays(self.home.country, subdiv=self.home.region, years=range(2025, 2028)))

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def works_on(self, day: date) -> bool:
        return day.isoweekday() in self.days and day not in self.holidays

    def is_away(self, day: date) -> bool:
        return any(absence.covers(day) for absence in self.away)

    def at(self, day: date, at: str) -> datetime:
        """The first of the two where the hour is there twice; after the gap where it is not there at all."""
        return datetime.combine(day, time.fromisoformat(at), self.zone).astimezone(UTC)


@dataclass(frozen=True)
class World:
    weeks: int
    people: dict[str, Inhabitant]
    portfolio: dict[str, Any]
    """As `./run import` takes it."""
    outage: tuple[datetime, datetime]
    restarts: tuple[datetime, ...]

    @property
    def end(self) -> datetime:
        return START + timedelta(weeks=self.weeks)

    @cached_property
    def by_id(self) -> dict[str, Inhabitant]:
        return {person.id: person for person in self.people.values()}

    def manager(self, program: str) -> Inhabitant:
        return next(self.people[row["manager"]] for row in self.portfolio["programs"] if row["id"] == program)


def build(*, owners: int = 200, weeks: int = 13, seed: int = 2026) -> World:
    random = Random(seed)
    people = {person.handle: person for person in _people(random, owners)}
    programs = max(1, owners // PER_PROGRAM)
    leads = {person.handle: person for person in _leads(random, programs)}
    owning = list(people.values())
    for person in random.sample(owning, max(1, owners // 20)):
        _send_away(random, person, owning, weeks)
    everyone = people | leads
    middle = START + timedelta(weeks=weeks * 0.55)
    return World(
        weeks=weeks,
        people=everyone,
        portfolio=_portfolio(random, owning, list(leads.values()), programs, weeks),
        outage=(middle, middle + timedelta(days=2)),
        restarts=tuple(START + timedelta(weeks=weeks * share, hours=9, minutes=7) for share in (0.2, 0.45, 0.8)),
    )


def _people(random: Random, owners: int) -> list[Inhabitant]:
    """One in ten is silent, one in fifteen works four days."""
    found = []
    for number in range(owners):
        home = HOMES[number % len(HOMES)]
        days = tuple(random.sample(home.days, 4)) if number % 15 == 7 else home.days
        silent = number % 10 == 3
        quick = random.random() < 0.75
        hours = None if silent else random.uniform(0.1, 4) if quick else random.uniform(18, 60)
        found.append(Inhabitant(f"owner.{number:03d}", home, days, hours))
    return found


def _leads(random: Random, programs: int) -> list[Inhabitant]:
    """Managers, then sponsors: they answer within hours."""
    found = []
    for number in range(programs):
        for role, offset in (("manager", 0), ("sponsor", 3)):
            home = HOMES[(number * 5 + offset) % len(HOMES)]
            found.append(Inhabitant(f"{role}.{number:02d}", home, home.days, random.uniform(0.5, 5)))
    return found


def _send_away(random: Random, person: Inhabitant, owning: list[Inhabitant], weeks: int) -> None:
    """A week or two; the delegate is somebody who is there, or who has a delegate in turn."""
    start = (START + timedelta(days=random.randrange(7, max(8, weeks * 7 - 15)))).date()
    delegate = random.choice([other for other in owning if other is not person and other.answers is not None])
    person.away.append(Absence(start, start + timedelta(days=random.choice((3, 7, 11))), delegate.handle))


def _portfolio(
    random: Random, owning: list[Inhabitant], leads: list[Inhabitant], programs: int, weeks: int
) -> dict[str, Any]:
    last = (START + timedelta(weeks=weeks + 8)).date()
    records: dict[str, list[Any]] = {
        kind: [] for kind in ("projects", "risks", "milestones", "decisions", "assumptions")
    }
    for number, owner in enumerate(owning):
        program, manager = number % programs, leads[2 * (number % programs)]
        project = f"P-{number:03d}"
        records["projects"].append(
            {
                "id": project,
                "name": f"Project {number:03d}",
                "program": f"PRG-{program:02d}",
                "owner": owner.handle,
                "channel": f"#p-{number:03d}",
                "target_on": last.isoformat(),
                "start_on": START.date().isoformat(),
            }
        )
        _give_work(random, records, project, f"PRG-{program:02d}", owner, manager, weeks)
    return {
        "schema": "stationmaster-portfolio/1",
        "calendars": _calendars([*owning, *leads]),
        "people": [_person(person) for person in (*owning, *leads)],
        "programs": [
            {
                "id": f"PRG-{number:02d}",
                "name": f"Program {number:02d}",
                "manager": leads[2 * number].handle,
                "sponsor": leads[2 * number + 1].handle,
                "calendar": _calendar_name(leads[2 * number]),
                "channel": f"#prg-{number:02d}",
            }
            for number in range(programs)
        ],
        **records,
    }


def _give_work(
    random: Random,
    records: dict[str, list[Any]],
    project: str,
    program: str,
    owner: Inhabitant,
    manager: Inhabitant,
    weeks: int,
) -> None:
    def some_day(least: int = 3) -> str:
        return (START + timedelta(days=random.randrange(least, weeks * 7 + 20))).date().isoformat()

    number = project[2:]
    raised = (START - timedelta(days=10)).isoformat()
    records["risks"].append(
        {
            "id": f"R-{number}",
            "program": program,
            "project": project,
            "title": f"Risk of project {number}",
            "statement": "Given that the vendor is late, there is a possibility of a delay",
            "category": "vendor",
            "probability": random.randint(1, 4),
            "impact": random.randint(1, 3),
            "owner": owner.handle,
            "status": "treating",
            "response_strategy": "mitigate",
            "response_plan": "A second vendor is asked",
            "raised_at": raised,
            "acknowledged_at": raised,
            "next_review_on": some_day(),
        }
    )
    due = some_day(10)
    records["milestones"].append(
        {
            "id": f"M-{number}",
            "project": project,
            "name": f"Milestone {number}",
            "owner": owner.handle,
            "status": "in_progress",
            "baseline_on": due,
            "due_on": due,
            "remaining_wd": {"o": 2, "m": 5, "p": 9},
        }
    )
    if int(number) % 4 == 0:
        records["assumptions"].append(
            {
                "id": f"A-{number}",
                "program": program,
                "project": project,
                "text": f"Assumption of project {number}",
                "owner": owner.handle,
                "validate_by": some_day(),
            }
        )
    if int(number) % 8 == 0:
        records["decisions"].append(
            {
                "id": f"D-{number}",
                "program": program,
                "project": project,
                "title": f"Decision of project {number}",
                "driver": owner.handle,
                "approver": manager.handle,
                "reversibility": "two_way",
                "raised_at": raised,
                "due_on": some_day(),
                "status": "proposed",
            }
        )


def _calendar_name(person: Inhabitant) -> str:
    return f"{person.home.zone}-{''.join(map(str, sorted(person.days)))}"


def _calendars(people: list[Inhabitant]) -> dict[str, Any]:
    return {
        _calendar_name(person): {
            "tz": person.home.zone,
            "working_days": sorted(person.days),
            "start": person.home.start,
            "end": person.home.end,
            "holidays": sorted(day.isoformat() for day in person.holidays),
        }
        for person in people
    }


def _person(person: Inhabitant) -> dict[str, Any]:
    away = [
        {"start": each.start.isoformat(), "end": each.end.isoformat(), "delegate": each.delegate}
        for each in person.away
    ]
    return {"handle": person.handle, "tz": person.home.zone, "calendar": _calendar_name(person), "ooo": away}
