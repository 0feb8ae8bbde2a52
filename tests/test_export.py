"""Taking the register along: who gets what of it, in which files, and that it can be read in again."""

import copy
import csv
import io
import json
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.app import build_runtime
from bot.clock import MovableClock
from bot.config import Settings
from bot.database import Database
from bot.jobs.uploading import UploadFailed, send_bytes
from bot.runtime import no_upload
from bot.sandbox.faults import Fault
from bot.sandbox.server import SandboxServer
from bot.services import people, places
from bot.services import risk as risks
from bot.services.csv_import_columns import match_columns
from bot.services.csv_import_known import Known
from bot.services.csv_import_plan import Frame, plan
from bot.services.csv_import_text import read_sheet
from bot.services.importing import import_portfolio
from bot.services.importing_reading import read_portfolio
from bot.views.export import defused, file_name, row
from models.schemas.export import ExportedRecord, ExportKind
from models.schemas.risk import RiskDraft
from models.schemas.spreadsheet import SheetKind
from models.tables import History, Outbox, Person, Program, Project, Risk
from tests.asking import post_status, sqlite_only
from tests.importing.office import REFERENCE
from tests.town import MONDAY, Town, one_channel

HOSTILE = "<!channel> <b> & co"


def log(town: Town, title: str = "Vendor slips the API", *, user: str = "ULUIS", channel: str = "CLEDGER") -> int:
    with town.database.write(1) as session:
        place = places.of_channel(session, channel)
        assert place is not None
        person = people.ensure(session, user)
        draft = RiskDraft(title=title, project=place.ref, probability=4, impact=5, category="vendor", owner=user)
        return risks.log_risk(session, draft, place=place, owner=person, author=person, now=town.clock.now()).id


def orders(town: Town, words: str = "", *, user: str = "ULUIS", channel: str = "CLEDGER") -> str:
    """What they are answered at once; the files have left when this returns."""
    town.person(user).types(channel, f"/pm export {words}".strip())
    return str(town.person(user).reads(channel)[-1]["text"])


def received(town: Town, user: str = "ULUIS") -> dict[str, bytes]:
    """The files of the newest of their direct messages that has some, by name."""
    messages = town.person(user).direct_messages()
    files = next((message["files"] for message in reversed(messages) if message.get("files")), ())
    stored = town.sandbox.workspace.world.files
    return {stored[file["id"]].name: stored[file["id"]].data or b"" for file in files}


def portfolio(files: dict[str, bytes]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(next(data for name, data in files.items() if name.endswith(".json")))
    return loaded


def table(files: dict[str, bytes], kind: str) -> list[dict[str, str]]:
    data = next(data for name, data in files.items() if f"-{kind}-" in name)
    assert data.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def said(town: Town, user: str = "ULUIS") -> str:
    return str(town.person(user).direct_messages()[-1]["text"])


def changes(town: Town) -> list[History]:
    with town.database.read(1) as session:
        return list(session.scalars(select(History).where(History.kind == "export").order_by(History.id)))


def test_an_export_is_answered_at_once_and_comes_as_files(town):
    log(town)
    post_status(town)
    assert orders(town) == "The export comes to your direct messages."
    files = received(town)
    assert [name.rpartition("-2026")[0] for name in files] == [
        "example-workspace-ledger-migration",
        "example-workspace-ledger-migration-risks",
        "example-workspace-ledger-migration-status",
    ]
    [risk] = table(files, "risks")
    assert (risk["Number"], risk["Title"], risk["Project"]) == ("R-1", "Vendor slips the API", "Ledger Migration")
    assert (risk["Score"], risk["Band"], risk["Owner"], risk["State"]) == ("20", "extreme", "luis", "New")
    [status] = table(files, "status")
    assert (status["Health"], status["Author"]) == ("green", "luis")
    assert said(town).startswith("*Export of Ledger Migration, 30 Mar 2026*\n1 risk, 1 status update. It holds")


def test_the_json_file_holds_the_history_of_each_record(town):
    risk_id = log(town)
    with town.database.write(1) as session:
        session.execute(update(Risk).where(Risk.id == risk_id).values(source_url="https://example.com/1"))
    orders(town, "risks")
    details = portfolio(received(town))["details"]["risks"]["R-1"]
    assert [(change["by"], change["field"], change["new"]) for change in details["history"]] == [
        ("luis", "", "logged"),
        ("luis", "score", {"probability": 4, "impact": 5}),
    ]
    assert (details["author"], details["source_url"], details["number"]) == ("luis", "https://example.com/1", 1)


def test_kinds_and_a_place_narrow_an_export(town):
    town.set_up_project("UJONAS", "CFRAUD", "Fraud Rules")
    log(town)
    log(town, "Rules are late", user="UJONAS", channel="CFRAUD")
    post_status(town)
    orders(town, "risks and decisions, fraud RULES", user="UMAYA")
    files = received(town, "UMAYA")
    assert [risk["Title"] for risk in table(files, "risks")] == ["Rules are late"]
    assert not [name for name in files if "status" in name]
    orders(town, "risks", channel="CPROG", user="UMAYA")
    assert len(table(received(town, "UMAYA"), "risks")) == 2
    orders(town, "all", channel="CLEDGER", user="UMAYA")
    assert len(table(received(town, "UMAYA"), "risks")) == 2
    orders(town, "risks P-2", channel="CEMPTY", user="UMAYA")
    assert [risk["Title"] for risk in table(received(town, "UMAYA"), "risks")] == ["Rules are late"]


def test_a_place_that_nobody_knows_is_told_with_what_to_type(town):
    answer = orders(town, f"risks {HOSTILE}")
    assert answer.startswith("I do not know a project or program called “&lt;!channel&gt; &lt;b&gt; &amp; co”.")
    assert not changes(town)


def test_where_there_is_nothing_one_word_comes_instead_of_files(town):
    orders(town, "risks", user="UMAYA", channel="CEMPTY")
    assert said(town, "UMAYA") == "Nothing to export: the register holds no records of this kind for you."


def test_guests_export_nothing(town):
    answer = orders(town, user="UGUEST")
    assert answer == "Guests answer what they are asked, and export nothing."
    with town.database.read(1) as session:
        assert not session.scalars(select(Outbox).where(Outbox.operation == "export")).all()


def test_a_restricted_project_of_others_is_not_even_counted(town):
    town.set_up_project("UJONAS", "CFRAUD", "Fraud Rules")
    log(town, "Secret words of the ledger")
    log(town, "Rules are late", user="UJONAS", channel="CFRAUD")
    town.restrict()
    orders(town, user="UKAVYA", channel="CEMPTY")
    files = received(town, "UKAVYA")
    everything = b"".join(files.values()) + "".join(files).encode()
    for secret in (b"Ledger", b"ledger", b"Secret", b"R-1"):
        assert secret not in everything
    assert [project["name"] for project in portfolio(files)["projects"]] == ["Fraud Rules"]
    assert orders(town, "Ledger Migration", user="UKAVYA", channel="CEMPTY").startswith("I do not know a project")


def test_whoever_owns_one_record_of_a_restricted_project_gets_that_one(town):
    log(town, "Secret words of the ledger")
    mine = log(town, "What kavya acts on")
    with town.database.write(1) as session:
        kavya = people.by_slack_id(session, "UKAVYA")
        session.execute(update(Risk).where(Risk.id == mine).values(owner_id=kavya.id))
    town.restrict()
    orders(town, user="UKAVYA", channel="CEMPTY")
    files = received(town, "UKAVYA")
    assert [risk["Title"] for risk in table(files, "risks")] == ["What kavya acts on"]
    assert portfolio(files)["projects"][0].keys() == {"id", "name", "owner", "state", "target_on"}
    assert b"Secret" not in b"".join(files.values())


def test_in_its_own_channel_a_restricted_project_is_exported_to_its_members(town):
    log(town)
    town.restrict()
    orders(town, user="UKAVYA")
    assert len(table(received(town, "UKAVYA"), "risks")) == 1


def test_what_one_may_see_is_decided_when_the_export_is_made(town):
    log(town)
    town.sandbox.deliver, deliver = queue_only(town), town.sandbox.deliver
    orders(town, user="UKAVYA")
    town.sandbox.deliver = deliver
    town.restrict()
    town.person("UKAVYA").leaves("CLEDGER")
    town.settle()
    assert said(town, "UKAVYA").startswith("Nothing was exported. I cannot find this project or program.")
    assert not changes(town)


def test_whoever_became_a_guest_meanwhile_gets_nothing(town):
    log(town)
    town.sandbox.deliver, deliver = queue_only(town), town.sandbox.deliver
    orders(town, user="UKAVYA")
    town.sandbox.deliver = deliver
    with town.database.write(1) as session:
        session.execute(update(Person).where(Person.slack_id == "UKAVYA").values(is_guest=True))
    town.settle()
    assert said(town, "UKAVYA").startswith("Nothing was exported. Guests answer what they are asked")


def queue_only(town: Town):
    """The bot answers, and its postman is away."""

    def deliver(kind, payload, retry=None):
        town.settle, settle = (lambda: town.clock.wait(4)), town.settle
        try:
            return town.deliver(kind, payload, retry)
        finally:
            town.settle = settle

    return deliver


def test_every_export_is_in_the_history(town):
    log(town)
    orders(town, "risks")
    [change] = changes(town)
    with town.database.read(1) as session:
        luis = people.by_slack_id(session, "ULUIS")
    assert (change.actor_id, change.record_id) == (luis.id, luis.id)
    assert change.new == {"place": "project:1", "rows": {"risks": 1}}


def test_ordered_twice_before_it_left_it_is_made_once(town):
    log(town)
    town.sandbox.deliver, deliver = queue_only(town), town.sandbox.deliver
    orders(town)
    town.clock.wait(1)
    orders(town)
    town.sandbox.deliver = deliver
    town.settle()
    assert len(changes(town)) == 1


def test_without_the_scope_a_private_line_says_which_one_and_nothing_left(town):
    log(town)
    town.refused.add("files.getUploadURLExternal")
    town.sandbox.workspace.installed.scopes -= {"files:write"}
    orders(town)
    assert said(town) == "Nothing was exported: the scope files:write is missing."
    assert not received(town)
    assert not changes(town)


def test_an_upload_that_failed_is_tried_again_and_seen_once(town):
    log(town)
    town.refused.add("files.completeUploadExternal")
    town.sandbox.faults.add(Fault("rate_limited", ("files.completeUploadExternal",), times=1, seconds=30))
    orders(town, "risks")
    assert not town.person("ULUIS").direct_messages() or not received(town)
    town.pass_time(minutes=2)
    assert len(table(received(town), "risks")) == 1
    assert len([message for message in town.person("ULUIS").direct_messages() if message.get("files")]) == 1


def test_where_the_bot_cannot_look_who_is_a_member_nobody_is(town):
    town.set_up_project("ULUIS", "CSECRET", "Quiet Project")
    log(town, channel="CSECRET")
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.channel == "CSECRET").values(program_id=None))
    town.sandbox.deliver, deliver = queue_only(town), town.sandbox.deliver
    orders(town, user="UMAYA", channel="CSECRET")
    town.sandbox.deliver = deliver
    town.refused.add("conversations.members")
    town.person("ULUIS").removes_bot("CSECRET")
    town.settle()
    assert said(town, "UMAYA").startswith("Nothing was exported.")


@sqlite_only
def test_a_file_goes_to_its_address_as_it_is_read(database, tmp_path):
    sandbox = one_channel(MovableClock(MONDAY, running=False))
    server = SandboxServer(sandbox, page_dir=Path("bot/sandbox/page"))
    server.start()
    url = f"{sandbox.workspace.base_url}/api/"
    settings = Settings(_env_file=None, slack_bot_token=sandbox.bot_token, slack_api_url=url, database_url=database.url)
    runtime = build_runtime(settings, wake=lambda: None)
    path, heard = tmp_path / "large.csv", []
    path.write_bytes(b"a,b\r\n" * 2_000_000)
    try:
        file = send_bytes(runtime, path.name, path, goes_on=lambda: heard.append(1))
        with pytest.raises(UploadFailed):
            send_bytes(replace(runtime, put_file=no_upload), path.name, path)
    finally:
        runtime.database.close()
        server.stop()
    assert len(sandbox.workspace.world.files[file.id].data or b"") == 10_000_000
    assert len(heard) == 2


def test_hostile_words_reach_the_files_as_they_were_typed_and_the_message_escaped(town):
    town.set_up_project("UJONAS", "CFRAUD", HOSTILE)
    log(town, f"{HOSTILE} slips", user="UJONAS", channel="CFRAUD")
    log(town, '=HYPERLINK("http://x";"y")', user="UJONAS", channel="CFRAUD")
    orders(town, user="UJONAS", channel="CFRAUD")
    files = received(town, "UJONAS")
    assert [risk["Title"] for risk in table(files, "risks")] == [f"{HOSTILE} slips", '\'=HYPERLINK("http://x";"y")']
    assert [risk["title"] for risk in portfolio(files)["risks"]] == [f"{HOSTILE} slips", '=HYPERLINK("http://x";"y")']
    assert next(iter(files)).startswith("example-workspace-channel-b-co-2026")
    assert "&lt;!channel&gt;" in said(town, "UJONAS")


def test_what_was_imported_is_exported_as_it_came_and_can_be_imported_again(town, sqlite_template, tmp_path):
    """Left out of the comparison: instants of the export itself, and details, which say that it was imported."""
    imports(town, REFERENCE)
    change(town, Project, "P-101", visibility="restricted", baseline_on=date(2026, 4, 1))
    change(town, Program, "PRG-NOVA", risk_matrix="pmi")
    orders(town, channel="CEMPTY", user="UMAYA")
    first = portfolio(received(town, "UMAYA"))
    for kind in ("risks", "decisions", "issues", "assumptions", "status_updates"):
        exported = by_id(first[kind])
        assert len(exported) == len(REFERENCE[kind])
        for record in filled(REFERENCE[kind]):
            if record.get("status") == "resolved":
                continue  # resolved long ago: the clock closes it
            assert exported[record["id"]] == record
    for kind in (
        "milestones",
        "dependencies",
        "budgets",
        "allocations",
        "iterations",
        "stakeholders",
        "audit_findings",
    ):
        exported = by_id(first[kind])
        assert len(exported) == len(REFERENCE[kind])
        for name, record in by_id(filled(REFERENCE[kind])).items():
            assert exported[name] | record == exported[name]
    assert first["checkin_team"] == {"P-302": ["rohan.das", "meera.nair", "anita.joshi", "isla.murray", "nina.rossi"]}
    assert "checkins" not in first

    path = tmp_path / "again.db"
    shutil.copy(sqlite_template, path)
    again = Town(Database(f"sqlite:///{path}"))
    imports(again, first)
    orders(again, channel="CEMPTY", user="UMAYA")
    second = portfolio(received(again, "UMAYA"))
    with again.database.read(1) as session:
        bands = {risk.external_id: risk.band for risk in session.scalars(select(Risk))}
        ledger = session.scalars(select(Project).where(Project.external_id == "P-101")).one()
    again.database.close()
    for kind in first.keys() - {"as_of", "details"}:
        assert by_id(second[kind]) == by_id(first[kind]), kind
    assert bands["R-001"] == "high"  # PMI's matrix knows no Extreme
    assert (ledger.visibility, ledger.baseline_on) == ("restricted", date(2026, 4, 1))


def test_the_table_of_risks_can_be_read_in_again(town):
    log(town)
    log(town, "=Vendor breaks the build")
    orders(town, "risks")
    data = next(data for name, data in received(town).items() if name.endswith(".csv"))
    sheet = read_sheet(data)
    columns = match_columns(sheet.header, SheetKind.RISKS, ())
    assert columns.left_out == ["Score", "Band"]
    with town.database.read(1) as session:
        frame = Frame(SheetKind.RISKS, sheet, columns, Known(session), None, town.clock.now())
        assert [row.words for row in plan(frame)] == ["known as R-1, unchanged", "known as R-2, unchanged"]


def imports(town: Town, data: dict[str, Any]) -> None:
    with town.database.write(1) as session:
        known = {"slack_ids": {"maya.chen": "UMAYA"}, "channel_ids": {}}
        import_portfolio(session, read_portfolio(data), now=town.clock.now(), **known)


def change(town: Town, table: type[Any], external_id: str, **values: Any) -> None:
    with town.database.write(1) as session:
        session.execute(update(table).where(table.external_id == external_id).values(**values))


def filled(records: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The source's own records without what is empty, people as this workspace calls them, and first scores."""
    text = json.dumps(records).replace('"maya.chen"', '"maya"')
    kept = [{k: v for k, v in record.items() if v is not None and v != []} for record in json.loads(text)]
    for record in kept:
        if "probability" in record:
            score = {"at": record["raised_at"], "probability": record["probability"], "impact": record["impact"]}
            record.setdefault("score_history", [score])
        if record.get("status") == "closed" and "resolved_at" in record:
            record.setdefault("closed_at", record["resolved_at"])
    return kept


def by_id(records: Any) -> Any:
    """In what order they stand says nothing."""
    if not isinstance(records, list):
        return records
    return {record.get("id") or tuple(map(record.get, IDENTITY)): record for record in records}


IDENTITY = ("handle", "person", "project", "period")
"""Of what has no id."""


def test_the_whole_plan_goes_along_with_an_export_of_everything_and_with_no_other(town):
    imports(town, REFERENCE)
    orders(town, "risks", channel="CEMPTY", user="UMAYA")
    assert "milestones" not in portfolio(received(town, "UMAYA"))
    orders(town, "PRG-TERRA", channel="CEMPTY", user="UMAYA")
    told = portfolio(received(town, "UMAYA"))
    assert {milestone["project"] for milestone in told["milestones"]} == {"P-201", "P-202", "P-203", "P-204"}
    assert by_id(told["programs"])["PRG-TERRA"]["override"]["by"] == "jonas.weber"
    read_portfolio(told)  # what it names is in it, also the projects of others that it gives something to


def test_calendars_absences_and_rules_go_along(town):
    data = copy.deepcopy(REFERENCE)
    data["operating_parameters"]["status"]["grace_days"] = 5
    imports(town, data)
    orders(town, channel="CEMPTY", user="UMAYA")
    told = portfolio(received(town, "UMAYA"))
    assert told["calendars"]["in"] == REFERENCE["calendars"]["in"]
    assert told["calendars"]["portfolio"] == REFERENCE["calendars"]["portfolio"]
    amelie = next(person for person in told["people"] if person["handle"] == "amelie.laurent")
    assert amelie["ooo"] == [{"start": "2026-03-26", "end": "2026-04-02", "delegate": "marco.bianchi"}]
    programs = by_id(told["programs"])
    assert programs["PRG-NOVA"]["parameters"]["status"]["grace_days"] == 5
    assert programs["PRG-HELIO"]["rollup"] == "weighted"


def test_money_labels_and_days_off_are_for_those_whom_they_concern(town):
    data = copy.deepcopy(REFERENCE)
    data["projects"][0]["owner"] = "luis"
    data["people"].append({"handle": "luis", "tz": "America/New_York"})
    with town.database.write(1) as session:
        known = {"slack_ids": {"luis": "ULUIS"}, "channel_ids": {}}
        import_portfolio(session, read_portfolio(data), now=town.clock.now(), **known)
    orders(town, "all", channel="CEMPTY", user="ULUIS")
    told = portfolio(received(town))
    assert [budget["project"] for budget in told["budgets"]] == ["P-101"]
    assert {allocation["project"] for allocation in told["allocations"]} == {"P-101"}
    assert told["stakeholders"] == []
    assert len(told["milestones"]) == 45
    assert not [person for person in told["people"] if "ooo" in person or "capacity_overrides" in person]


def test_what_a_hidden_project_gives_or_gets_is_not_told(town):
    imports(town, REFERENCE)
    change(town, Project, "P-201", visibility="restricted")
    orders(town, "all", channel="CEMPTY", user="UKAVYA")
    told = portfolio(received(town, "UKAVYA"))
    assert "P-201" not in json.dumps({name: told[name] for name in told.keys() - {"details"}})
    assert "M-201-2" not in json.dumps(told)
    read_portfolio(told)


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff@x"]
FORMULAS += ["＝1", "＋1", "－1", "＠x", "﹢1", "\u22121", "\tx", "\rx", "\nx"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_calculate_is_defused(text):
    assert defused(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "x", "1 + 1", "a=b", "'=1", " x", "x\ny", "🙂"])
def test_other_words_stay_as_they_are(text):
    assert defused(text) == text


@given(st.text())
def test_no_cell_begins_as_a_formula(text):
    assert defused(text).lstrip()[:1] not in ("=", "+", "-", "@", "＝", "＋", "－", "＠")


def test_numbers_stay_numbers():
    record = ExportedRecord(ref="R-1", record={"id": "R-1", "cost_impact": -50000, "title": "-x"}, more={})
    cells = row(ExportKind.RISKS, record)
    assert -50000 in cells
    assert "'-x" in cells


@given(st.text(), st.text())
def test_file_names_are_safe_on_every_disk(workspace, place):
    name = file_name(workspace, place, day=date(2026, 3, 30), ending="csv")
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.")
    assert len(name) < 120
    assert not name.startswith((".", "-"))
