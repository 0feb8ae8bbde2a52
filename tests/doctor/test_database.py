"""The database, as the doctor finds it; it never makes one."""

import pytest
from sqlalchemy import create_engine, make_url, text

from bot.doctor.database import VERSIONS, database_trouble
from bot.doctor.finding import Level
from bot.doctor.report import secrets_of
from bot.migrate import Version
from tests.doctor.practice import NOBODY_LISTENS, PASSWORD


def test_a_database_that_is_not_there_is_not_made(connected):
    assert connected.says("There is no database yet") == 0
    assert list(connected.folder.iterdir()) == []


def test_a_place_where_no_database_can_be_made(connected):
    (connected.folder / "file").write_text("")
    connected.sets(database_url=f"sqlite:///{connected.folder / 'file' / 'bot.db'}")
    assert connected.says("cannot be made:") == 1


@pytest.mark.parametrize("url", ["sqlite:///", "sqlite:///:memory:"])
def test_a_database_without_a_file_forgets(connected, url):
    connected.sets(database_url=url)
    assert connected.says("DATABASE_URL names no file: all is forgotten at the end.") == 1


def test_a_file_of_another_kind_is_no_database(connected):
    (connected.folder / "bot.db").write_text("Dear diary, " * 100)
    assert connected.says("The database cannot be used: file is not a database -> DATABASE_URL names a file of") == 1


def test_a_database_without_tables_is_empty(connected):
    (connected.folder / "bot.db").touch(mode=0o600)
    assert connected.says("The database is empty. -> ./run start makes the tables") == 0


def test_each_state_of_the_tables_says_what_to_do():
    assert set(VERSIONS) == set(Version)
    assert all(found.remedy for found in VERSIONS.values() if found.level is not Level.RIGHT)


def test_a_database_of_a_newer_stationmaster_is_left_alone(used):
    used.change(text("UPDATE alembic_version SET version_num = '9999'"))
    assert used.says("The database was used by a newer Stationmaster than this one.") == 1
    assert used.says("not checked: people, because the database cannot be read yet") == 1


def test_a_database_of_an_older_stationmaster_is_not_brought_up_to_date_unasked(used):
    used.change(text("UPDATE alembic_version SET version_num = '0001'"))
    for _ in range(2):
        assert used.says("The database belongs to an older version. -> ./run migrate; or ./run start") == 1


def test_a_file_that_others_could_read_becomes_private(connected):
    (connected.folder / "bot.db").touch(mode=0o644)
    assert connected.says("bot.db could be read by other users of this machine. It is private from now on.") == 0
    assert connected.says("bot.db can be read by you alone.") == 0


@pytest.mark.postgres
def test_a_server_without_the_database_or_no_server_at_all(connected, postgres):
    url = make_url(postgres.url("nowhere"))
    for address, words in (
        (url, 'database "nowhere" does not exist -> Make it on the server (createdb)'),
        (url.set(port=9), "refused"),
    ):
        connected.sets(database_url=address.render_as_string(hide_password=False))
        assert connected.says(words) == 1


@pytest.mark.postgres
def test_a_user_who_may_only_look_is_found_out(connected, postgres):
    admin = create_engine(postgres.url("template1"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE ROLE onlooker LOGIN"))
        connection.execute(text("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker"))
    admin.dispose()
    onlooker = make_url(postgres.url("template1")).set(username="onlooker")
    connected.sets(database_url=onlooker.render_as_string())
    assert connected.says("permission denied for table workspace -> The user in DATABASE_URL needs the right") == 1


def test_what_a_database_says_has_a_remedy():
    told = database_trouble(OSError("password authentication failed for user"))
    assert told.remedy.startswith("Compare user and password")
    assert database_trouble(OSError("it is raining")).remedy.startswith("Look at the message")


def test_a_password_in_the_settings_is_a_secret(practice):
    practice.sets(database_url=f"postgresql+psycopg://u:{PASSWORD}@127.0.0.1:9/db", slack_api_url=NOBODY_LISTENS)
    assert PASSWORD in secrets_of(practice.settings)
    assert practice.says("The database cannot be used: ") == 1
