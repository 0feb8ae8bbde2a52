"""at any size: installations and their tokens, the pace of what is sent, targets that were stopped, redactions"""

import sqlalchemy as sa
from alembic import op

import models.tables.base

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.create_table(
        "install_state",
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("expires_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_install_state")),
        sa.UniqueConstraint("digest", name=op.f("uq_install_state_digest")),
    )
    op.create_table(
        "installation",
        sa.Column("slack_id", sa.String(), nullable=False),
        sa.Column("enterprise_id", sa.String(), nullable=True),
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("bot_user_id", sa.String(), nullable=False),
        sa.Column("scopes", sa.String(), nullable=False),
        sa.Column("token", sa.String(), nullable=False),
        sa.Column("refresh_token", sa.String(), nullable=True),
        sa.Column("expires_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("refreshing_until", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("installed_by", sa.String(), nullable=True),
        sa.Column("installed_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("revoked_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("slack_id", name=op.f("uq_installation_slack_id")),
    )
    op.create_table(
        "pace",
        sa.Column("bucket", sa.String(), nullable=False),
        sa.Column("free_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_pace_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pace")),
        sa.UniqueConstraint("workspace_id", "bucket", name=op.f("uq_pace_workspace_id_bucket")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_pace_workspace_id_id")),
    )
    op.create_table(
        "stopped_target",
        sa.Column("target", sa.String(), nullable=False),
        sa.Column("error", sa.String(), nullable=False),
        sa.Column("since", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("told_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_stopped_target_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stopped_target")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_stopped_target_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "target", name=op.f("uq_stopped_target_workspace_id_target")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.add_column(sa.Column("redacted_at", models.tables.base.UtcDateTime(), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", models.tables.base.UtcDateTime(), nullable=True))

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enterprise_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("installation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("uninstalled_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("erase_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_workspace_installation_id"), "installation", ["installation_id"], ["id"]
        )


def downgrade() -> None:
    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_workspace_installation_id"), type_="foreignkey")
        batch_op.drop_column("erase_at")
        batch_op.drop_column("uninstalled_at")
        batch_op.drop_column("installation_id")
        batch_op.drop_column("enterprise_id")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("erased_at")

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_column("redacted_at")

    op.drop_table("stopped_target")
    op.drop_table("pace")
    op.drop_table("installation")
    op.drop_table("install_state")
