"""Every row belongs to a workspace: the models, the database, every query and the tests' own guard see to it."""

from typing import Any

import pytest
from sqlalchemy import ForeignKeyConstraint, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from bot.services import decision as decisions
from bot.services import places
from bot.services import risk as risks
from bot.services import workspace as workspaces
from models.tables import Base, History, Outbox, Owned, Project, Risk, Workspace
from models.tables.unit import add_row
from tests.guard import forgotten_tables
from tests.neighbours import NOBODYS, NOW, OWNED, composite_links, everything, fill, install_neighbour
from tests.neighbours import insert as insert_row


@pytest.fixture
def two(database: Database) -> tuple[Database, dict[str, int], dict[str, int]]:
    """A database with two workspaces, 1 and 2, and the ids of their rows."""
    with database.everywhere() as session:
        workspaces.install(session, team_id="TONE", name="One", url="https://one.example/", bot_user_id="UB")
        ours = fill(session, 1)
    return database, ours, install_neighbour(database)[1]


@pytest.mark.parametrize("table", OWNED, ids=lambda table: table.name)
def test_every_row_belongs_to_a_workspace_and_so_does_every_row_it_names(table):
    assert not table.c.workspace_id.nullable
    links = [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]
    for constraint in links:
        pairs = {(element.parent.name, element.column.name) for element in constraint.elements}
        to_workspace = constraint.referred_table is Workspace.__table__
        assert pairs == {("workspace_id", "id")} if to_workspace else ("workspace_id", "workspace_id") in pairs
    named = {column for column, _ in composite_links(table)}
    ids = {c.name for c in table.columns if c.name.endswith("_id")} - {"workspace_id"}
    assert ids - named <= {"record_id", "slack_id", "external_id"}, "a column that names a row without a key"


def test_only_the_workspaces_themselves_and_their_installations_belong_to_none():
    """An installation may be of a whole organisation, and one that has begun is nobody's yet."""
    free = {m.local_table.name for m in Base.registry.mappers if not issubclass(m.class_, Owned)}
    assert free == {"workspace", "installation", "install_state"}


def test_the_database_itself_refuses_every_link_into_another_workspace(two):
    database, ours, theirs = two
    tried = 0
    for table in OWNED:
        for column, target in composite_links(table):
            with pytest.raises(IntegrityError, match=r"(?i)foreign key"), database.everywhere() as session:
                if table is History.__table__:  # which the database does not let anybody change
                    insert_row(session, table, 1, {column: theirs[target]})
                else:
                    mine = table.update().where(table.c.id == ours[table.name])
                    session.connection().execute(mine.values({column: theirs[target]}))
            tried += 1
    assert tried > 20


def test_a_query_of_one_workspace_finds_no_row_of_the_other(two):
    database, ours, theirs = two
    with database.write(1) as session:
        for mapper in Base.registry.mappers:
            if not issubclass(mapper.class_, Owned):
                continue
            name = mapper.local_table.name
            assert session.scalars(select(mapper.class_.id)).all() == [ours[name]]
            assert session.get(mapper.class_, theirs[name]) is None
            changed = session.execute(
                update(mapper.class_).where(mapper.class_.id == theirs[name]).values(id=NOBODYS),
                execution_options={"synchronize_session": False},
            )
            assert changed.rowcount == 0


def test_use_cases_of_one_workspace_find_no_record_of_the_other(two):
    database, _, theirs = two
    before = everything(database)
    with database.read(1) as session:
        number = {row.id: row.number for row in _all(database, Risk)}[theirs["risk"]]
        assert risks.find(session, number) is None
        assert risks.find_by_id(session, theirs["risk"]) is None
        assert decisions.find_by_id(session, theirs["decision"]) is None
        assert places.by_ref(session, f"project:{theirs['project']}") is None
        assert places.by_ref(session, f"program:{theirs['program']}") is None
    assert everything(database) == before


def test_a_new_row_cannot_be_put_into_another_workspace(two):
    database, _, _ = two
    with database.write(1) as session:
        row_id = add_row(session, Outbox, workspace_id=2, **_message("core"))
        session.add(Outbox(workspace_id=2, **_message("orm")))
    with database.read(2) as session:
        assert not session.scalars(select(Outbox).where(Outbox.key.in_(("core", "orm")))).all()
    with database.read(1) as session:
        assert session.get_one(Outbox, row_id).workspace_id == 1


FORGETFUL = [
    select(Risk.__table__.c.title),
    select(Risk.__table__).join(Project.__table__, Risk.__table__.c.project_id == Project.__table__.c.id),
    select(Risk.__table__.c.id, Project.__table__.c.id)
    .join_from(Risk.__table__, Project.__table__, Risk.__table__.c.project_id == Project.__table__.c.id)
    .where(Risk.__table__.c.workspace_id == 1),
    update(Risk.__table__).values(title="taken over"),
    Risk.__table__.delete(),
    text("SELECT count(*) FROM risk"),
    text("SELECT 1 FROM risk, project WHERE risk.workspace_id = 1"),
    text("SELECT 1 FROM risk WHERE risk.workspace_id = risk.workspace_id"),
]


def test_the_tests_catch_every_statement_that_forgets_its_workspace(two):
    database, _, _ = two
    for statement in FORGETFUL:
        with pytest.raises(AssertionError, match="without a workspace"), database.write(1) as session:
            session.connection().execute(statement)


def test_the_tests_let_statements_pass_that_name_their_workspace(two):
    database, _, _ = two
    table = Risk.__table__
    with database.write(1) as session:
        session.connection().execute(select(table).where(table.c.workspace_id == 1))
        session.execute(update(Risk).values(title="Vendor slips"))
    assert forgotten_tables(str(insert(table))) == []
    assert {row.title for row in _all(database, Risk) if row.workspace_id == 2} != {"Vendor slips"}


def _all(database: Database, table: type[Any]) -> list[Any]:
    with database.everywhere() as session:
        return list(session.scalars(select(table)))


def _message(key: str) -> dict[str, Any]:
    shared = {"message_key": key, "operation": "post", "target": "C1", "body": {}, "created_at": NOW, "due_at": NOW}
    return {"key": key, **shared}
