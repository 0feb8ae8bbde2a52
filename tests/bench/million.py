"""A risk committed where a million are already, against one committed where there are a thousand."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import timedelta
from pathlib import Path
from time import process_time
from typing import Any

from slack_bolt import BoltRequest
from sqlalchemy import create_engine, insert, literal, select, text, update
from sqlalchemy.orm import Session

from bot.clock import SystemClock
from bot.database import Database
from bot.migrate import migrate
from bot.services.risk import score_values
from models.schemas.risk import RiskStatus
from models.tables import Counter, History, Person, Project, Risk
from tests.bench.figures import Sample, Series
from tests.bench.measure import by_turns, series
from tests.bench.office import live_a_little
from tests.bench.payloads import forms
from tests.postgres import PostgresServer
from tests.town import Town

FEW, MANY = 1_000, 1_000_000
FORMS = 40
"""Of one measurement."""

NAMES = {"risk_commit_1m_rows": "sqlite", "risk_commit_1m_rows_postgres": "postgres"}
CELLS = [(probability, impact) for probability in range(1, 6) for impact in range(1, 6)]
FIRST = 1_000
"""The lowest number of those that are filled in."""


def measure_million(names: Sequence[str], rounds: int, folder: Path) -> dict[str, Series]:
    return {name: _commits(kind, rounds, folder) for name, kind in NAMES.items() if name in names}


def _commits(kind: str, rounds: int, folder: Path) -> Series:
    """CPU of this process from the payload to the answer; of PostgreSQL's processes too."""
    with ExitStack() as stack:
        server = stack.enter_context(_server()) if kind == "postgres" else None
        takes = {}
        for size in (FEW, MANY):
            url = _made(server, f"register{size}") if server else f"sqlite:///{folder / f'million-{size}.db'}"
            database = stack.enter_context(closing(Database(url)))
            takes[str(size)] = _committing(_filled(database, size), server)
        return series(by_turns(takes, rounds), str(MANY), str(FEW))


def _committing(committed: tuple[Town, dict[str, Any]], server: PostgresServer | None) -> Callable[[], Sample]:
    town, form = committed

    def take() -> Sample:
        payloads, known = forms(form, FORMS), town.count(Risk)
        before = process_time() + (server.cpu() if server else 0)
        for payload in payloads:
            answer = town.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
            assert answer.status == 200, answer.body
        spent = process_time() + (server.cpu() if server else 0) - before
        assert town.count(Risk) - known == FORMS
        return Sample(spent / FORMS * 1e6)

    return take


def _filled(database: Database, size: int) -> tuple[Town, dict[str, Any]]:
    migrate(database)
    town = Town(database, now=SystemClock().now())
    _, form = live_a_little(town)
    with database.write(1) as session:
        _prepare(session, database)
        _fill(session, town, size)
    with database.writer.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))
    return town, dict(form)


def _prepare(session: Session, database: Database) -> None:
    """For the filling alone: what it writes is right."""
    if database.is_sqlite:
        session.execute(text("PRAGMA cache_size=-300000"))
    else:
        session.execute(text("SET LOCAL session_replication_role = replica"))


def _fill(session: Session, town: Town, size: int) -> None:
    """As many risks of every cell of the matrix, each with two rows of history."""
    person, project = session.scalars(select(Person).where(Person.slack_id == "ULUIS")).one(), _project(session)
    now = town.clock.now()
    for number, (probability, impact) in enumerate(CELLS):
        at = now - timedelta(days=len(CELLS) - number)
        values = {
            "workspace_id": 1,
            "program_id": project.program_id,
            "project_id": project.id,
            "kind": "threat",
            "category": "vendor",
            "statement": "Given that the vendor reorganises, it is possible that it comes late.",
            "probability": probability,
            "impact": impact,
            "inherent_probability": probability,
            "inherent_impact": impact,
            **score_values(None, RiskStatus.IDENTIFIED, probability, impact),
            "status": RiskStatus.IDENTIFIED.value,
            "owner_id": person.id,
            "author_id": person.id,
            "raised_at": at,
            "acknowledged_at": at,
            "next_review_on": (at + timedelta(days=90)).date(),
            "version": 1,
        }
        _add_risks(session, FIRST + number, size // len(CELLS), values)
    _add_history(session)
    session.execute(update(Counter).where(Counter.kind == "risk").values(n=FIRST + size + len(CELLS)))


def _project(session: Session) -> Project:
    return session.scalars(select(Project)).one()


def _add_risks(session: Session, first: int, size: int, values: dict[str, Any]) -> None:
    series = select(literal(0).label("n")).cte("series", recursive=True)
    series = series.union_all(select(series.c.n + 1).where(series.c.n < size - 1))
    columns: Any = Risk.__table__.columns
    number = series.c.n * len(CELLS) + first
    same = [literal(value, columns[name].type) for name, value in values.items()]
    rows = select(number, literal("The vendor slips wave ") + number.cast(columns.title.type), *same)
    session.connection().execute(insert(Risk).from_select(["number", "title", *values], rows, include_defaults=False))


def _add_history(session: Session) -> None:
    columns: Any = History.__table__.columns
    for field, new in (("", "logged"), ("score", {"probability": 4, "impact": 4})):
        values = {"workspace_id": 1, "kind": "risk", "field": field, "new": new}
        same = [literal(value, columns[name].type) for name, value in values.items()]
        rows = select(Risk.id, Risk.raised_at, Risk.author_id, *same).where(
            Risk.workspace_id == 1, Risk.number >= FIRST
        )
        into = ["record_id", "at", "actor_id", *values]
        session.connection().execute(insert(History).from_select(into, rows, include_defaults=False))


@contextmanager
def _server() -> Iterator[PostgresServer]:
    server = PostgresServer()
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _made(server: PostgresServer, name: str) -> str:
    admin = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    admin.dispose()
    return server.url(name)
