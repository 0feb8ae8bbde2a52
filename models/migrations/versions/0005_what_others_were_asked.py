"""what others were asked: indexes for what a person waits for, in their Home"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

INDEXES = (
    ("ix_risk_unread", "risk", "author_id", "acknowledged_at IS NULL"),
    ("ix_risk_close_asked", "risk", "close_asked_by_id", "close_asked_by_id IS NOT NULL"),
    ("ix_issue_unread", "issue", "author_id", "acknowledged_at IS NULL"),
)


def upgrade() -> None:
    for name, table, column, condition in INDEXES:
        where = sa.text(condition)
        op.create_index(name, table, ["workspace_id", column], sqlite_where=where, postgresql_where=where)


def downgrade() -> None:
    for name, table, *_ in INDEXES:
        op.drop_index(name, table)
