"""What the clock costs: a tick with nothing due among a million schedules, and opening what is due."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Executable, insert, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.jobs.schedule import open_due_rules, take_due_steps
from bot.migrate import migrate
from bot.services.due_rules import BATCH
from models.tables import Occurrence, Person, Project, ScheduleRule
from models.tables.unit import add_rows
from tests.bench.figures import Sample, Series
from tests.postgres import PostgresServer
from tests.town import Town

FEW, MANY = 1_000, 1_000_000
"""Schedules of which none is due."""

OPENS = datetime(2026, 4, 2, 14, tzinfo=UTC)
"""10:00 of a Thursday in New York, some days after the town's present."""

TICKS = 50
"""Of one measurement."""

DUE = 500
"""Projects whose request opens at one instant."""

TICK, TICK_GROWTH = "tick_idle_1m", "tick_idle_1m_growth"
CLAIMS = {"claim_due_row_sqlite": "sqlite", "claim_due_row_postgres": "postgres"}

Take = Callable[[], None]


def measure_clock(names: Sequence[str], rounds: int, folder: Path) -> dict[str, Series]:
    found: dict[str, Series] = {}
    if {TICK, TICK_GROWTH}.intersection(names):
        found |= _ticks(rounds, folder)
    for name, kind in CLAIMS.items():
        if name in names:
            found[name] = _claims(rounds, kind, folder)
    return {name: series for name, series in found.items() if name in names}


def _ticks(rounds: int, folder: Path) -> dict[str, Series]:
    with ExitStack() as stack:
        towns = {size: stack.enter_context(_scheduled(folder, size)) for size in (FEW, MANY)}
        takes: dict[str, Take] = {
            "many": lambda: take_due_steps(towns[MANY].runtime),
            "few": lambda: take_due_steps(towns[FEW].runtime),
            "statements": _same_statements(towns[MANY]),
        }
        taken = _by_turns(takes, rounds)
    return {
        TICK: Series(taken["many"], taken["statements"]),
        TICK_GROWTH: Series(taken["many"], taken["few"]),
    }


@contextmanager
def _scheduled(folder: Path, size: int) -> Iterator[Town]:
    """Projects and their rules, due from tomorrow on."""
    database = Database(f"sqlite:///{folder / f'clock-{size}.db'}")
    migrate(database)
    town = Town(database)
    with database.write(1) as session:
        _add_projects(session, town, size)
    yield town
    database.close()


def _add_projects(session: Session, town: Town, size: int) -> None:
    owner = session.scalars(select(Person.id).where(Person.slack_id == "ULUIS")).one()
    now = town.clock.now()
    first = (session.scalar(select(Project.id).order_by(Project.id.desc()).limit(1)) or 0) + 1
    for start in range(first, first + size, 10_000):
        ids = range(start, min(start + 10_000, first + size))
        common = {"owner_id": owner, "state": "active", "created_at": now, "extra": {}, "visibility": "open"}
        add_rows(
            session, Project, [common | {"id": row, "number": row + 10_000, "name": f"Project {row}"} for row in ids]
        )
        rule = {
            "kind": "status_request",
            "weekday": 4,
            "local_time": "10:00",
            "due_weekday": 5,
            "due_local_time": "16:00",
            "tz": "America/New_York",
            "next_local_date": date(2026, 4, 2),
        }
        rules = [rule | {"project_id": row, "next_due_at": OPENS} for row in ids]
        add_rows(session, ScheduleRule, rules)


def _same_statements(town: Town) -> Take:
    """What a tick asks the database, as it stands, in one transaction."""
    asked = _asked_by(town)

    def ask() -> None:
        with town.database.reader.begin() as connection:
            for statement, parameters in asked:
                connection.execute(statement, parameters).all()

    return ask


def _asked_by(town: Town) -> list[tuple[Executable, Mapping[str, Any]]]:
    from sqlalchemy import event

    asked: list[tuple[Executable, Mapping[str, Any]]] = []

    def note(connection: Any, statement: Any, multi: Any, parameters: Any, options: Any) -> None:
        asked.append((statement, dict(parameters or {})))

    event.listen(town.database.reader, "before_execute", note)
    take_due_steps(town.runtime)
    event.remove(town.database.reader, "before_execute", note)
    assert asked
    return asked


def _claims(rounds: int, kind: str, folder: Path) -> Series:
    """CPU of this process per request that opens, against bare inserts of as many rows of the same table.

    What an owner is then told is not part of it: their desk is looked at once for all of them.
    """
    with _database(kind, folder) as database:
        town = Town(database)
        with database.write(1) as session:
            _add_projects(session, town, DUE)
        claim = _claiming(town)
        claim()
        taken: dict[str, list[Sample]] = {"claim": [], "bare": []}
        for number in range(rounds):
            order = ("bare", "claim") if number % 2 else ("claim", "bare")
            takes = {"claim": claim, "bare": _inserting(town, 10_000 + number)}
            for name in order:
                rows, before = town.count(Occurrence), process_time()
                takes[name]()
                taken[name].append(Sample((process_time() - before) / DUE * 1e6))
                assert town.count(Occurrence) - rows == DUE, name
    return Series(taken["claim"], taken["bare"])


def _claiming(town: Town) -> Take:
    """Each time a week later, when all of them are due again; the steps that follow an opening are left out."""
    weeks = count()

    def claim() -> None:
        town.clock.move_to(OPENS + timedelta(weeks=next(weeks)))
        with town.database.write(1) as session:
            while open_due_rules(session, now=town.clock.now()) == BATCH:
                pass

    return claim


def _inserting(town: Town, number: int) -> Take:
    def insert_bare() -> None:
        with town.database.write(1) as session:
            rules = session.execute(select(ScheduleRule.id, ScheduleRule.project_id)).all()
            connection, now = session.connection(), town.clock.now()
            for rule_id, project_id in rules:
                connection.execute(
                    insert(Occurrence),
                    {
                        "workspace_id": 1,
                        "rule_id": rule_id,
                        "kind": "status_request",
                        "project_id": project_id,
                        "local_date": date(2026, 4, 2) + timedelta(days=number),
                        "period": "2026-W14",
                        "state": "open",
                        "person_id": None,
                        "open_at": now,
                        "remind_at": now,
                        "due_at": now,
                        "close_at": now,
                        "next_step_at": None,
                    },
                )

    return insert_bare


@contextmanager
def _database(kind: str, folder: Path) -> Iterator[Database]:
    if kind == "sqlite":
        database = Database(f"sqlite:///{folder / 'claims.db'}")
        migrate(database)
        yield database
        database.close()
        return
    server = PostgresServer()
    server.start()
    try:
        database = Database(server.url("postgres"))
        migrate(database)
        yield database
        database.close()
    finally:
        server.stop()


def _by_turns(takes: Mapping[str, Take], rounds: int) -> dict[str, list[Sample]]:
    for take in takes.values():
        take()
    taken: dict[str, list[Sample]] = {name: [] for name in takes}
    for number in range(rounds):
        order = list(takes) if number % 2 else list(reversed(takes))
        for name in order:
            before = process_time()
            for _ in range(TICKS):
                takes[name]()
            taken[name].append(Sample((process_time() - before) / TICKS * 1e6))
    return taken
