"""The tables that the code knows and the tables that the migrations make are the same, on both databases."""

import json

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from bot.database import Database
from bot.migrate import config, migrate
from models.tables import Base
from models.tables.words import from_models
from tests.neighbours import everything, install_neighbour


def test_the_migrations_make_what_the_models_say(database):
    with database.writer.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": from_models})
        assert compare_metadata(context, Base.metadata) == []
        made = {name for name in inspect(connection).get_table_names() if from_models(name, "table", {})}
    assert made == {*Base.metadata.tables, "alembic_version"}


def test_migrating_again_changes_nothing(database):
    install_neighbour(database)
    before = everything(database)
    migrate(database)
    assert everything(database) == before


def test_a_database_of_an_earlier_release_keeps_its_records(database_url):
    """From the tables of 0.2.0, with a risk and a decision whose rows are linked to, to those of today."""
    database = Database(database_url.replace("stationmaster.db", "older.db"))
    move, settings = command.upgrade if database.is_sqlite else command.downgrade, config()
    with database.writer.begin() as connection:
        settings.attributes["connection"] = connection
        move(settings, "0002")
    with database.writer.begin() as connection:
        for statement in OLDER_ROWS:
            connection.execute(text(statement))
    migrate(database)
    with database.reader.connect() as connection:
        risk = connection.execute(text("SELECT title, score, band, worst_first FROM risk ORDER BY id")).all()
        heard = connection.execute(text("SELECT decision_id FROM decision_contributor")).scalars().all()
        hours = connection.execute(text("SELECT program_id, name FROM calendar")).one()
        override = connection.execute(text("SELECT program_id, health, set_by_id, reason FROM health_override")).one()
        version = connection.execute(text("SELECT version, set_by_id FROM operating_parameters")).one()
        left = connection.execute(text("SELECT CAST(extra AS varchar) FROM program")).scalar_one()
        hold = connection.execute(text("SELECT hold_reason, CAST(hold_review_on AS varchar) FROM project")).one()
    assert [tuple(row) for row in risk] == [("Vendor slips", 20, "extreme", -400020), ("Old one", 6, "moderate", None)]
    assert heard == [1]
    assert tuple(hours) == (1, "de")
    assert tuple(override) == (1, "red", 1, "The regulator moved the meeting")
    assert tuple(version) == (1, None)
    assert json.loads(left) == {"contingency": 5}
    assert tuple(hold) == ("No people", "2026-04-20")
    database.close()


_RISK = (
    "INSERT INTO risk (id, workspace_id, number, kind, title, category, probability, impact, inherent_probability,"
    " inherent_impact, owner_id, status, raised_at, version) VALUES"
)
OF_FILE = json.dumps(
    {
        "contingency": 5,
        "calendar": "de",
        "working_days": [1, 2, 3],
        "holidays": [],
        "rollup": "weighted",
        "override": {
            "health": "red",
            "reason": "The regulator moved the meeting",
            "by": "luis",
            "set_at": "2026-03-24T09:00:00Z",
            "expires_at": "2026-04-07T09:00:00Z",
        },
    }
).replace(":", "\\:")
HELD = json.dumps({"hold_reason": "No people", "hold_review_on": "2026-04-20"}).replace(":", "\\:")
"""What an import knew and no column held then. A colon alone would be a parameter."""

OLDER_ROWS = (
    "INSERT INTO workspace (id, team_id, name, url, bot_user_id, default_tz, refuses_tables)"
    " VALUES (1, 'T1', 'One', 'https://one.example/', 'UBOT', 'UTC', false)",
    "INSERT INTO person (id, workspace_id, slack_id, handle, is_admin, is_guest, is_bot, deleted)"
    " VALUES (1, 1, 'ULUIS', 'luis', false, false, false, false)",
    f"{_RISK} (1, 1, 1, 'threat', 'Vendor slips', 'vendor', 4, 5, 4, 5, 1, 'treating', '2026-03-01 10:00:00', 1)",
    f"{_RISK} (2, 1, 2, 'threat', 'Old one', 'vendor', 2, 3, 2, 3, 1, 'closed', '2026-03-01 10:00:00', 1)",
    "INSERT INTO program (id, workspace_id, number, name, manager_id, tz, visibility, state, horizon, success_state,"
    " created_at, extra)"
    f" VALUES (1, 1, 1, 'Nova', 1, 'UTC', 'open', 'active', 'rolling', 'draft', '2026-03-01', '{OF_FILE}')",
    "INSERT INTO project (id, workspace_id, number, name, program_id, owner_id, visibility, state, critical, weight,"
    f" created_at, extra) VALUES (1, 1, 1, 'Ledger', 1, 1, 'open', 'on_hold', false, 1, '2026-03-01', '{HELD}')",
    "INSERT INTO decision (id, workspace_id, number, title, driver_id, approver_id, informed, reversibility, options,"
    " criteria, raised_at, status, version)"
    " VALUES (1, 1, 1, 'Cutover', 1, 1, '[]', 'two_way', '[]', '[]', '2026-03-01 10:00:00', 'proposed', 1)",
    "INSERT INTO decision_contributor (id, workspace_id, decision_id, person_id) VALUES (1, 1, 1, 1)",
)
