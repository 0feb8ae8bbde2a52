"""`./run backup` beside a running bot, and `./run restore` elsewhere."""

import os
import stat
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import make_url, select, update

from bot.database import Database
from bot.errors import UserError
from bot.keeping import place, server_dump, sqlite_file
from bot.keeping.backup import run_backup
from bot.keeping.restore import run_restore
from bot.migrate import migrate
from bot.services import delivery, restored
from models.schemas.message import Message
from models.tables import Counter, Outbox, Risk
from tests.keeping.conftest import settings_of
from tests.neighbours import everything, install_neighbour
from tests.town import Town

pytestmark = pytest.mark.usefixtures("in_a_folder_of_its_own")

TEXT = Message(text="A word", blocks=[])


def log_risk(town, title="Vendor slips"):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", f"/risk {title}")
    luis.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})


def restore(url, file, **options):
    return run_restore(settings_of(url), file, **{"force": False, "keep_outbox": False} | options)


def test_a_backup_restored_elsewhere_holds_everything_and_a_bot_works_on_it(town, elsewhere, tmp_path, capsys):
    log_risk(town)
    install_neighbour(town.database)
    before = everything(town.database)
    assert run_backup(settings_of(town.database.url), tmp_path / "kept" / "all.backup", force=False) == 0
    assert "found whole" in capsys.readouterr().out
    log_risk(town, "Logged after the backup")
    url = elsewhere()
    assert restore(url, tmp_path / "kept" / "all.backup") == 0
    there = Database(url)
    assert everything(there) == before
    with there.everywhere() as session:
        session.execute(update(Counter).where(Counter.workspace_id == 2).values(n=Counter.n))  # it can be written
    again = Town(there)
    log_risk(again, "Logged on the restored one")
    assert again.count(Risk, title="Logged on the restored one", number=2) == 1
    there.close()


def test_a_backup_is_private_and_takes_nobodys_place(town, tmp_path, capsys):
    file = tmp_path / "kept" / "all.backup"
    run_backup(settings_of(town.database.url), file, force=False)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    first = file.stat().st_ino
    with pytest.raises(UserError, match="is there already"):
        run_backup(settings_of(town.database.url), file, force=False)
    assert file.stat().st_ino == first
    run_backup(settings_of(town.database.url), file, force=True)
    assert file.stat().st_ino != first
    assert [each.name for each in file.parent.iterdir()] == [file.name], "something was left behind"


def test_a_backup_without_a_name_is_named_by_the_time(town, capsys):
    run_backup(settings_of(town.database.url), None, force=False)
    [file] = Path("data/backups").iterdir()
    assert file.name.startswith("stationmaster-") and str(file) in capsys.readouterr().out


def test_a_backup_while_others_write_is_of_one_instant(town, elsewhere, tmp_path):
    """Each unit of work is in it whole, or not at all: a risk never without its history and its card."""
    log_risk(town)
    done = threading.Event()

    def write() -> None:
        number = 0
        while not done.is_set():
            number += 1
            with town.database.write(1) as session:
                session.execute(update(Counter).where(Counter.kind == "risk").values(n=100 + number))
                session.execute(update(Risk).where(Risk.number == 1).values(version=100 + number))

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for number in range(5):
            run_backup(settings_of(town.database.url), tmp_path / f"{number}.backup", force=False)
    finally:
        done.set()
        writer.join()
    seen = set()
    for number in range(5):
        url = elsewhere()
        restore(url, tmp_path / f"{number}.backup")
        there = Database(url)
        with there.read(1) as session:
            pair = session.scalar(select(Counter.n).where(Counter.kind == "risk")), session.scalar(select(Risk.version))
        there.close()
        assert pair[0] == pair[1]
        seen.add(pair)
    assert len(seen) > 1, "nobody wrote meanwhile"


def test_nothing_is_left_of_a_backup_that_failed(database, tmp_path):
    """A file of another kind; a server without that database."""
    if database.is_sqlite:
        broken = tmp_path / "notes.txt"
        broken.write_text("Not a database." * 1000)
        url, why = f"sqlite:///{broken}", "is not an SQLite database"
    else:
        url, why = make_url(database.url).set(database="nowhere").render_as_string(hide_password=False), "nowhere"
    with pytest.raises(UserError, match=why):
        run_backup(settings_of(url), tmp_path / "kept" / "all.backup", force=False)
    assert list((tmp_path / "kept").iterdir()) == []


def test_the_database_is_not_its_own_backup(database, tmp_path):
    if database.is_sqlite:
        with pytest.raises(UserError, match="is the database itself"):
            run_backup(settings_of(database.url), sqlite_file.path_in(database.url), force=True)


def test_a_damaged_file_is_not_taken_for_a_backup(tmp_path):
    path = tmp_path / "bot.db"
    database = Database(f"sqlite:///{path}")
    migrate(database)
    install_neighbour(database)
    database.close()
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        file.write(os.urandom(20_000))
    with pytest.raises(UserError):
        run_backup(settings_of(f"sqlite:///{path}"), tmp_path / "all.backup", force=False)
    with pytest.raises(UserError):
        restore(f"sqlite:///{tmp_path / 'new.db'}", path)
    assert not (tmp_path / "all.backup").exists() and not (tmp_path / "new.db").exists()


def test_a_database_that_holds_records_is_kept_where_one_is_restored_over_it(town, tmp_path, capsys):
    log_risk(town)
    run_backup(settings_of(town.database.url), tmp_path / "all.backup", force=False)
    before = everything(town.database)
    log_risk(town, "After the backup")
    after = everything(town.database)
    town.database.close()
    with pytest.raises(UserError, match="--force"):
        restore(town.database.url, tmp_path / "all.backup")
    assert everything(town.database) == after
    town.database.close()
    capsys.readouterr()
    restore(town.database.url, tmp_path / "all.backup", force=True)
    kept = Path(capsys.readouterr().out.partition("is kept as ")[2].partition(".\n")[0])
    assert everything(town.database) == before
    town.database.close()
    restore(town.database.url, kept, force=True)
    assert everything(town.database) == after


def test_a_running_bot_keeps_its_database(town, tmp_path):
    run_backup(settings_of(town.database.url), tmp_path / "all.backup", force=False)
    if town.database.is_sqlite:
        with place.alone(sqlite_file.path_in(town.database.url)), pytest.raises(UserError, match="A bot runs on"):
            restore(town.database.url, tmp_path / "all.backup", force=True)
    with town.database.reader.connect(), pytest.raises(UserError, match=r"ha(s|ve) .* open"):
        restore(town.database.url, tmp_path / "all.backup", force=True)


def test_what_waited_when_the_backup_was_made_is_not_sent_again(town, elsewhere, tmp_path, capsys):
    url = with_something_waiting(town, elsewhere, tmp_path)
    restore(url, tmp_path / "all.backup")
    assert "1 messages waited when the backup was made. They are not sent" in capsys.readouterr().out
    there = Database(url)
    again = Town(there)
    again.timetable.run_due()
    assert not again.person("ULUIS").direct_messages()
    assert again.count(Outbox, message_key="word:1", state="superseded") == 1
    there.close()


def test_what_waited_is_looked_for_before_it_is_sent_after_all(town, elsewhere, tmp_path, capsys):
    url = with_something_waiting(town, elsewhere, tmp_path)
    restore(url, tmp_path / "all.backup", keep_outbox=True)
    assert "Each is looked for" in capsys.readouterr().out
    there = Database(url)
    again = Town(there)
    again.clock.move_to(town.clock.now())
    again.settle()
    assert len(again.person("ULUIS").direct_messages()) == 1
    assert again.count(Outbox, message_key="word:1", state="sent") == 1
    assert any(call.method == "conversations.history" for call in again.sandbox.calls)
    there.close()


def test_what_was_kept_for_a_later_hour_holds_up_nothing(town):
    now = town.clock.now()
    with town.database.write(1) as session:
        delivery.post(session, TEXT, key="tomorrow:1", to="ULUIS", now=now + timedelta(days=1))
    with town.database.everywhere() as session:
        assert restored.settle_outbox(session, send=True).posts == 1
    with town.database.write(1) as session:
        delivery.post(session, TEXT, key="word:1", to="ULUIS", now=now)
    town.settle()
    assert town.count(Outbox, message_key="word:1", state="sent") == 1
    assert town.count(Outbox, message_key="tomorrow:1", state="queued") == 1


def with_something_waiting(town, elsewhere, tmp_path) -> str:
    with town.database.write(1) as session:
        delivery.post(session, TEXT, key="word:1", to="ULUIS", now=town.clock.now())
    run_backup(settings_of(town.database.url), tmp_path / "all.backup", force=False)
    return elsewhere()


def test_a_backup_of_a_newer_one_is_refused(town, elsewhere, tmp_path):
    with town.database.writer.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    run_backup(settings_of(town.database.url), tmp_path / "all.backup", force=False)
    url = elsewhere()
    with pytest.raises(UserError, match="newer"):
        restore(url, tmp_path / "all.backup")


NOTING = """#!/bin/sh
printf '%s\\n' "$0" "$@" >> "$SEEN"
printf '%s\\n' "$PGPASSWORD" >> "$SEEN.password"
"""


def test_the_password_is_on_no_command_line(monkeypatch, tmp_path):
    """Programs of the same names note how they were started."""
    for name in ("pg_dump", "pg_restore"):
        (tmp_path / name).write_text(NOTING)
        (tmp_path / name).chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setenv("SEEN", str(tmp_path / "seen"))
    server_dump.dump("postgresql+psycopg://bot:s3cr3t@db.example:5433/station?sslmode=require", tmp_path / "file")
    lines = (tmp_path / "seen").read_text().splitlines()
    assert str(tmp_path / "pg_dump") in lines and str(tmp_path / "pg_restore") in lines
    assert "postgresql://bot@db.example:5433/station?sslmode=require" in lines
    assert "s3cr3t" not in (tmp_path / "seen").read_text()
    assert (tmp_path / "seen.password").read_text().splitlines() == ["s3cr3t", "s3cr3t"]


def test_without_the_servers_programs_it_says_so(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UserError, match="Install PostgreSQL's client programs"):
        server_dump.dump("postgresql://bot@127.0.0.1:1/none", tmp_path / "file", besides=str(tmp_path))
