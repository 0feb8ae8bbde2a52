"""An acknowledgement means saved: what was committed survives a kill, and what could not be saved leaves nothing."""

import os
import random
import stat
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from pydantic import SecretStr
from sqlalchemy import event, func, select

from bot.app import build_runtime
from bot.config import Settings
from bot.database import Database
from bot.errors import UserError
from bot.keeping import sqlite_file
from bot.migrate import migrate
from models.tables import History, Outbox, Risk
from tests.asking import sqlite_only
from tests.committing import log_for_ever
from tests.depot import WARM
from tests.neighbours import everything

KILLS = 20


def test_what_a_killed_process_called_saved_is_there(town):
    """Killed at random moments, most of them in the middle of a commit."""
    WARM.set_forkserver_preload(["tests.doomed", "tests.committing"])
    dice, said = random.Random(6), 0
    for _ in range(KILLS):
        said = max(said, _killed(town.database.url, after=dice.uniform(0, 0.05)))
    with town.database.read(1) as session:
        numbers = session.scalars(select(Risk.number).order_by(Risk.number)).all()
        assert numbers == list(range(1, len(numbers) + 1)), "a number is missing, or was given twice"
        assert len(numbers) >= said >= KILLS
        histories = session.scalar(select(func.count()).select_from(History).where(History.kind == "risk"))
    assert histories == 2 * len(numbers), "half of a risk was saved"
    if town.database.is_sqlite:
        sqlite_file.examine(sqlite_file.path_in(town.database.url))


def _killed(url: str, *, after: float) -> int:
    """The last number that a process called saved, before it was killed."""
    line, theirs = WARM.Pipe()
    process = WARM.Process(target=log_for_ever, args=(url, theirs), daemon=True)
    process.start()
    theirs.close()
    assert line.poll(60), "the process says nothing"
    said = line.recv()
    process.join(after)
    process.kill()
    process.join()
    with suppress(EOFError):
        while line.poll():
            said = line.recv()
    return int(said)


@pytest.mark.parametrize(("durable", "synchronous"), [(False, 1), (True, 2)])
def test_a_commit_waits_for_the_disk_where_the_settings_say_so(tmp_path, durable, synchronous):
    settings = Settings(
        _env_file=None,
        database_url=f"sqlite:///{tmp_path / 'bot.db'}",
        STATIONMASTER_SYNC_EACH_COMMIT=durable,
        slack_bot_token=SecretStr("xoxb-1"),
    )
    database = build_runtime(settings, wake=lambda: None).database
    wanted = {"synchronous": synchronous, "journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}
    for engine in (database.writer, database.reader):
        with engine.connect() as connection:
            assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted
    database.close()


def test_the_file_its_companions_and_a_folder_that_we_made_are_private(tmp_path):
    os.umask(0o022)
    path = tmp_path / "data" / "bot.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    with database.reader.connect():
        modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in (path.parent, *path.parent.iterdir())}
    database.close()
    assert modes == {"data": 0o700, "bot.db": 0o600, "bot.db-wal": 0o600, "bot.db-shm": 0o600}


def test_a_folder_that_was_there_stays_as_it_is(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    Database(f"sqlite:///{tmp_path / 'data' / 'bot.db'}").close()
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o755


def test_a_file_that_cannot_be_made_is_said_in_words(tmp_path):
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(UserError, match=r"file/bot.db cannot be used: "):
        Database(f"sqlite:///{tmp_path / 'file' / 'bot.db'}")


@contextmanager
def spoiled(database: Database, pragma: str):
    """Every writing unit meets a database that takes nothing more."""

    def spoil(connection: object) -> None:
        connection.exec_driver_sql(pragma)  # type: ignore[attr-defined]

    event.listen(database.writer, "begin", spoil)
    try:
        yield
    finally:
        event.remove(database.writer, "begin", spoil)
        database.writer.dispose()


@sqlite_only
@pytest.mark.parametrize("pragma", ["PRAGMA max_page_count = 1", "PRAGMA query_only = ON"], ids=["full", "read-only"])
def test_what_cannot_be_saved_is_said_and_leaves_nothing(town, pragma):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips")
    before, settle = everything(town.database), town.settle
    town.settle = lambda: None  # the timetable's own units fail too, and are tried again by its next tick
    with spoiled(town.database, pragma):
        luis.fills({"statement": "word " * 199})
        luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
        said = str(luis.modal["blocks"][0])
    assert "Not saved yet. Everything you typed is still here" in said
    assert everything(town.database) == before
    town.settle = settle
    luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    assert town.count(Risk) == 1 and town.count(Outbox, message_key="risk.card:1")


def test_the_database_says_which_file_is_not_one(tmp_path):
    path = Path(tmp_path / "bot.db")
    path.write_text("a poem")
    with pytest.raises(UserError, match="is not an SQLite database"):
        sqlite_file.copy(path, tmp_path / "copy.db")
