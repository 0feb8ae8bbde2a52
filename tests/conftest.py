import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.database import Database
from bot.migrate import migrate
from tests import guard, slack_methods
from tests.engines import Engines
from tests.postgres import PostgresServer, programs
from tests.town import Town

guard.watch()
pytest.register_assert_rewrite("tests.browsing", "tests.visiting")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """How much the machines' tables say, where they were tried."""
    reports = terminalreporter.getreports("passed")
    tried = [report.nodeid for report in reports if "test_machines.py" in report.nodeid]
    if tried:
        from tests.machines.test_machines import SIZE

        terminalreporter.write_line(
            f"State machines: {SIZE:,} (state, act, role) triples in {len(tried)} tables tried."
        )


@pytest.fixture(autouse=True)
def scopes_are_complete() -> Iterator[None]:
    """test_manifest.py holds the scopes against the methods that our code names: there are no others."""
    slack_methods.unnamed_calls.clear()
    yield
    assert slack_methods.unnamed_calls == []


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "empty.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    database.close()  # the last connection folds the write-ahead log into the file
    return path


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    if programs() is None:
        pytest.skip("PostgreSQL's programs are not on this machine")
    server = PostgresServer()
    server.start()
    template = Database(server.url("template1"))
    migrate(template)
    template.close()
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database: the same tests run on both."""
    if request.param == "sqlite":
        path = tmp_path / "stationmaster.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        return f"sqlite:///{path}"
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"t{abs(hash(request.node.nodeid))}"
    admin = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE template1 STRATEGY FILE_COPY'))
    admin.dispose()
    return server.url(name)


@pytest.fixture(scope="session")
def engines() -> dict[str, Engines]:
    return {}


@pytest.fixture
def database(database_url: str, engines: dict[str, Engines]) -> Iterator[Database]:
    kind = make_url(database_url).get_backend_name()
    if kind not in engines:
        engines[kind] = Engines(database_url)
    database = engines[kind].at(database_url)
    yield database
    database.close()


@pytest.fixture
def town(database: Database) -> Iterator[Town]:
    """A workspace with a program and one project. Nothing that the sandbox refuses, and nobody shouted at."""
    town = Town(database)
    town.set_up_program()
    town.set_up_project()
    yield town
    assert not town.sandbox.broadcasts
    assert not town.unexpected_refusals()
    assert not town.before_acknowledging
