"""The tables that the code knows and the tables that the migrations make are the same, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect

from bot.migrate import migrate
from models.tables import Base
from tests.neighbours import everything, install_neighbour


def test_the_migrations_make_what_the_models_say(database):
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, Base.metadata) == []
        made = set(inspect(connection).get_table_names())
    assert made == {*Base.metadata.tables, "alembic_version"}


def test_migrating_again_changes_nothing(database):
    install_neighbour(database)
    before = everything(database)
    migrate(database)
    assert everything(database) == before
