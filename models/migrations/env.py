"""Alembic's entry point: runs on the connection that `bot.migrate` hands over."""

from alembic import context

from models.tables import Base
from models.tables.words import from_models

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
    include_name=from_models,
)
context.run_migrations()
