"""Two workspaces in one database: neither sees, changes or even hears of the other's rows."""

import copy
import json
from typing import Any

import pytest
from slack_bolt import BoltRequest
from sqlalchemy import ForeignKeyConstraint, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.database import Database
from bot.services import decision as decisions
from bot.services import places
from bot.services import risk as risks
from bot.services import workspace as workspaces
from models.tables import Base, Outbox, Owned, Project, Risk, Workspace
from models.tables.unit import add_row
from tests.guard import forgotten_tables
from tests.neighbours import NOW, OWNED, TEAM, composite_links, everything, fill, install_neighbour, links_of
from tests.neighbours import insert as insert_row
from tests.test_twice import caught
from tests.town import Town

NOBODYS = 987_654_321
"""An id that no row has."""


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


def test_only_the_workspaces_themselves_belong_to_none():
    free = {m.local_table.name for m in Base.registry.mappers if not issubclass(m.class_, Owned)}
    assert free == {"workspace"}


def test_the_database_itself_refuses_every_link_into_another_workspace(two):
    database, ours, theirs = two
    tried = 0
    for table in OWNED:
        for column, target in composite_links(table):
            with pytest.raises(IntegrityError, match=r"(?i)foreign key"), database.everywhere() as session:
                insert_row(session, table, 1, links_of(table, ours) | {column: theirs[target]})
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
]


@pytest.mark.parametrize("statement", FORGETFUL, ids=lambda statement: str(statement).split("\n")[0][:40])
def test_the_tests_catch_a_statement_that_forgets_its_workspace(two, statement):
    database, _, _ = two
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


@pytest.fixture
def neighbour(town: Town) -> dict[str, int]:
    return install_neighbour(town.database)[1]


def answer(town: Town, payload: dict[str, Any]) -> str:
    """What the person is told: the acknowledgement, and what is said to them privately after it."""
    before = len(town.sandbox.calls)
    response = town.app.dispatch(BoltRequest(mode="socket_mode", body=payload))
    assert response.status == 200
    said = [(call.method, call.args.get("text"), call.args.get("view")) for call in town.sandbox.calls[before:]]
    town.settle()
    return f"{response.body} {said}"


def fresh(payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The payload as another delivery of its own."""
    copied = copy.deepcopy(payload)
    return copied | {"trigger_id": f"{payload['trigger_id']}.{id(copied)}"} | changes


def pressed(payload: dict[str, Any], action: str, value: object) -> dict[str, Any]:
    changed = copy.deepcopy(payload)
    changed["actions"][0] |= {"action_id": action, "value": str(value)}
    return changed


def submitted(payload: dict[str, Any], **changes: Any) -> dict[str, Any]:
    changed = fresh(payload)
    changed["view"] |= {"hash": str(id(changed)), **changes}
    return changed


def chosen(payload: dict[str, Any], field: str, value: str) -> dict[str, Any]:
    changed = submitted(payload)
    [element] = changed["view"]["state"]["values"][field].values()
    element["selected_option"]["value"] = value
    return changed


def same_as_nobodys(town: Town, theirs: dict[str, Any], nobodys: dict[str, Any]) -> None:
    """Their row and no row are told in the same words, and nothing anywhere changes but that it was asked."""
    before = everything(town.database)
    assert answer(town, theirs) == answer(town, nobodys)
    assert everything(town.database) == before


BUTTONS = {
    "risk.acknowledge": "risk",
    "decision.decide": "decision",
    "status.open": "project",
    "setup.edit": "project",
    "risk.form": "project",
    "decision.form": "program",
}


def test_buttons_with_the_ids_of_another_workspace_find_nothing(town, neighbour):
    town.refused |= {"views.open"}
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    card = town.card("CLEDGER", "New Extreme risk R-1")
    for action, table in BUTTONS.items():
        ref = f"{table}:" if table in ("project", "program") else ""
        presses = [caught(town, lambda: town.person("ULUIS").presses(card, "risk.acknowledge")) for _ in range(2)]
        theirs = pressed(presses[0], action, f"{ref}{neighbour[table]}")
        same_as_nobodys(town, theirs, pressed(presses[1], action, f"{ref}{NOBODYS}"))


def test_forms_with_the_ids_of_another_workspace_save_nothing(town, neighbour):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    risk = caught(town, lambda: luis.submits({"probability": "4", "impact": "5", "category": "vendor"}))
    theirs, nobodys = (chosen(risk, "project", f"project:{row}") for row in (neighbour["project"], NOBODYS))
    same_as_nobodys(town, theirs, nobodys)

    luis.types("CLEDGER", "/update Everything is on track here")
    status = caught(town, lambda: luis.submits({"health": "green"}))
    theirs, nobodys = (
        submitted(status, private_metadata=json.dumps({"project": f"project:{row}", "channel": "CLEDGER"}))
        for row in (neighbour["project"], NOBODYS)
    )
    same_as_nobodys(town, theirs, nobodys)


def test_a_decision_of_another_workspace_is_not_decided(town, neighbour):
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    kavya.types("CLEDGER", "/decision Cutover strategy")
    kavya.submits({"approver": "ULUIS"}, force=True)
    luis.presses(town.card("CLEDGER", "Decision D-1"), "decision.decide")
    decide = caught(town, lambda: luis.submits({"rationale": "Because of the reasons we have"}))
    theirs, nobodys = (
        submitted(decide, private_metadata=json.dumps({"decision": row, "channel": "CLEDGER"}))
        for row in (neighbour["decision"], NOBODYS)
    )
    same_as_nobodys(town, theirs, nobodys)


def test_numbers_of_another_workspace_are_numbers_that_nobody_has(town, neighbour):
    with town.database.read(2) as session:
        number = session.scalars(select(Risk.number)).one()
    luis = town.person("ULUIS")
    theirs, nobodys = luis.types("CPROG", f"/pm R-{number}").text, luis.types("CPROG", "/pm R-999999").text
    assert theirs.replace(str(number), "…") == nobodys.replace("999999", "…")
    assert theirs.startswith("I cannot find")


@pytest.mark.parametrize("team", [TEAM, "TUNKNOWN"])
def test_a_payload_of_a_workspace_this_bot_has_no_token_for_touches_nothing(town, neighbour, team):
    luis = town.person("ULUIS")
    command = caught(town, lambda: luis.types("CLEDGER", "/pm R-1"))
    luis.types("CLEDGER", "/risk Vendor slips the API")
    form = caught(town, lambda: luis.submits({"probability": "4", "impact": "5", "category": "vendor"}))
    event = caught(town, lambda: luis.invites_bot("CEMPTY"))
    before = everything(town.database)
    command = fresh(command, team_id=team, response_url=None)
    form = submitted(form) | {"team": {"id": team, "domain": "next-door"}}
    form["user"] = form["user"] | {"team_id": team}
    event = event | {"team_id": team, "authorizations": [{"team_id": team, "enterprise_id": None}]}
    for payload in (command, form, event):
        assert "R-1" not in answer(town, payload)
    assert everything(town.database) == before


def _all(database: Database, table: type[Any]) -> list[Any]:
    with database.everywhere() as session:
        return list(session.scalars(select(table)))


def _message(key: str) -> dict[str, Any]:
    shared = {"message_key": key, "operation": "post", "target": "C1", "body": {}, "created_at": NOW, "due_at": NOW}
    return {"key": key, **shared}
