"""`python -m tests.new_migration 0003 "issues"`: writes the migration from the last version to the tables of today."""

import sys
import tempfile
from pathlib import Path

from alembic import command

from bot.database import Database
from bot.migrate import config, migrate


def write_migration(number: str, message: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'before.db'}")
        migrate(database)
        settings = config()
        with database.writer.begin() as connection:
            settings.attributes["connection"] = connection
            command.revision(settings, message, autogenerate=True, rev_id=number)
        database.close()


if __name__ == "__main__":
    write_migration(*sys.argv[1:3])
