"""The database itself keeps history append-only, whoever writes to it."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from bot.migrate import config
from bot.services.history import record_change
from models.tables import History, Workspace
from tests.town import MONDAY

REFUSAL = "history is append-only"


def change(database, **values):
    with database.everywhere() as session:
        session.execute(History.__table__.update().where(History.field == "title").values(**values))


def row_of(database):
    with database.everywhere() as session:
        return session.scalars(select(History).where(History.field == "title")).one()


@pytest.fixture
def told(town):
    """A row with words of people in it."""
    with town.database.write(1) as session:
        record_change(session, "risk", 1, at=MONDAY, actor_id=1, field="title", old="a", new="b", reason="why")
    return town.database


@pytest.mark.parametrize(
    "values",
    [
        {"new": "c"},
        {"old": None},
        {"reason": None},
        {"reason": "another"},
        {"at": MONDAY.replace(year=2020)},
        {"actor_id": None},
        {"actor_id": 2},
        {"kind": "decision"},
        {"record_id": 2},
        {"field": "status"},
        {"redacted_at": MONDAY, "new": "c"},
        {"redacted_at": MONDAY, "reason": ""},
        {"redacted_at": MONDAY, "actor_id": 2, "new": "(redacted)"},
        {"new": "(redacted)"},
    ],
    ids=str,
)
def test_a_row_of_history_is_not_changed(told, values):
    with pytest.raises(IntegrityError, match=REFUSAL):
        change(told, **values)
    row = row_of(told)
    assert (row.old, row.new, row.reason, row.actor_id, row.redacted_at) == ("a", "b", "why", 1, None)


def test_words_are_taken_out_of_a_row_for_good(told):
    change(told, redacted_at=MONDAY, old="(redacted)", new="(redacted)")
    change(told, redacted_at=MONDAY, reason="(redacted)")
    row = row_of(told)
    assert (row.old, row.new, row.reason, row.redacted_at) == ("(redacted)", "(redacted)", "(redacted)", MONDAY)
    for values in ({"redacted_at": None}, {"new": "b"}, {"reason": "why"}):
        with pytest.raises(IntegrityError, match=REFUSAL):
            change(told, **values)


def test_a_row_goes_only_with_a_workspace_that_has_removed_the_app(told):
    def forget():
        with told.everywhere() as session:
            session.execute(History.__table__.delete().where(History.__table__.c.workspace_id == 1))

    with pytest.raises(IntegrityError, match=REFUSAL):
        forget()
    with told.everywhere() as session:
        session.execute(Workspace.__table__.update().values(uninstalled_at=MONDAY))
    forget()
    with told.everywhere() as session:
        assert session.scalars(select(History.id)).all() == []


def test_the_table_is_not_emptied_at_once(told):
    if not told.is_sqlite:  # SQLite knows no such statement: it deletes row by row
        with pytest.raises(IntegrityError, match=REFUSAL), told.everywhere() as session:
            session.execute(text("TRUNCATE history CASCADE"))
    with pytest.raises(IntegrityError, match=REFUSAL), told.everywhere() as session:
        session.execute(text("DELETE FROM history"))
    assert row_of(told).new == "b"


PUT = """
    {insert} INTO history (id, workspace_id, at, kind, record_id, field, new)
    VALUES (:id, 1, '2020-01-01', 'risk', 1, 'title', '"another"') {conflict}
"""


def test_a_row_that_is_put_in_the_place_of_another_is_refused(told):
    """By the key that is taken, as each database knows it."""
    upsert = PUT.format(insert="INSERT", conflict="ON CONFLICT (id) DO UPDATE SET new = excluded.new")
    replace = PUT.format(insert="INSERT OR REPLACE", conflict="")
    before = row_of(told)
    for statement in (upsert, replace) if told.is_sqlite else (upsert,):
        with pytest.raises(IntegrityError, match=REFUSAL), told.everywhere() as session:
            session.execute(text(statement), {"id": before.id})
    row = row_of(told)
    assert (row.new, row.reason, row.at) == ("b", "why", MONDAY)


def test_the_database_as_it_is_made_keeps_history(database):
    """A later migration that makes the table anew must call `keep_history`, or nothing refuses any more."""
    found = (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'history'"
        if database.is_sqlite
        else "SELECT tgname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
        " WHERE relname = 'history' AND NOT tgisinternal"
    )
    with database.reader.connect() as connection:
        names = set(connection.execute(text(found)).scalars())
    assert names == (
        {"history_changed", "history_removed"} if database.is_sqlite else {"history_kept", "history_whole"}
    )


def test_a_migration_that_makes_the_table_anew_keeps_it_so(told):
    """As later ones will, with the helper that they are told of."""
    from alembic.migration import MigrationContext
    from alembic.operations import Operations
    from alembic.script import ScriptDirectory

    module = ScriptDirectory.from_config(config()).get_revision("0007").module
    with told.writer.begin() as connection, Operations.context(MigrationContext.configure(connection)) as op:
        if not told.is_sqlite:
            module.release_history()
        with op.batch_alter_table("history", recreate="always" if told.is_sqlite else "auto"):
            pass
        module.keep_history()
    with pytest.raises(IntegrityError, match=REFUSAL):
        change(told, new="c")


def test_the_mark_is_the_one_that_the_code_writes():
    from alembic.script import ScriptDirectory

    from bot.domain.redaction import REDACTED

    words = ScriptDirectory.from_config(config()).get_revision("0007").module.WORDS
    assert words == {"old": f"'\"{REDACTED}\"'", "new": f"'\"{REDACTED}\"'", "reason": f"'{REDACTED}'"}
