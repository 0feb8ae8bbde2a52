"""A risk that is committed to PostgreSQL: its CPU beside the reference's, and its round trips."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager

from sqlalchemy import make_url, text

from bot.clock import SystemClock
from bot.database import Database
from bot.migrate import migrate
from tests.bench.figures import Sample, Series
from tests.bench.load import send
from tests.bench.measure import FORM, SUBMISSIONS, Take, by_turns, committing, cpu_per_request, series
from tests.bench.office import ROWS_OF_A_RISK, Office, live_a_little
from tests.bench.processes import Server
from tests.bench.relay import relay
from tests.bench.servers import Servers, start_ours_on
from tests.postgres import PostgresServer
from tests.town import Town

CPU, TRIPS = "risk_commit_postgres_cpu", "risk_commit_postgres_round_trips"
COUNTED = 40
"""Forms, one after another, whose round trips are counted."""


def measure_commits(office: Office, names: Sequence[str], rounds: int) -> dict[str, Series]:
    found: dict[str, Series] = {}
    if {CPU, TRIPS}.isdisjoint(names):
        return found
    with ExitStack() as stack:
        url = stack.enter_context(_postgres_office())
        if CPU in names:
            server = start_ours_on(office, url)
            stack.callback(server.stop)
            found[CPU] = _cpu(office, Servers(office, stack), server, url, rounds)
        if TRIPS in names:
            found[TRIPS] = _trips(office, url)
    return found


@contextmanager
def _postgres_office() -> Iterator[str]:
    """The same program, project and risk as in the other office, so that the same form fits."""
    server = PostgresServer()
    server.start()
    try:
        url = server.url("postgres")
        with closing(Database(url)) as database:
            migrate(database)
            live_a_little(Town(database, now=SystemClock().now()))
        yield url
    finally:
        server.stop()


def _cpu(office: Office, servers: Servers, server: Server, url: str, rounds: int) -> Series:
    takes: dict[str, Take] = {FORM: cpu_per_request(servers.reference("risk.log"), office.submissions, SUBMISSIONS)}
    takes[CPU] = committing(lambda: _rows(url), cpu_per_request(server, office.submissions, SUBMISSIONS))
    return series(by_turns(takes, rounds), CPU, FORM)


def _trips(office: Office, url: str) -> Series:
    """Counted where they pass by, between the bot and the server; the first forms prepare statements."""
    address = make_url(url)
    with relay(address.port or 0) as counting:
        server = start_ours_on(office, address.set(port=counting.port).render_as_string(hide_password=False))
        try:
            send(server.port, office.submissions(COUNTED), at_once=1)
            before = counting.turns
            send(server.port, office.submissions(COUNTED), at_once=1)
            trips = (counting.turns - before) / COUNTED
        finally:
            server.stop()
    return Series([Sample(trips)], [Sample(1)])


def _rows(url: str) -> dict[str, int]:
    with closing(Database(url)) as database, database.look() as connection:
        return {
            table: int(connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one())
            for table in ROWS_OF_A_RISK
        }
