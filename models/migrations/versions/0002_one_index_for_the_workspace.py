"""one index for the workspace: the unique key (workspace, id) of each table serves as one"""

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


def downgrade() -> None:
    for table in TABLES:
        op.create_index(f"ix_{table}_workspace_id", table, ["workspace_id"])
