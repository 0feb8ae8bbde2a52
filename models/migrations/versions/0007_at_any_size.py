"""at any size: installations and their tokens, the pace of what is sent, targets that were stopped, redactions

From here on the database itself keeps history append-only. A later migration that makes `history` anew
(`batch_alter_table` on SQLite drops the old one, and its triggers with it) ends with
`alembic.context.script.get_revision("0007").module.keep_history()`.
"""

import sqlalchemy as sa
from alembic import op

import models.tables.base

revision = "0007"
down_revision = "0006"

SAME = ("id", "workspace_id", "at", "actor_id", "kind", "record_id", "field")
"""What is never changed in a row of history."""
WORDS = {"old": "'\"(redacted)\"'", "new": "'\"(redacted)\"'", "reason": "'(redacted)'"}
"""What can be taken out of it, and what stands there afterwards; the first two are JSON."""
REFUSAL = "history is append-only"
OF_NOBODY = "EXISTS (SELECT 1 FROM workspace WHERE id = old.workspace_id AND uninstalled_at IS NOT NULL)"
"""A workspace that has removed the app: when its days are over, all of it is deleted."""


def upgrade() -> None:
    _tell_of_the_queued()
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
        sa.Column("told_id", sa.Integer(), nullable=True),
        sa.Column("probe_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("probes", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "told_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_stopped_target_workspace_id_told_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_stopped_target_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stopped_target")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_stopped_target_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "target", name=op.f("uq_stopped_target_workspace_id_target")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.add_column(sa.Column("redacted_at", models.tables.base.UtcDateTime(), nullable=True))

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.add_column(sa.Column("erased_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("erased_mark", sa.String(), nullable=True))

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("enterprise_id", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("installation_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("people_cursor", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("people_due_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("uninstalled_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("erase_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_workspace_installation_id"), "installation", ["installation_id"], ["id"]
        )
    keep_history()

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_due")
        batch_op.drop_index("ix_outbox_message")
        batch_op.create_index("ix_outbox_due", ["state", "workspace_id", "operation", "due_at", "id"])
        batch_op.create_index("ix_outbox_message", ["workspace_id", "message_key", "version"])


def _tell_of_the_queued() -> None:
    """Whoever queues a message wakes the postmen of all processes, without a question more, when it is committed."""
    if op.get_bind().dialect.name != "postgresql":
        return
    op.execute(
        "CREATE FUNCTION outbox_is_told() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NOTIFY stationmaster_outbox; RETURN NULL; END $$"
    )
    op.execute("CREATE TRIGGER outbox_told AFTER INSERT ON outbox FOR EACH STATEMENT EXECUTE FUNCTION outbox_is_told()")


def downgrade() -> None:
    release_history()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER outbox_told ON outbox")
        op.execute("DROP FUNCTION outbox_is_told()")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_message")
        batch_op.drop_index("ix_outbox_due")
        batch_op.create_index("ix_outbox_message", ["workspace_id", "message_key"])
        batch_op.create_index("ix_outbox_due", ["state", "due_at"])

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_workspace_installation_id"), type_="foreignkey")
        batch_op.drop_column("people_due_at")
        batch_op.drop_column("people_cursor")
        batch_op.drop_column("erase_at")
        batch_op.drop_column("uninstalled_at")
        batch_op.drop_column("installation_id")
        batch_op.drop_column("enterprise_id")

    with op.batch_alter_table("person", schema=None) as batch_op:
        batch_op.drop_column("erased_mark")
        batch_op.drop_column("erased_at")

    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.drop_column("redacted_at")

    op.drop_table("stopped_target")
    op.drop_table("pace")
    op.drop_table("installation")
    op.drop_table("install_state")


def keep_history() -> None:
    """From now on a row of history changes by a redaction alone, and goes with its workspace alone."""
    if is_sqlite():
        _refuse_on_sqlite("changed", "UPDATE", f"NOT ({_is_redaction('IS')})")
        _refuse_on_sqlite("removed", "DELETE", f"NOT {OF_NOBODY}")
        return
    op.execute(
        "CREATE FUNCTION history_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
        f" IF TG_OP = 'UPDATE' THEN IF {_is_redaction('IS NOT DISTINCT FROM')} THEN RETURN new; END IF; END IF;"
        f" IF TG_OP = 'DELETE' THEN IF {OF_NOBODY} THEN RETURN old; END IF; END IF;"
        f" RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation'; END $$"
    )
    op.execute(
        "CREATE TRIGGER history_kept BEFORE UPDATE OR DELETE ON history FOR EACH ROW EXECUTE FUNCTION history_is_kept()"
    )
    op.execute("CREATE TRIGGER history_whole BEFORE TRUNCATE ON history EXECUTE FUNCTION history_is_kept()")


def release_history() -> None:
    if is_sqlite():
        op.execute("DROP TRIGGER history_changed")
        op.execute("DROP TRIGGER history_removed")
        return
    op.execute("DROP TRIGGER history_kept ON history")
    op.execute("DROP TRIGGER history_whole ON history")
    op.execute("DROP FUNCTION history_is_kept()")


def _refuse_on_sqlite(name: str, act: str, when: str) -> None:
    op.execute(
        f"CREATE TRIGGER history_{name} BEFORE {act} ON history WHEN {when} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
    )


def _is_redaction(equals: str) -> str:
    """`equals` is the database's word for "the same, or both empty"."""
    same = [f"new.{column} {equals} old.{column}" for column in SAME]
    words = [
        f"(CAST(new.{column} AS text) {equals} CAST(old.{column} AS text) OR CAST(new.{column} AS text) = {mark})"
        for column, mark in WORDS.items()
    ]
    return " AND ".join(["new.redacted_at IS NOT NULL", *same, *words])


def is_sqlite() -> bool:
    return op.get_bind().dialect.name == "sqlite"
