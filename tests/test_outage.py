"""The database goes away and comes back: whoever asks is told so at once, and all goes on by itself."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, TimeoutError

from bot.clock import SystemClock
from bot.config import Settings
from bot.database import CONNECTING, WAITING, Database, is_full, is_out_of_reach
from bot.migrate import migrate
from bot.sandbox import Sandbox
from bot.sandbox.server import SandboxServer
from bot.slack_rules.limits import ACKNOWLEDGE_SECONDS
from bot.start import Bot
from handlers.feature import Ask, Reply, writes
from models.schemas.message import Message
from models.tables import Outbox, Risk
from tests.postgres import PostgresServer, programs
from tests.test_deadlocks import an_ask
from tests.town import Town, one_channel

pytestmark = [pytest.mark.postgres, pytest.mark.timeout(300)]


@pytest.fixture
def server() -> Iterator[PostgresServer]:
    """One of its own: the others go on."""
    if programs() is None:
        pytest.skip("PostgreSQL's programs are not on this machine")
    server = PostgresServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def sandbox() -> Sandbox:
    return one_channel(SystemClock())


@pytest.fixture
def bot(server: PostgresServer, sandbox: Sandbox, tmp_path: Path) -> Iterator[Bot]:
    slack = SandboxServer(sandbox, page_dir=tmp_path)
    slack.start()
    bot = Bot(
        Settings(
            _env_file=None,
            slack_bot_token=SecretStr(sandbox.bot_token),
            slack_app_token=SecretStr(sandbox.app_token),
            slack_api_url=f"{slack.url}/api/",
            database_url=server.url("postgres"),
        )
    )
    bot.prepare()
    bot.start()
    yield bot
    bot.stop()
    slack.stop()


def test_people_are_told_at_once_and_all_goes_on_by_itself(server, sandbox, bot):
    luis = sandbox.person("ULUIS")
    luis.types("CLEDGER", "/pm setup Ledger Migration")
    luis.submits({"target_on": "2099-01-01"})
    assert luis.form_errors == {}
    luis.types("CLEDGER", "/risk Vendor slips the API")
    server.break_off()
    assert "the database does not answer" in bot.problems()

    luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    assert luis.modal["blocks"][0]["block_id"] == "not_saved"  # it stays open, and holds what was typed
    typed = luis.types("CLEDGER", "/pm search vendor")
    assert typed.text == "Stationmaster cannot reach its memory right now; nothing was saved. Try again in a minute."

    server.go_on()
    said = threading.Event()
    while "the database does not answer" in bot.problems():
        said.wait(0.05)
    luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    assert luis.modals == []
    with bot.runtime.database.read(1) as session:
        assert session.scalars(select(Risk.title)).all() == ["Vendor slips the API"]
    while not any("Vendor slips the API" in json.dumps(m["blocks"]) for m in luis.reads("CLEDGER")):
        said.wait(0.05)
    assert bot.problems() == []


def test_a_unit_whose_connection_broke_is_done_once_more(server):
    """Whether it was saved is told by the delivery that is remembered with it."""
    database = Database(server.url("postgres"))
    migrate(database)
    town = Town(database)
    tries: list[int] = []

    @writes
    def step(ask: Ask, session) -> Reply:
        tries.append(1)
        session.add(
            Outbox(
                key=f"k{len(tries)}",
                message_key="k",
                operation="post",
                target="C1",
                body={},
                created_at=ask.now,
                due_at=ask.now,
            )
        )
        session.flush()
        if len(tries) == 1:
            session.connection().exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
        return Reply(private=Message(text="done", blocks=[]))

    reply = step(an_ask(town, "action:cut"))
    assert (reply.private.text, len(tries)) == ("done", 2)
    assert town.count(Outbox, message_key="k") == 1
    database.close()


def test_whoever_finds_no_connection_free_is_told_so(server):
    """Each is waited for for less than the three seconds that Slack gives."""
    assert max(CONNECTING, WAITING) < ACKNOWLEDGE_SECONDS
    database = Database(server.url("postgres"), connections=1, waiting=0.01)
    with database.reader.connect(), pytest.raises(TimeoutError) as problem, database.read(1) as session:
        session.execute(select(1))
    assert is_full(problem.value) and not is_out_of_reach(problem.value)
    database.close()


def test_a_server_that_is_not_there_is_out_of_reach():
    database = Database("postgresql+psycopg://nobody@127.0.0.1:9/nothing")
    with pytest.raises(OperationalError) as problem:
        database.check()
    assert is_out_of_reach(problem.value) and not is_full(problem.value)
    database.close()
