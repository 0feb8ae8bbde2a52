"""indexes that are used: each table's unique key (workspace, id) is one; what waits in the outbox is found by state"""

from collections.abc import Sequence

from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TABLES = (
    "counter",
    "decision",
    "decision_contributor",
    "handled_delivery",
    "history",
    "occurrence",
    "outbox",
    "person",
    "posted_message",
    "program",
    "project",
    "risk",
    "schedule_rule",
    "status_update",
)


def upgrade() -> None:
    for table in TABLES:
        op.drop_index(f"ix_{table}_workspace_id", table_name=table)
    op.create_index("ix_outbox_line", "outbox", ["workspace_id", "state", "target", "id"])


def downgrade() -> None:
    op.drop_index("ix_outbox_line", table_name="outbox")
    for table in TABLES:
        op.create_index(f"ix_{table}_workspace_id", table, ["workspace_id"])
