"""Where forms, invitations and failures once went wrong, each as the person would meet it."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from bot.jobs.people import refresh_people
from bot.services import due_rules, people, people_copies, places
from handlers.errors import explained
from handlers.feature import Ask
from models.tables import Person, Program, Project
from models.tables.unit import add_row
from tests.town import Town


def inputs(person) -> dict[str, dict]:
    blocks = [block for block in person.modal["blocks"] if block["type"] == "input"]
    return {block["block_id"].partition("@")[0]: block["element"] for block in blocks}


def post(town: Town, channel: str, health: str, summary: str, **more: str) -> None:
    luis = town.person("ULUIS")
    luis.types(channel, "/update")
    luis.fills({"health": health})
    luis.submits({"summary": summary} | more)
    assert luis.form_errors == {}


def test_choosing_another_project_never_posts_the_first_ones_words(town):
    town.set_up_project("ULUIS", "CFRAUD", "Fraud Signals")
    post(town, "CLEDGER", "red", "Ledger is in trouble", path_to_green="Borrow two engineers by Friday")
    post(town, "CFRAUD", "green", "Fraud is fine")
    luis = town.person("ULUIS")
    luis.types("CPROG", "/update")
    options = {o["text"]["text"]: o["value"] for o in inputs(luis)["project"]["options"]}
    luis.fills({"project": options["Ledger Migration"]})
    assert inputs(luis)["path_to_green"]["initial_value"] == "Borrow two engineers by Friday"
    luis.fills({"project": options["Fraud Signals"]})
    assert inputs(luis)["summary"]["initial_value"] == "Fraud is fine"
    assert "path_to_green" not in inputs(luis)
    luis.submits()
    assert town.card("CFRAUD", "Fraud Signals is Green, steady.")


def test_editing_a_project_keeps_what_the_form_cannot_show(town):
    with town.database.write(1) as session:
        paper = add_row(session, Person, handle="only.on.paper")
        session.execute(update(Project).values(backup_id=paper))
        session.execute(update(Program).values(visibility="restricted"))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"name": "Ledger Migration II"})
    with town.database.read(1) as session:
        project = session.scalars(select(Project)).one()
        assert (project.name, project.backup_id) == ("Ledger Migration II", paper)
        assert project.program_id is not None


def test_a_late_project_can_be_handed_over_without_a_new_date(town):
    town.clock.move_to(datetime(2026, 6, 1, 14, tzinfo=UTC))
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"owner": "UKAVYA"})
    assert luis.form_errors == {}
    with town.database.read(1) as session:
        place = places.of_channel(session, "CLEDGER")
        assert (place.owner.handle, str(place.target_on)) == ("kavya", "2026-05-22")


def test_a_project_is_part_of_a_program_and_of_nothing_else(town):
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup Fraud Signals")
    kavya.fills({"target_on": "2026-06-30"})
    answer = town.submit_unchecked("UKAVYA", {"program": "project:1"})
    assert answer["errors"] == {"program": "Choose a program."}


def test_an_id_that_slack_does_not_know_stops_nobody(town):
    with town.database.write(1) as session:
        people.ensure(session, "UTYPO")
    town.refused = {"users.info"}
    refresh_people(town.runtime)
    with town.database.read(1) as session:
        assert people_copies.strangers(session) == []
        assert people.by_slack_id(session, "UTYPO").deleted


def test_a_week_that_could_not_be_opened_is_opened_later(town):
    with town.database.write(1) as session:
        place = places.of_channel(session, "CLEDGER")
        [rule] = due_rules.take_due_rules(session, now=datetime(2026, 4, 2, 14, 0, tzinfo=UTC))
        assert rule.place_ref == place.ref
        due_rules.put_back(session, rule, until=datetime(2026, 4, 2, 14, 10, tzinfo=UTC))
    town.play(datetime(2026, 4, 2, 15, 0, tzinfo=UTC))
    assert [m["text"][:16] for m in town.person("ULUIS").direct_messages()] == ["1 ask for today."]


def test_an_event_that_fails_is_told_to_nobody(town, caplog):
    ask = Ask(
        runtime=town.runtime,
        workspace=None,  # type: ignore[arg-type]
        kind="event",
        name="user_change",
        user="UJONAS",
        key="event:1",
        now=town.clock.now(),
        payload={},
    )
    reply = explained(ask, RuntimeError("out of luck"))
    assert reply.private is None
    assert "user_change of UJONAS failed" in caplog.text


def test_an_invited_bot_does_not_pour_out_old_weeks(town):
    maya = town.person("UMAYA")
    maya.removes_bot("CPROG")
    town.refused = {"chat.postMessage"}
    town.pass_time(days=28)
    maya.invites_bot("CPROG")
    town.settle()
    posted = [m["text"] for m in maya.reads("CPROG") if m["text"].startswith("Payments Renewal, week")]
    assert len(posted) == 1


def test_who_is_named_where_the_bot_is_not_is_told_directly(town):
    town.refused = {"chat.postEphemeral", "chat.postMessage"}
    luis = town.person("ULUIS")
    luis.types("CEMPTY", "/pm setup Quiet Project")
    luis.submits({"target_on": "2026-06-30"})
    luis.types("CEMPTY", "/risk Nobody would hear of this")
    luis.submits({"probability": "5", "impact": "5", "category": "vendor", "owner": "UJONAS"})
    luis.types("CEMPTY", "/decision Which way to go")
    luis.submits({"approver": "UDANA"})
    town.settle()
    [line] = town.person("UJONAS").direct_messages()
    assert line["text"].startswith("You own R-1 now: Nobody would hear of this.")
    [card] = town.person("UDANA").direct_messages()
    assert card["text"].startswith("Your decision is needed by")
