"""Finding again at size: the same question to a small and to a large register, in this process, by turns."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path
from time import process_time
from typing import Any

from slack_bolt import BoltRequest
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from bot.database import Database
from bot.migrate import migrate
from bot.services import home
from bot.services.risk import score_values
from bot.views.home import home_view
from models.schemas.risk import RiskStatus
from models.tables import Decision, Person, Project, Risk
from models.tables.unit import add_rows
from tests.bench.figures import Sample, Series
from tests.deliveries import caught
from tests.statements import statements_of
from tests.town import Town

SMALL, LARGE = 1_000, 100_000
FEW_ASKS, MANY_ASKS = 10, 300
FEW, MANY = "UDANA", "URUBY"
"""For whom so many asks wait, in a register of a thousand risks."""

CALLS = 20
"""Of one measurement."""

LIST, SEARCH, HOME = "list_risks_cpu", "search_cpu", "home_300_cpu"
RISKS, WORDS_OF_ONE = "/pm risks", "/pm search fallback window"
CPU = {LIST: (RISKS, "open risks"), SEARCH: (WORDS_OF_ONE, "R-77")}
"""The line, and what its answer has to hold."""

STATEMENTS = {
    "statements_list": (RISKS, "open risks"),
    "statements_decisions": ("/pm decisions", "open decisions"),
    "statements_search": (WORDS_OF_ONE, "R-77"),
    "statements_record": ("/pm R-77", "fallback window"),
    "statements_log": ("/risk Vendor slips the API p4 i5 <@ULUIS|luis> by Friday #vendor", "Logged R-"),
}
COUNTED_HOME = "statements_home"
WORDS = ("vendor", "pilot", "freeze", "backfill", "regulator", "capacity", "tenant", "audit", "invoice", "migration")

Take = Callable[[], None]


def measure_register(names: Sequence[str], rounds: int, folder: Path) -> dict[str, Series]:
    if not {HOME, COUNTED_HOME, *CPU, *STATEMENTS}.intersection(names):
        return {}
    with ExitStack() as stack:
        towns = {size: stack.enter_context(_register(folder, size)) for size in (SMALL, LARGE)}
        takes = {name: {size: _asking(town, *asked) for size, town in towns.items()} for name, asked in CPU.items()}
        takes[HOME] = {LARGE: _opening_home(towns[SMALL], MANY), SMALL: _opening_home(towns[SMALL], FEW)}
        found = {name: _cpu(by_size, rounds) for name, by_size in takes.items() if name in names}
        counted = {
            name: {size: _asking(town, *asked) for size, town in towns.items()} for name, asked in STATEMENTS.items()
        }
        counted[COUNTED_HOME] = takes[HOME]
        return found | {name: _counted(by_size) for name, by_size in counted.items() if name in names}


@contextmanager
def _register(folder: Path, size: int) -> Iterator[Town]:
    database = Database(f"sqlite:///{folder / f'register-{size}.db'}")
    migrate(database)
    town = Town(database)
    town.set_up_program()
    town.set_up_project()
    with database.write(1) as session:
        _fill(session, town, size)
    with database.writer.begin() as connection:
        connection.execute(text("ANALYZE"))
    yield town
    database.close()


def _fill(session: Session, town: Town, size: int) -> None:
    """Open risks of every band, one of them with words that no other has; and decisions."""
    people = {row.handle: row.id for row in session.scalars(select(Person))}
    project = session.scalars(select(Project)).one()
    today = town.clock.now().date()
    common = {"project_id": project.id, "program_id": project.program_id, "raised_at": town.clock.now()}
    for start in range(0, size, 10_000):
        numbers = range(start + 1, min(start + 10_000, size) + 1)
        add_rows(session, Risk, [common | _risk(number, people, today) for number in numbers])
    add_rows(session, Decision, [common | _decision(number, people, today) for number in range(1, size // 10 + 1)])


def _risk(number: int, people: Mapping[str, int], today: date) -> dict[str, Any]:
    owner = "dana" if number <= FEW_ASKS else "ruby" if number <= FEW_ASKS + MANY_ASKS else "jonas"
    probability, impact = 1 + number % 5, 1 + number // 5 % 5
    fallback = " fallback window" if number == 77 else ""
    words = " ".join(WORDS[(number // 10**place) % 10] for place in range(3))
    return {
        "number": 1_000_000 + number if number != 77 else 77,
        "title": f"The {words} of wave {number}{fallback}",
        "statement": f"Given that wave {number} is late, the {words} may slip",
        "category": "vendor",
        "probability": probability,
        "impact": impact,
        "inherent_probability": probability,
        "inherent_impact": impact,
        **score_values(None, RiskStatus.IDENTIFIED, probability, impact),
        "status": RiskStatus.IDENTIFIED.value,
        "owner_id": people[owner],
        "author_id": people["maya"],
        "next_review_on": today + timedelta(days=number % 40 + 1),
        "version": 1,
    }


def _decision(number: int, people: Mapping[str, int], today: date) -> dict[str, Any]:
    return {
        "number": number,
        "title": f"Cutover of wave {number}",
        "driver_id": people["jonas"],
        "approver_id": people["maya"],
        "informed": [],
        "options": [],
        "criteria": [],
        "reversibility": "two_way",
        "status": "proposed",
        "due_on": today + timedelta(days=number % 60),
        "version": 1,
    }


def _asking(town: Town, line: str, holds: str) -> Take:
    """The command of kavya, in the project's channel, each time as a delivery of its own."""
    payload = caught(town, lambda: town.person("UKAVYA").types("CLEDGER", line))
    number = count()

    def ask() -> None:
        body = payload | {"trigger_id": f"{payload['trigger_id']}.{next(number)}"}
        response = town.app.dispatch(BoltRequest(mode="socket_mode", body=body))
        assert holds in response.body, response.body

    return ask


def _opening_home(town: Town, user: str) -> Take:
    def draw() -> None:
        with town.database.read(1) as session:
            view = home_view(home.build(session, user, now=town.clock.now()))
        assert "asks wait for you" in str(view)

    return draw


def _cpu(takes: Mapping[int, Take], rounds: int) -> Series:
    """The large register against the small one: CPU of a call, in microseconds."""
    for take in takes.values():
        take()
    series = Series()
    for number in range(rounds):
        order = (LARGE, SMALL) if number % 2 else (SMALL, LARGE)
        taken = {size: _timed(takes[size]) for size in order}
        series.add(Sample(taken[LARGE]), Sample(taken[SMALL]))
    return series


def _timed(take: Take) -> float:
    before = process_time()
    for _ in range(CALLS):
        take()
    return (process_time() - before) / CALLS * 1e6


def _counted(takes: Mapping[int, Take]) -> Series:
    """SQL statements of one call, with many records against few: the same number, whatever the size."""
    for take in takes.values():
        take()
    return Series([Sample(_statements(takes[LARGE]))], [Sample(_statements(takes[SMALL]))])


def _statements(take: Take) -> float:
    with statements_of(Engine) as asked:
        take()
    return float(len(asked))
