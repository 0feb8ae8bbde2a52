"""What a rollup costs: a hundred projects with a year behind them, and a thousand projects of a whole portfolio."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from time import process_time
from typing import Any

from sqlalchemy import Connection, Engine, event, select
from sqlalchemy.orm import Session

from bot.database import Database
from bot.migrate import migrate
from bot.services import portfolio, rollup
from bot.services.risk import score_values
from models.schemas.risk import RiskStatus
from models.tables import (
    Budget,
    BudgetWeek,
    Decision,
    History,
    Milestone,
    Person,
    Program,
    Project,
    Risk,
    ScheduleRule,
    StatusUpdate,
)
from models.tables.unit import add_rows
from tests.bench.figures import Sample, Series
from tests.town import Town

NOW = datetime(2026, 4, 6, 13, tzinfo=UTC)
PROJECTS, WEEKS, SHORT = 100, 52, 4
PORTFOLIO = 1_000
"""Projects of ten programs."""

PROGRAM, HISTORY, STATEMENTS, ALL = (
    "rollup_program",
    "rollup_program_history",
    "statements_rollup",
    "rollup_portfolio",
)
MOST_STATEMENTS = 8
CALLS = 5

Take = Callable[[], None]
Asked = tuple[str, Any]
"""A statement as the database gets it, with its values."""


def measure_rollups(names: Sequence[str], rounds: int, folder: Path) -> dict[str, Series]:
    found: dict[str, Series] = {}
    if {PROGRAM, HISTORY, STATEMENTS}.intersection(names):
        with _programs(folder, PROJECTS, WEEKS) as year, _programs(folder, PROJECTS, SHORT) as month:
            asked = _asked_by(year, _rolling_up(year))
            takes = {"ours": _rolling_up(year), "raw": _asking(year, asked), "short": _rolling_up(month)}
            taken = _by_turns(takes, rounds)
            found[PROGRAM] = Series(taken["ours"], taken["raw"])
            found[HISTORY] = Series(taken["ours"], taken["short"])
            found[STATEMENTS] = Series([Sample(float(len(asked)))], [Sample(float(MOST_STATEMENTS))])
    if ALL in names:
        with _programs(folder, PORTFOLIO, SHORT) as town:
            taken = _by_turns(
                {"ours": _whole(town), "raw": _asking(town, _asked_by(town, _whole(town)))},
                rounds,
            )
            found[ALL] = Series(taken["ours"], taken["raw"])
    return {name: series for name, series in found.items() if name in names}


def _rolling_up(town: Town) -> Take:
    with town.database.read(1) as session:
        program_id = session.scalars(select(Program.id).order_by(Program.id)).first()
    assert program_id is not None

    def build() -> None:
        with town.database.read(1) as session:
            told = rollup.build(session, program_id, rollup.Moment(NOW.date(), NOW))
        assert len(told.projects) == PROJECTS

    return build


def _whole(town: Town) -> Take:
    rule = ScheduleRule(
        id=0, kind="portfolio", channel="CPORTFOLIO", weekday=1, local_time="09:00", tz="America/New_York", every=1
    )
    rule.cadence, rule.next_local_date = "weekly", date(2026, 4, 13)

    def build() -> None:
        with town.database.read(1) as session:
            told = portfolio.build(session, rule, day=NOW.date(), now=NOW)
        assert len(told.programs) == PORTFOLIO // PROJECTS

    return build


def _asked_by(town: Town, take: Take) -> list[Asked]:
    """The statements of one call: the same facts as bare SQL."""
    asked: list[Asked] = []

    def note(connection: Connection, cursor: Any, statement: str, parameters: Any, *_: object) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK")):
            asked.append((statement, parameters))

    take()
    event.listen(Engine, "before_cursor_execute", note)
    take()
    event.remove(Engine, "before_cursor_execute", note)
    return asked


def _asking(town: Town, asked: Sequence[Asked]) -> Take:
    def ask() -> None:
        with town.database.reader.connect() as connection:
            for statement, parameters in asked:
                connection.exec_driver_sql(statement, parameters).fetchall()

    return ask


def _by_turns(takes: dict[str, Take], rounds: int) -> dict[str, list[Sample]]:
    for take in takes.values():
        take()
    taken: dict[str, list[Sample]] = {name: [] for name in takes}
    for number in range(rounds):
        for name in list(takes) if number % 2 else reversed(takes):
            before = process_time()
            for _ in range(CALLS):
                takes[name]()
            taken[name].append(Sample((process_time() - before) / CALLS * 1e3))
    return taken


@contextmanager
def _programs(folder: Path, projects: int, weeks: int) -> Iterator[Town]:
    """Programs of a hundred projects each, with all that a rollup tells of them."""
    database = Database(f"sqlite:///{folder / f'rollup-{projects}-{weeks}.db'}")
    migrate(database)
    town = Town(database, now=NOW)
    with database.write(1) as session:
        for start in range(0, projects, PROJECTS):
            _fill(session, start, weeks)
    with database.writer.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    yield town
    database.close()


def _fill(session: Session, start: int, weeks: int) -> None:
    luis, maya = (
        session.scalars(select(Person.id).where(Person.slack_id == user)).one() for user in ("ULUIS", "UMAYA")
    )
    program = Program(
        number=start // PROJECTS + 1,
        name=f"Program {start}",
        manager_id=maya,
        sponsor_id=luis,
        tz="America/New_York",
        channel="CPROG" if start == 0 else f"CPROG{start}",
        created_at=NOW,
    )
    session.add(program)
    session.flush()
    add_rows(
        session,
        ScheduleRule,
        [
            {
                "kind": "rollup",
                "program_id": program.id,
                "weekday": 1,
                "local_time": "09:00",
                "tz": "America/New_York",
                "next_local_date": date(2026, 4, 13),
                "next_due_at": NOW + timedelta(days=7),
            }
        ],
    )
    ids = range(start + 1, start + PROJECTS + 1)
    add_rows(session, Project, [_project(number, program.id, luis) for number in ids])
    updates = [row for number in ids for row in _updates(number, luis, weeks)]
    add_rows(session, StatusUpdate, updates)
    add_rows(session, History, [_move(row, luis) for row in updates])
    add_rows(session, Risk, [_risk(number, place, program.id, luis) for number in ids for place in range(5)])
    add_rows(session, Milestone, [_milestone(number, place, luis) for number in ids for place in range(4)])
    add_rows(session, Decision, [_decision(number, program.id, luis, maya) for number in ids])
    add_rows(session, Budget, [{"id": n, "project_id": n, "currency": "USD", "bac": 100_000_00} for n in ids])
    add_rows(session, BudgetWeek, [row for number in ids for row in _weeks(number, weeks)])


def _project(number: int, program_id: int, owner: int) -> dict[str, Any]:
    return {
        "id": number,
        "number": number,
        "name": f"Project {number}",
        "program_id": program_id,
        "owner_id": owner,
        "channel": f"C{number}",
        "target_on": date(2026, 12, 1),
        "baseline_on": date(2026, 11, 1),
        "created_at": NOW,
        "extra": {},
    }


def _updates(number: int, author: int, weeks: int) -> list[dict[str, Any]]:
    healths = ("green", "amber", "red", "amber")
    return [
        {
            "project_id": number,
            "period": f"{2020 + week // 52}-W{week % 52 + 1:02d}",
            "author_id": author,
            "posted_at": NOW - timedelta(weeks=weeks - week, hours=-48),
            "health": healths[(number + week) % 4],
            "previous_health": healths[(number + week - 1) % 4],
            "summary": f"Week {week} of project {number}",
            "asks": [],
        }
        for week in range(weeks)
    ]


def _move(update: dict[str, Any], actor: int) -> dict[str, Any]:
    return {
        "at": update["posted_at"],
        "actor_id": actor,
        "kind": "project",
        "record_id": update["project_id"],
        "field": "health",
        "old": update["previous_health"],
        "new": update["health"],
        "reason": None,
    }


def _risk(number: int, place: int, program_id: int, owner: int) -> dict[str, Any]:
    probability, impact = 1 + (number + place) % 5, 1 + place % 5
    return {
        "number": number * 10 + place,
        "program_id": program_id,
        "project_id": number,
        "title": f"Risk {place} of project {number}",
        "category": "vendor",
        "probability": probability,
        "impact": impact,
        "inherent_probability": probability,
        "inherent_impact": impact,
        **score_values(None, RiskStatus.TREATING, probability, impact),
        "status": "treating",
        "owner_id": owner,
        "author_id": owner,
        "raised_at": NOW - timedelta(days=30 - place),
        "next_review_on": NOW.date() + timedelta(days=place),
    }


def _milestone(number: int, place: int, owner: int) -> dict[str, Any]:
    due = NOW.date() + timedelta(days=20 * place - 10)
    return {
        "number": number * 10 + place,
        "project_id": number,
        "title": f"Milestone {place}",
        "owner_id": owner,
        "status": "achieved" if place == 0 else "planned",
        "baseline_on": due,
        "due_on": due,
        "achieved_on": due if place == 0 else None,
        "remaining_optimistic": 1,
        "remaining_likely": 5,
        "remaining_pessimistic": 9,
        "created_at": NOW,
    }


def _decision(number: int, program_id: int, driver: int, approver: int) -> dict[str, Any]:
    return {
        "number": number,
        "program_id": program_id,
        "project_id": number,
        "title": f"Decision of project {number}",
        "driver_id": driver,
        "approver_id": approver,
        "informed": [],
        "options": [],
        "criteria": [],
        "reversibility": "two_way",
        "raised_at": NOW - timedelta(days=20),
        "status": "proposed",
        "due_on": NOW.date() + timedelta(days=number % 30 - 5),
    }


def _weeks(number: int, weeks: int) -> list[dict[str, Any]]:
    first = NOW.date() - timedelta(weeks=weeks)
    return [
        {
            "budget_id": number,
            "week_end": first + timedelta(weeks=week),
            "pv_cum": 1000_00 * (week + 1),
            "ac_cum": 990_00 * (week + 1),
        }
        for week in range(weeks)
    ]
