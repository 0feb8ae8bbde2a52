"""Delivery under faults: through processes that are killed and a Slack that fails, counted where it arrives."""

import random
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import ceil
from pathlib import Path
from typing import Any

from bot.database import Database
from tests.bench.faults_count import Count, count
from tests.bench.faults_databases import MAKERS
from tests.bench.faults_fleet import Fleet, fleet
from tests.bench.faults_trouble import MAKE_TROUBLE, Trouble
from tests.bench.faults_yard import PORTIONS, Yard

REPLICAS = {"postgres": 3, "sqlite": 1}
STEP = timedelta(seconds=10)
"""What is not due yet is waited for in steps of at least this, in which buckets fill up."""
HESITATION = 0.03
"""Seconds: so much later than the message that it was drawn for a kill may come, wherever the courier stands then."""
MOST_SECONDS = 1_800.0
"""Of one row: what has not arrived by then is counted as lost."""
BEFORE_THE_NEXT_PORTION = 0.7
A_MOMENT = timedelta(milliseconds=1)


@dataclass(frozen=True)
class Row:
    name: str
    database: str
    messages: int
    kills: int
    trouble: str = ""
    blind: bool = False
    """Installed without the scopes that let it look for a message."""

    @property
    def replicas(self) -> int:
        return REPLICAS[self.database]


@dataclass(frozen=True)
class Result:
    """As it is printed; what else was found stands beside it."""

    name: str
    database: str
    replicas: int
    kills: int
    messages: int
    lost: int
    doubled: int
    out_of_order: int


@dataclass(frozen=True)
class Run:
    row: Row
    result: Result
    seconds: float
    uncounted: int
    """Doubled messages of which the bot does not know that it may have doubled them."""
    given_up: dict[str, int]
    troubles: int

    @property
    def keeps_its_promise(self) -> bool:
        most = self.result.kills if self.row.blind else 0
        return not (self.result.lost or self.result.out_of_order or self.uncounted) and self.result.doubled <= most


SHORT = {"kills": (300, 6), "troubles": (100, 2)}
LONG = {"kills": (10_000, 200), "troubles": (2_000, 40)}
"""Messages and kills."""


def rows(sizes: Mapping[str, tuple[int, int]], databases: Sequence[str] = ("postgres", "sqlite")) -> list[Row]:
    messages, kills = sizes["kills"]
    found = [Row("kills", database, messages, kills) for database in databases]
    found += [Row("kills_without_history", database, messages, kills, blind=True) for database in databases]
    messages, kills = sizes["troubles"]
    return found + [
        Row(f"kills_and_{trouble}", database, messages, kills, trouble)
        for trouble in MAKE_TROUBLE
        for database in databases
    ]


def measure_faults(rows: Sequence[Row], folder: Path, *, tell: Callable[[Run], None]) -> list[Run]:
    runs = []
    with ExitStack() as stack:
        databases = {kind: stack.enter_context(MAKERS[kind](folder)) for kind in {row.database for row in rows}}
        for number, row in enumerate(rows):
            place = folder / f"row-{number}"
            place.mkdir()
            database = databases[row.database](f"row{number}")
            runs.append(run(row, database, place, seed=number))
            database.close()
            tell(runs[-1])
    return runs


def as_json(runs: Sequence[Run]) -> dict[str, Any]:
    return {"faults": [asdict(each.result) for each in runs]}


def run(row: Row, database: Database, folder: Path, *, seed: int, trouble: Trouble | None = None) -> Run:
    began, dice = time.monotonic(), random.Random(seed)
    trouble = trouble or (MAKE_TROUBLE[row.trouble]() if row.trouble else Trouble())
    yard = Yard(
        database,
        folder,
        seed=seed,
        messages=row.messages,
        without_optional_scopes=row.blind,
        rate_limits=trouble.rate_limits,
    )
    with yard.open() as settings, fleet(settings, yard.clock, trouble.timeout, row.replicas, dice) as couriers:
        shift = Shift(row, yard, couriers, trouble, dice)
        shift.work()
    found = count(yard.queued, yard.arrived())
    return Run(
        row,
        _result(row, found, shift.kills),
        time.monotonic() - began,
        len(found.doubled.keys() - yard.possibly_doubled()) if found.doubled else 0,
        yard.given_up(),
        shift.troubles,
    )


def _result(row: Row, found: Count, kills: int) -> Result:
    return Result(
        row.name,
        row.database,
        row.replicas,
        kills,
        row.messages,
        found.lost,
        found.doubled.total(),
        found.out_of_order,
    )


class Shift:
    """From the first message to the last: people say things, Slack makes trouble, couriers are killed, time passes."""

    def __init__(self, row: Row, yard: Yard, couriers: Fleet, trouble: Trouble, dice: random.Random) -> None:
        self._row, self._yard, self._couriers, self._trouble, self._dice = row, yard, couriers, trouble, dice
        self._said = 0
        self._kills_at = sorted(dice.sample(range(row.messages), row.kills))
        self._troubles_at = sorted(dice.sample(range(row.messages), ceil(row.messages * trouble.share)))
        self.kills = self.troubles = 0

    def work(self) -> None:
        """Done when all was said, nothing is due any more and every kill has happened."""
        until = time.monotonic() + MOST_SECONDS
        while time.monotonic() < until:
            self._people_go_on()
            self._couriers.look()
            self._make_trouble()
            self._kill()
            if not self._couriers.all_idle:
                self._couriers.send_on_rested()
            elif not self._let_time_pass():
                return

    def _people_go_on(self) -> None:
        portion = -(-self._row.messages // PORTIONS)
        enough = self._yard.kept > self._said - (1 - BEFORE_THE_NEXT_PORTION) * portion
        if self._said < self._row.messages and (enough or not self._said):
            number = min(portion, self._row.messages - self._said)
            self._yard.say(number, first=self._said)
            self._said += number

    def _make_trouble(self) -> None:
        while self._troubles_at and self._troubles_at[0] <= self._yard.kept:
            self._troubles_at.pop(0)
            self._trouble.begin(self._yard, self._dice)
            self.troubles += 1
        self._trouble.goes_on(self._yard)

    def _kill(self) -> None:
        if not self._kills_at or self._kills_at[0] > self._yard.kept:
            return
        time.sleep(self._dice.uniform(0, HESITATION))
        self._couriers.look()
        if self._couriers.kill_one():
            self._kills_at.pop(0)
            self.kills += 1

    def _let_time_pass(self) -> bool:
        """Nobody has anything under way: the clock moves to where there is something to do. False: there is nothing."""
        due = self._yard.next_due()
        if due is None and self._said == self._row.messages:
            return False
        self._yard.catch_up()
        now = self._yard.clock.now()
        if due is not None and due > now:
            self._yard.clock.move_to(self._trouble.before(max(due, now + STEP)) + A_MOMENT)
        self._couriers.send_on()
        return True
