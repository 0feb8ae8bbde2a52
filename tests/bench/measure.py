"""The rounds: what is compared is measured by turns, in one order and then in the other."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from statistics import median
from typing import TypeVar

from tests.bench.figures import Sample, Series
from tests.bench.load import is_success, send
from tests.bench.office import ROWS_OF_A_RISK, Office
from tests.bench.payloads import Make
from tests.bench.processes import Server
from tests.bench.servers import NOOP_REFERENCE, Servers, start_bot, start_reference

AT_ONCE = 16
REQUESTS, SUBMISSIONS, LONE_REQUESTS = 600, 200, 400
BEFORE_IDLE = 100
MORE_ACTIONS = 300

NOOP, ACTIONS, RISK = "noop_command_cpu", "noop_command_300_actions_cpu", "risk_commit_sqlite_cpu"
LONE, STARTUP, IDLE = "lone_ack_p50", "startup_cpu", "idle_rss"
AGAINST_COMMAND = "risk_commit_against_a_command"
"""Beside the figures: the same risk against a reference that only gets a short command."""
FORM = "reference with the form"

Taken = TypeVar("Taken")
Take = Callable[[], Sample]


def measure(office: Office, names: Sequence[str], rounds: int) -> dict[str, Series]:
    found: dict[str, Series] = {}
    with ExitStack() as stack:
        servers = Servers(office, stack)
        if {NOOP, ACTIONS, RISK}.intersection(names):
            found |= _busy(office, servers, names, rounds)
        if LONE in names:
            found |= _lone(office, servers, rounds)
    if {STARTUP, IDLE}.intersection(names):
        found |= _starts(office, rounds)
    return found


def by_turns(takes: Mapping[str, Callable[[], Taken]], rounds: int) -> list[dict[str, Taken]]:
    """One unmeasured time each to warm up; then every round each of them once, every other round backwards."""
    for take in takes.values():
        take()
    orders = (list(takes), list(takes)[::-1])
    return [{name: takes[name]() for name in orders[number % 2]} for number in range(rounds)]


def _busy(office: Office, servers: Servers, names: Sequence[str], rounds: int) -> dict[str, Series]:
    ours: Mapping[str, Callable[[], Take]] = {
        NOOP: lambda: cpu_per_request(servers.ours(0), office.commands, REQUESTS),
        ACTIONS: lambda: cpu_per_request(servers.ours(MORE_ACTIONS), office.commands, REQUESTS),
        RISK: lambda: committing(
            lambda: office.rows("ours-0"), cpu_per_request(servers.ours(0), office.submissions, SUBMISSIONS)
        ),
    }
    reference = cpu_per_request(servers.reference(NOOP_REFERENCE), office.commands, REQUESTS)
    takes = {"reference": reference} | {name: prepare() for name, prepare in ours.items() if name in names}
    if RISK in names:
        takes[FORM] = cpu_per_request(servers.reference("risk.log"), office.submissions, SUBMISSIONS)
    turns = by_turns(takes, rounds)
    found = {name: series(turns, name, FORM if name == RISK else "reference") for name in ours if name in names}
    return found | ({AGAINST_COMMAND: series(turns, RISK, "reference")} if RISK in names else {})


def _lone(office: Office, servers: Servers, rounds: int) -> dict[str, Series]:
    takes = {
        "reference": lone_wait(servers.reference(NOOP_REFERENCE), office.commands),
        "ours": lone_wait(servers.ours(0), office.commands),
    }
    return {LONE: series(by_turns(takes, rounds), "ours", "reference")}


def _starts(office: Office, rounds: int) -> dict[str, Series]:
    def take(start: Callable[[Office], Server]) -> dict[str, Sample]:
        server = start(office)
        try:
            cpu = server.cpu() * 1e3
            send(server.port, office.commands(BEFORE_IDLE), at_once=AT_ONCE, accepts=is_success)
            return {STARTUP: Sample(cpu), IDLE: Sample(server.resident())}
        finally:
            server.stop()

    turns = by_turns({"ours": lambda: take(start_bot), "reference": lambda: take(start_reference)}, rounds)
    return {
        name: Series([turn["ours"][name] for turn in turns], [turn["reference"][name] for turn in turns])
        for name in (STARTUP, IDLE)
    }


def cpu_per_request(server: Server, make: Make, number: int) -> Take:
    def take() -> Sample:
        requests = make(number)
        before = server.cpu()
        load = send(server.port, requests, at_once=AT_ONCE)
        return Sample((server.cpu() - before) / number * 1e6, load.per_second, load.latencies)

    return take


def committing(rows: Callable[[], Mapping[str, int]], take: Take) -> Take:
    """Every form that was acknowledged stands in the database, with all that belongs to it."""

    def checked() -> Sample:
        before = rows()
        sample = take()
        after = rows()
        for table, number in ROWS_OF_A_RISK.items():
            assert after[table] - before[table] == number * SUBMISSIONS, (
                f"{table}: {before[table]}, then {after[table]}"
            )
        return sample

    return checked


def lone_wait(server: Server, make: Make) -> Take:
    def take() -> Sample:
        load = send(server.port, make(LONE_REQUESTS), at_once=1)
        return Sample(median(load.latencies) * 1e3, load.per_second, load.latencies)

    return take


def series(turns: Sequence[Mapping[str, Sample]], ours: str, reference: str) -> Series:
    return Series([turn[ours] for turn in turns], [turn[reference] for turn in turns])
