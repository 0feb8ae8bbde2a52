"""Bringing a database up to date. Whatever opens an empty database migrates it first."""

from pathlib import Path

from sqlalchemy import text

from bot.database import Database

SCRIPTS = Path(__file__).parent.parent / "models" / "migrations"
LOCK = 7_382_915
"""Any number: it names the lock that keeps two processes from migrating one PostgreSQL at once."""


def migrate(database: Database) -> None:
    """Idempotent; one transaction, so a failed migration leaves the database as it was."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
