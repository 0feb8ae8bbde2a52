"""the clock: calendars, what was asked of whom, escalations, check-ins, and the figures of projects"""

from datetime import UTC, date, datetime

import sqlalchemy as sa
from alembic import op

import models.tables.base

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "iteration",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_iteration_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_iteration")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_iteration_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "name", name=op.f("uq_iteration_workspace_id_name")),
    )
    op.create_table(
        "absence",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("start_on", sa.Date(), nullable=False),
        sa.Column("end_on", sa.Date(), nullable=False),
        sa.Column("delegate_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=True),
        sa.Column("created_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("cancelled_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("told_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "delegate_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_absence_workspace_id_delegate_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_absence_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_absence_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_absence_workspace_id_id")),
    )
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.create_index("ix_absence_end", ["workspace_id", "end_on"], unique=False)
        batch_op.create_index("ix_absence_person", ["workspace_id", "person_id", "end_on"], unique=False)

    op.create_table(
        "desk",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("next_look_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_desk_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_desk_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_desk_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person_id", name=op.f("uq_desk_workspace_id_person_id")),
    )
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.create_index("ix_desk_look", ["next_look_at"], unique=False)

    op.create_table(
        "do_not_disturb",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("start_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("end_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("fetched_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_do_not_disturb_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_do_not_disturb_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_do_not_disturb")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_do_not_disturb_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person_id", name=op.f("uq_do_not_disturb_workspace_id_person_id")),
    )
    op.create_table(
        "calendar",
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("name", sa.String(), nullable=True),
        sa.Column("start", sa.String(), nullable=False),
        sa.Column("end", sa.String(), nullable=False),
        sa.Column("working_days", sa.JSON(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("region", sa.String(), nullable=True),
        sa.Column("holidays", sa.JSON(), nullable=False),
        sa.Column("capacity_pct", sa.Integer(), nullable=False),
        sa.Column("capacity_overrides", sa.JSON(), nullable=False),
        sa.Column("opens_at", sa.String(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_calendar_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_calendar_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_calendar_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_calendar_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "person_id", name=op.f("uq_calendar_workspace_id_person_id")),
        sa.UniqueConstraint("workspace_id", "program_id", name=op.f("uq_calendar_workspace_id_program_id")),
    )
    op.create_table(
        "health_override",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("health", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=False),
        sa.Column("set_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("expires_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_health_override_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "set_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_health_override_workspace_id_set_by_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_health_override_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_health_override")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_health_override_workspace_id_id")),
    )
    with op.batch_alter_table("health_override", schema=None) as batch_op:
        batch_op.create_index("ix_health_override_program", ["workspace_id", "program_id", "expires_at"], unique=False)

    op.create_table(
        "operating_parameters",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("set_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("set_by_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_operating_parameters_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "set_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_operating_parameters_workspace_id_set_by_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_operating_parameters_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_operating_parameters")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_operating_parameters_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id",
            "program_id",
            "version",
            name=op.f("uq_operating_parameters_workspace_id_program_id_version"),
        ),
    )
    op.create_table(
        "stakeholder",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("power", sa.Integer(), nullable=False),
        sa.Column("interest", sa.Integer(), nullable=False),
        sa.Column("engagement_current", sa.String(), nullable=False),
        sa.Column("engagement_desired", sa.String(), nullable=False),
        sa.Column("cadence_days", sa.Integer(), nullable=True),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("channel_preference", sa.String(), nullable=True),
        sa.Column("notes", sa.String(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_stakeholder_workspace_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_stakeholder_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_stakeholder_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_stakeholder_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stakeholder")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_stakeholder_workspace_id_external_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_stakeholder_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_stakeholder_workspace_id_number")),
    )
    with op.batch_alter_table("stakeholder", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_stakeholder_program_id"), ["program_id"], unique=False)

    op.create_table(
        "watch",
        sa.Column("program_id", sa.Integer(), nullable=False),
        sa.Column("next_look_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("was_quiet", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_watch_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_watch_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_watch")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_watch_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "program_id", name=op.f("uq_watch_workspace_id_program_id")),
    )
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.create_index("ix_watch_look", ["next_look_at"], unique=False)

    op.create_table(
        "allocation",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("percent", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_allocation_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_allocation_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_allocation_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allocation")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_allocation_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id",
            "person_id",
            "project_id",
            "period",
            name=op.f("uq_allocation_workspace_id_person_id_project_id_period"),
        ),
    )
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.create_index("ix_allocation_project", ["workspace_id", "project_id", "period"], unique=False)

    op.create_table(
        "ask",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("base_key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("asked_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("nudge", sa.Integer(), nullable=False),
        sa.Column("first_asked_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("snoozed_until", sa.Date(), nullable=True),
        sa.Column("snoozes", sa.Integer(), nullable=False),
        sa.Column("snooze_reason", sa.String(), nullable=True),
        sa.Column("handed_to_id", sa.Integer(), nullable=True),
        sa.Column("handed_state", sa.String(), nullable=True),
        sa.Column("handed_note", sa.String(), nullable=True),
        sa.Column("handed_whole", sa.Boolean(), nullable=False),
        sa.Column("handed_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("declined_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("declined_by_id", sa.Integer(), nullable=True),
        sa.Column("declined_reason", sa.String(), nullable=True),
        sa.Column("answered_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.Column("effect", sa.String(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "answered_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_ask_workspace_id_answered_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "asked_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_ask_workspace_id_asked_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "declined_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_ask_workspace_id_declined_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "handed_to_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_ask_workspace_id_handed_to_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_ask_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_ask_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_ask_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_ask_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_ask_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "key", name=op.f("uq_ask_workspace_id_key")),
    )
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.create_index("ix_ask_base_key", ["workspace_id", "base_key"], unique=False)
        batch_op.create_index("ix_ask_day", ["workspace_id", "asked_id", "asked_on"], unique=False)
        batch_op.create_index("ix_ask_person", ["workspace_id", "person_id", "state"], unique=False)
        batch_op.create_index("ix_ask_program", ["workspace_id", "program_id", "first_asked_at"], unique=False)
        batch_op.create_index("ix_ask_subject", ["workspace_id", "kind", "record_id"], unique=False)

    op.create_table(
        "budget",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("bac", sa.BigInteger(), nullable=False),
        sa.Column("ev_method", sa.String(), nullable=False),
        sa.Column("percent_complete", sa.Integer(), nullable=True),
        sa.Column("forecast_eac", sa.BigInteger(), nullable=True),
        sa.Column("actuals_updated_on", sa.Date(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_budget_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_budget_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_budget_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "project_id", name=op.f("uq_budget_workspace_id_project_id")),
    )
    op.create_table(
        "checkin",
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("at", sa.String(), nullable=False),
        sa.Column("tz", sa.String(), nullable=True),
        sa.Column("window_hours", sa.Integer(), nullable=False),
        sa.Column("everyone", sa.Boolean(), nullable=False),
        sa.Column("mood", sa.Boolean(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.Column("created_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("next_step_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "created_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_checkin_workspace_id_created_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_checkin_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_checkin_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_checkin_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_checkin_workspace_id_external_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_checkin_workspace_id_id")),
    )
    with op.batch_alter_table("checkin", schema=None) as batch_op:
        batch_op.create_index(
            "ix_checkin_channel",
            ["workspace_id", "channel"],
            unique=True,
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )
        batch_op.create_index("ix_checkin_step", ["next_step_at"], unique=False)

    op.create_table(
        "disagreement",
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("declared", sa.String(), nullable=True),
        sa.Column("computed", sa.String(), nullable=False),
        sa.Column("began_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("shown_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("kept_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("ended_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_disagreement_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_disagreement_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_disagreement")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_disagreement_workspace_id_id")),
    )
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.create_index("ix_disagreement_project", ["workspace_id", "project_id", "ended_at"], unique=False)
        batch_op.create_index(
            "uq_disagreement_open",
            ["workspace_id", "project_id"],
            unique=True,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )

    op.create_table(
        "escalation",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("record_id", sa.Integer(), nullable=False),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("opened_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("deadline_on", sa.Date(), nullable=False),
        sa.Column("deadline_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("notify_id", sa.Integer(), nullable=True),
        sa.Column("instead_of_id", sa.Integer(), nullable=True),
        sa.Column("informed_id", sa.Integer(), nullable=True),
        sa.Column("climbs", sa.Integer(), nullable=False),
        sa.Column("acknowledged_by_id", sa.Integer(), nullable=True),
        sa.Column("acknowledged_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("acknowledge_note", sa.String(), nullable=True),
        sa.Column("reopens_on", sa.Date(), nullable=True),
        sa.Column("stepped_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("ladder", sa.JSON(), nullable=False),
        sa.Column("channel", sa.String(), nullable=True),
        sa.Column("listed_on", sa.Date(), nullable=True),
        sa.Column("posts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("next_step_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("resolved_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("resolved_by_id", sa.Integer(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("outcome_more", sa.String(), nullable=True),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "acknowledged_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_escalation_workspace_id_acknowledged_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "informed_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_escalation_workspace_id_informed_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "notify_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_escalation_workspace_id_notify_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "instead_of_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_escalation_workspace_id_instead_of_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_escalation_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_escalation_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "resolved_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_escalation_workspace_id_resolved_by_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_escalation_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_escalation_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_escalation_workspace_id_number")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index("ix_escalation_program", ["workspace_id", "program_id", "resolved_at"], unique=False)
        batch_op.create_index("ix_escalation_notify", ["workspace_id", "notify_id", "state"], unique=False)
        batch_op.create_index("ix_escalation_record", ["workspace_id", "kind", "record_id"], unique=False)
        batch_op.create_index("ix_escalation_step", ["next_step_at"], unique=False)
        batch_op.create_index(
            "uq_escalation_open",
            ["workspace_id", "rule", "kind", "record_id"],
            unique=True,
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )

    op.create_table(
        "finding",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("program_id", sa.Integer(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("severity", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("status_reason", sa.String(), nullable=True),
        sa.Column("evidence", sa.String(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_finding_workspace_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "program_id"],
            ["program.workspace_id", "program.id"],
            name=op.f("fk_finding_workspace_id_program_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_finding_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_finding_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_finding_workspace_id_external_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_finding_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_finding_workspace_id_number")),
    )
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.create_index("ix_finding_due", ["workspace_id", "status", "due_on"], unique=False)
        batch_op.create_index("ix_finding_owner", ["workspace_id", "owner_id", "status"], unique=False)

    op.create_table(
        "milestone",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("weight", sa.Integer(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("baseline_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("forecast_on", sa.Date(), nullable=True),
        sa.Column("achieved_on", sa.Date(), nullable=True),
        sa.Column("remaining_optimistic", sa.Integer(), nullable=True),
        sa.Column("remaining_likely", sa.Integer(), nullable=True),
        sa.Column("remaining_pessimistic", sa.Integer(), nullable=True),
        sa.Column("status_reason", sa.String(), nullable=True),
        sa.Column("created_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("extra", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "owner_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_milestone_workspace_id_owner_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_milestone_workspace_id_project_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_milestone_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_milestone_workspace_id_external_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_milestone_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_milestone_workspace_id_number")),
    )
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.create_index("ix_milestone_due", ["workspace_id", "status", "due_on"], unique=False)
        batch_op.create_index("ix_milestone_owner", ["workspace_id", "owner_id", "status", "due_on"], unique=False)
        batch_op.create_index("ix_milestone_project", ["workspace_id", "project_id", "status"], unique=False)

    op.create_table(
        "budget_week",
        sa.Column("budget_id", sa.Integer(), nullable=False),
        sa.Column("week_end", sa.Date(), nullable=False),
        sa.Column("pv_cum", sa.BigInteger(), nullable=False),
        sa.Column("ac_cum", sa.BigInteger(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "budget_id"],
            ["budget.workspace_id", "budget.id"],
            name=op.f("fk_budget_week_workspace_id_budget_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_budget_week_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_week")),
        sa.UniqueConstraint(
            "workspace_id", "budget_id", "week_end", name=op.f("uq_budget_week_workspace_id_budget_id_week_end")
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_budget_week_workspace_id_id")),
    )
    op.create_table(
        "checkin_member",
        sa.Column("checkin_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "checkin_id"],
            ["checkin.workspace_id", "checkin.id"],
            name=op.f("fk_checkin_member_workspace_id_checkin_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_checkin_member_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_checkin_member_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_member")),
        sa.UniqueConstraint(
            "workspace_id", "checkin_id", "person_id", name=op.f("uq_checkin_member_workspace_id_checkin_id_person_id")
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_checkin_member_workspace_id_id")),
    )
    with op.batch_alter_table("checkin_member", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_member_person", ["workspace_id", "person_id"], unique=False)

    op.create_table(
        "checkin_round",
        sa.Column("checkin_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("opens_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("closes_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("questions", sa.JSON(), nullable=False),
        sa.Column("next_step_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "checkin_id"],
            ["checkin.workspace_id", "checkin.id"],
            name=op.f("fk_checkin_round_workspace_id_checkin_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_checkin_round_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_round")),
        sa.UniqueConstraint(
            "workspace_id", "checkin_id", "local_date", name=op.f("uq_checkin_round_workspace_id_checkin_id_local_date")
        ),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_checkin_round_workspace_id_id")),
    )
    with op.batch_alter_table("checkin_round", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_round_step", ["next_step_at"], unique=False)

    op.create_table(
        "dependency",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("give_project_id", sa.Integer(), nullable=True),
        sa.Column("give_name", sa.String(), nullable=True),
        sa.Column("get_project_id", sa.Integer(), nullable=False),
        sa.Column("provider_milestone_id", sa.Integer(), nullable=True),
        sa.Column("consumer_milestone_id", sa.Integer(), nullable=True),
        sa.Column("needed_by", sa.Date(), nullable=False),
        sa.Column("promised_on", sa.Date(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("accepted_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("created_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "consumer_milestone_id"],
            ["milestone.workspace_id", "milestone.id"],
            name=op.f("fk_dependency_workspace_id_consumer_milestone_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "get_project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_dependency_workspace_id_get_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "give_project_id"],
            ["project.workspace_id", "project.id"],
            name=op.f("fk_dependency_workspace_id_give_project_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "provider_milestone_id"],
            ["milestone.workspace_id", "milestone.id"],
            name=op.f("fk_dependency_workspace_id_provider_milestone_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_dependency_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dependency")),
        sa.UniqueConstraint("workspace_id", "external_id", name=op.f("uq_dependency_workspace_id_external_id")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_dependency_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_dependency_workspace_id_number")),
    )
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.create_index("ix_dependency_get", ["workspace_id", "get_project_id", "state"], unique=False)
        batch_op.create_index("ix_dependency_give", ["workspace_id", "give_project_id", "state"], unique=False)

    op.create_table(
        "milestone_link",
        sa.Column("milestone_id", sa.Integer(), nullable=False),
        sa.Column("predecessor_id", sa.Integer(), nullable=False),
        sa.Column("lag", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "milestone_id"],
            ["milestone.workspace_id", "milestone.id"],
            name=op.f("fk_milestone_link_workspace_id_milestone_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "predecessor_id"],
            ["milestone.workspace_id", "milestone.id"],
            name=op.f("fk_milestone_link_workspace_id_predecessor_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_milestone_link_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_milestone_link")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_milestone_link_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id",
            "milestone_id",
            "predecessor_id",
            name=op.f("uq_milestone_link_workspace_id_milestone_id_predecessor_id"),
        ),
    )
    with op.batch_alter_table("milestone_link", schema=None) as batch_op:
        batch_op.create_index("ix_milestone_link_predecessor", ["workspace_id", "predecessor_id"], unique=False)

    op.create_table(
        "checkin_answer",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("checkin_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("local_date", sa.Date(), nullable=False),
        sa.Column("ask_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("close_at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=True),
        sa.Column("blocker_ids", sa.JSON(), nullable=False),
        sa.Column("mood", sa.Integer(), nullable=True),
        sa.Column("answered_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("forgotten_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "checkin_id"],
            ["checkin.workspace_id", "checkin.id"],
            name=op.f("fk_checkin_answer_workspace_id_checkin_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_checkin_answer_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "round_id"],
            ["checkin_round.workspace_id", "checkin_round.id"],
            name=op.f("fk_checkin_answer_workspace_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_checkin_answer_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_checkin_answer")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_checkin_answer_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id", "round_id", "person_id", name=op.f("uq_checkin_answer_workspace_id_round_id_person_id")
        ),
    )
    with op.batch_alter_table("checkin_answer", schema=None) as batch_op:
        batch_op.create_index("ix_checkin_answer_person", ["workspace_id", "person_id", "state"], unique=False)
        batch_op.create_index("ix_checkin_answer_team", ["workspace_id", "checkin_id", "local_date"], unique=False)

    op.create_table(
        "rollup_reading",
        sa.Column("occurrence_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("at", models.tables.base.UtcDateTime(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "occurrence_id"],
            ["occurrence.workspace_id", "occurrence.id"],
            name=op.f("fk_rollup_reading_workspace_id_occurrence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_rollup_reading_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_rollup_reading_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rollup_reading")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_rollup_reading_workspace_id_id")),
        sa.UniqueConstraint(
            "workspace_id",
            "occurrence_id",
            "person_id",
            name=op.f("uq_rollup_reading_workspace_id_occurrence_id_person_id"),
        ),
    )
    op.create_table(
        "blocker",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("checkin_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer_id", sa.Integer(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("last_said_on", sa.Date(), nullable=False),
        sa.Column("solved_at", models.tables.base.UtcDateTime(), nullable=True),
        sa.Column("solved_on", sa.Date(), nullable=True),
        sa.Column("solved_by_id", sa.Integer(), nullable=True),
        sa.Column("record_kind", sa.String(), nullable=True),
        sa.Column("record_id", sa.Integer(), nullable=True),
        sa.Column("linked_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("workspace_id", sa.Integer(), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id", "answer_id"],
            ["checkin_answer.workspace_id", "checkin_answer.id"],
            name=op.f("fk_blocker_workspace_id_answer_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "checkin_id"],
            ["checkin.workspace_id", "checkin.id"],
            name=op.f("fk_blocker_workspace_id_checkin_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "linked_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_blocker_workspace_id_linked_by_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "person_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_blocker_workspace_id_person_id"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id", "solved_by_id"],
            ["person.workspace_id", "person.id"],
            name=op.f("fk_blocker_workspace_id_solved_by_id"),
        ),
        sa.ForeignKeyConstraint(["workspace_id"], ["workspace.id"], name=op.f("fk_blocker_workspace_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blocker")),
        sa.UniqueConstraint("workspace_id", "id", name=op.f("uq_blocker_workspace_id_id")),
        sa.UniqueConstraint("workspace_id", "number", name=op.f("uq_blocker_workspace_id_number")),
    )
    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.create_index(
            "ix_blocker_open",
            ["workspace_id", "checkin_id", "person_id"],
            unique=False,
            sqlite_where=sa.text("solved_at IS NULL"),
            postgresql_where=sa.text("solved_at IS NULL"),
        )

    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.add_column(sa.Column("resolve_by", sa.Date(), nullable=True))

    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("waived_reason", sa.String(), nullable=True))

    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.add_column(sa.Column("escalation_channel", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("paused_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("dry_run_by_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("muted", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("next_review_at", models.tables.base.UtcDateTime(), nullable=True))
        batch_op.create_index("ix_program_review", ["next_review_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_program_workspace_id_dry_run_by_id"),
            "person",
            ["workspace_id", "dry_run_by_id"],
            ["workspace_id", "id"],
        )

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.add_column(sa.Column("zone_data", sa.String(), nullable=True))

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.add_column(sa.Column("hold_reason", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("hold_review_on", sa.Date(), nullable=True))

    with op.batch_alter_table("schedule_rule", schema=None) as batch_op:
        batch_op.add_column(sa.Column("channel", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("cadence", sa.String(), server_default="weekly", nullable=False))
        batch_op.add_column(sa.Column("every", sa.Integer(), server_default="1", nullable=False))
        batch_op.add_column(sa.Column("paused_until", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("skipped_on", sa.Date(), nullable=True))
        batch_op.create_unique_constraint(
            batch_op.f("uq_schedule_rule_workspace_id_kind_channel"), ["workspace_id", "kind", "channel"]
        )

    _move_calendars()
    _move_overrides_and_holds()


def _move_calendars() -> None:
    """What an import knew of a program's working days and holidays has its own place now."""
    program = sa.table("program", sa.column("id"), sa.column("workspace_id"), sa.column("extra", sa.JSON()))
    calendar = sa.table(
        "calendar",
        *(sa.column(name) for name in ("workspace_id", "program_id", "name", "start", "end")),
        *(sa.column(name, sa.JSON()) for name in ("working_days", "holidays", "capacity_overrides")),
        sa.column("capacity_pct"),
    )
    connection = op.get_bind()
    for row in connection.execute(sa.select(program)).all():
        extra = row.extra or {}
        if "working_days" not in extra and "holidays" not in extra:
            continue
        known = {
            "workspace_id": row.workspace_id,
            "program_id": row.id,
            "name": extra.pop("calendar", None),
            "start": "09:00",
            "end": "18:00",
            "working_days": extra.pop("working_days", None) or [1, 2, 3, 4, 5],
            "holidays": extra.pop("holidays", None) or [],
            "capacity_overrides": {},
            "capacity_pct": 100,
        }
        connection.execute(calendar.insert(), known)
        connection.execute(program.update().where(program.c.id == row.id).values(extra=extra))


def _move_overrides_and_holds() -> None:
    """The same for health that was set by hand, how it is rolled up, and why a project waits."""
    columns = ("id", "workspace_id")
    program = sa.table("program", *map(sa.column, columns), sa.column("extra", sa.JSON()))
    project = sa.table(
        "project",
        *map(sa.column, (*columns, "hold_reason")),
        sa.column("hold_review_on", sa.Date()),
        sa.column("extra", sa.JSON()),
    )
    person = sa.table("person", *map(sa.column, (*columns, "handle")))
    override = sa.table(
        "health_override",
        *map(sa.column, ("workspace_id", "program_id", "health", "reason", "set_by_id")),
        sa.column("set_at", models.tables.base.UtcDateTime()),
        sa.column("expires_at", models.tables.base.UtcDateTime()),
    )
    rules = sa.table(
        "operating_parameters",
        *map(sa.column, ("workspace_id", "program_id", "version", "reason")),
        sa.column("values", sa.JSON()),
        sa.column("set_at", models.tables.base.UtcDateTime()),
    )
    connection = op.get_bind()
    handles = {(row.workspace_id, row.handle): row.id for row in connection.execute(sa.select(person))}
    for row in connection.execute(sa.select(program)).all():
        extra = dict(row.extra or {})
        told, method = extra.pop("override", None), extra.pop("rollup", None)
        known = {"workspace_id": row.workspace_id, "program_id": row.id}
        by = handles.get((row.workspace_id, told.get("by"))) if isinstance(told, dict) else None
        if by is not None:
            span = {name: datetime.fromisoformat(told[name]) for name in ("set_at", "expires_at")}
            words = {name: told[name] for name in ("health", "reason")}
            connection.execute(override.insert(), {**known, **words, **span, "set_by_id": by})
        if method in ("weighted", "counted"):
            values = {"version": 1, "reason": "imported", "values": {"health": {"rollup": method}}}
            connection.execute(rules.insert(), {**known, **values, "set_at": datetime(1970, 1, 1, tzinfo=UTC)})
        if extra != (row.extra or {}):
            connection.execute(program.update().where(program.c.id == row.id).values(extra=extra))
    for row in connection.execute(sa.select(project)).all():
        extra = dict(row.extra or {})
        reason, review = extra.pop("hold_reason", None), extra.pop("hold_review_on", None)
        if extra != (row.extra or {}):
            values = {"extra": extra, "hold_reason": reason, "hold_review_on": review and date.fromisoformat(review)}
            connection.execute(project.update().where(project.c.id == row.id).values(**values))


def downgrade() -> None:
    with op.batch_alter_table("schedule_rule", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_schedule_rule_workspace_id_kind_channel"), type_="unique")
        batch_op.drop_column("skipped_on")
        batch_op.drop_column("paused_until")
        batch_op.drop_column("every")
        batch_op.drop_column("cadence")
        batch_op.drop_column("channel")

    with op.batch_alter_table("workspace", schema=None) as batch_op:
        batch_op.drop_column("zone_data")

    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.drop_column("hold_review_on")
        batch_op.drop_column("hold_reason")

    with op.batch_alter_table("program", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_program_workspace_id_dry_run_by_id"), type_="foreignkey")
        batch_op.drop_index("ix_program_review")
        batch_op.drop_column("next_review_at")
        batch_op.drop_column("muted")
        batch_op.drop_column("dry_run_by_id")
        batch_op.drop_column("paused_until")
        batch_op.drop_column("paused_at")
        batch_op.drop_column("escalation_channel")

    with op.batch_alter_table("occurrence", schema=None) as batch_op:
        batch_op.drop_column("waived_reason")

    with op.batch_alter_table("issue", schema=None) as batch_op:
        batch_op.drop_column("resolve_by")

    with op.batch_alter_table("blocker", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_blocker_open", sqlite_where=sa.text("solved_at IS NULL"), postgresql_where=sa.text("solved_at IS NULL")
        )

    op.drop_table("blocker")
    op.drop_table("rollup_reading")
    with op.batch_alter_table("checkin_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_checkin_answer_team")
        batch_op.drop_index("ix_checkin_answer_person")

    op.drop_table("checkin_answer")
    with op.batch_alter_table("milestone_link", schema=None) as batch_op:
        batch_op.drop_index("ix_milestone_link_predecessor")

    op.drop_table("milestone_link")
    with op.batch_alter_table("dependency", schema=None) as batch_op:
        batch_op.drop_index("ix_dependency_give")
        batch_op.drop_index("ix_dependency_get")

    op.drop_table("dependency")
    with op.batch_alter_table("checkin_round", schema=None) as batch_op:
        batch_op.drop_index("ix_checkin_round_step")

    op.drop_table("checkin_round")
    with op.batch_alter_table("checkin_member", schema=None) as batch_op:
        batch_op.drop_index("ix_checkin_member_person")

    op.drop_table("checkin_member")
    op.drop_table("budget_week")
    with op.batch_alter_table("milestone", schema=None) as batch_op:
        batch_op.drop_index("ix_milestone_project")
        batch_op.drop_index("ix_milestone_owner")
        batch_op.drop_index("ix_milestone_due")

    op.drop_table("milestone")
    with op.batch_alter_table("finding", schema=None) as batch_op:
        batch_op.drop_index("ix_finding_owner")
        batch_op.drop_index("ix_finding_due")

    op.drop_table("finding")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_escalation_open",
            sqlite_where=sa.text("resolved_at IS NULL"),
            postgresql_where=sa.text("resolved_at IS NULL"),
        )
        batch_op.drop_index("ix_escalation_step")
        batch_op.drop_index("ix_escalation_record")
        batch_op.drop_index("ix_escalation_notify")
        batch_op.drop_index("ix_escalation_program")

    op.drop_table("escalation")
    with op.batch_alter_table("disagreement", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_disagreement_open",
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.drop_index("ix_disagreement_project")

    op.drop_table("disagreement")
    with op.batch_alter_table("checkin", schema=None) as batch_op:
        batch_op.drop_index("ix_checkin_step")
        batch_op.drop_index(
            "ix_checkin_channel",
            sqlite_where=sa.text("state <> 'ended'"),
            postgresql_where=sa.text("state <> 'ended'"),
        )

    op.drop_table("checkin")
    op.drop_table("budget")
    with op.batch_alter_table("ask", schema=None) as batch_op:
        batch_op.drop_index("ix_ask_subject")
        batch_op.drop_index("ix_ask_program")
        batch_op.drop_index("ix_ask_person")
        batch_op.drop_index("ix_ask_day")

    op.drop_table("ask")
    with op.batch_alter_table("allocation", schema=None) as batch_op:
        batch_op.drop_index("ix_allocation_project")

    op.drop_table("allocation")
    with op.batch_alter_table("watch", schema=None) as batch_op:
        batch_op.drop_index("ix_watch_look")

    op.drop_table("watch")
    with op.batch_alter_table("stakeholder", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_stakeholder_program_id"))

    op.drop_table("stakeholder")
    op.drop_table("operating_parameters")
    with op.batch_alter_table("health_override", schema=None) as batch_op:
        batch_op.drop_index("ix_health_override_program")

    op.drop_table("health_override")
    op.drop_table("calendar")
    op.drop_table("do_not_disturb")
    with op.batch_alter_table("desk", schema=None) as batch_op:
        batch_op.drop_index("ix_desk_look")

    op.drop_table("desk")
    with op.batch_alter_table("absence", schema=None) as batch_op:
        batch_op.drop_index("ix_absence_person")
        batch_op.drop_index("ix_absence_end")

    op.drop_table("absence")
    op.drop_table("iteration")
