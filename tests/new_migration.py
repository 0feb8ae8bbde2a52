"""`python -m tests.new_migration 0003 "issues"`: writes the migration from the last version to the tables of today."""

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.database import Database
from bot.migrate import SCRIPTS, config, migrate
from models.tables import Base
from models.tables.words import from_models


def write_migration(number: str, message: str) -> None:
    if found := list((SCRIPTS / "versions").glob(f"{number}_*.py")):
        raise SystemExit(f"{found[0].name} is there already. Delete it first to write it anew.")
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'before.db'}")
        migrate(database)
        settings = config()
        with database.writer.begin() as connection:
            if not compare_metadata(
                MigrationContext.configure(connection, opts={"include_name": from_models}), Base.metadata
            ):
                raise SystemExit("Nothing has changed. Is the new table listed in models/tables/__init__.py?")
            settings.attributes["connection"] = connection
            command.revision(settings, message, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    write_migration(*sys.argv[1:3])
