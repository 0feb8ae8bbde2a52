"""Posting a status: the form that grows with trouble, the card, who may."""

import pytest
from sqlalchemy import select

from bot.services import status as statuses
from models.tables import History, Project, StatusUpdate
from tests.town import Town


def post(town: Town, user: str = "ULUIS", channel: str = "CLEDGER", **answers: object):
    person = town.person(user)
    person.types(channel, "/update")
    answers = {"health": "green", "summary": "Two work items closed early."} | answers
    health = answers.pop("health")
    person.fills({"health": health})
    return person.submits(answers, force=True)


def blocks(person) -> list[str]:
    return [block.get("block_id", "") for block in person.modal["blocks"] if block["type"] == "input"]


def test_green_needs_no_path_and_is_posted_to_the_channel(town):
    post(town)
    card = town.card("CLEDGER", "Ledger Migration is Green, first update. Ask: none.")
    assert card["blocks"][0]["text"]["text"].startswith(
        ":large_green_circle: *Ledger Migration is Green,* first update · *Ask:* none\nTwo work items closed early."
    )
    assert town.person("ULUIS").reads("CLEDGER")[-1]["text"] == "Ledger Migration is Green: posted for week 14."


def test_the_path_to_green_appears_with_trouble_and_keeps_what_was_typed(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    assert blocks(luis) == ["health", "summary", "asks", "ask_person", "new_target_on"]
    luis.fills({"summary": "Typed before the colour"})
    luis.fills({"health": "red"})
    assert blocks(luis) == ["health", "summary", "path_to_green", "asks", "ask_person", "new_target_on"]
    luis.submits({"path_to_green": "Borrow two engineers by Friday", "asks": "Sponsor: decide the scope"})
    card = town.card("CLEDGER", "Ledger Migration is Red, first update. Ask: Sponsor: decide the scope.")
    assert "Typed before the colour\n*Path to Green:* Borrow two engineers by Friday" in str(
        card["blocks"][0]["text"]["text"]
    )


def test_trouble_without_a_path_is_told_at_its_field(town):
    post(town, health="amber", path_to_green="soon")
    luis = town.person("ULUIS")
    words = "Amber and Red need a path to Green: what happens, who does it, by when."
    assert luis.form_errors == {"path_to_green": words}
    assert town.count(StatusUpdate) == 0
    luis.submits({"path_to_green": "Rehearse the cutover twice by 10 April"})
    assert luis.form_errors == {}
    assert town.count(StatusUpdate) == 1


def test_everything_wrong_is_told_at_once(town):
    post(town, health="red", summary="", path_to_green="")
    assert set(town.person("ULUIS").form_errors) == {"summary", "path_to_green"}


def test_the_form_starts_with_the_last_update(town):
    post(town, health="amber", path_to_green="Rehearse the cutover twice", asks="dana: more money")
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    first = {block["block_id"]: block["element"] for block in luis.modal["blocks"] if block["type"] == "input"}
    assert first["health"]["initial_option"]["value"] == "amber"
    assert first["summary"]["initial_value"] == "Two work items closed early."
    assert first["path_to_green"]["initial_value"] == "Rehearse the cutover twice"
    assert first["asks"]["initial_value"] == "dana: more money"
    luis.submits()
    assert town.card("CLEDGER", "Ledger Migration is Amber, steady. Ask: dana: more money.")


def test_a_change_of_colour_is_said(town):
    post(town, health="red", path_to_green="Borrow two engineers by Friday")
    town.pass_time(days=7)
    post(town)
    assert town.card("CLEDGER", "Ledger Migration is Green, was Red, improving. Ask: none.")


def test_a_second_update_in_a_week_replaces_the_first(town):
    post(town)
    post(town, health="red", path_to_green="Borrow two engineers by Friday")
    assert town.count(StatusUpdate) == 2
    with town.database.read(1) as session:
        project = session.scalars(select(Project)).one()
        assert statuses.latest(session, [project.id])[project.id].health == "red"


def test_words_behind_the_command_start_the_summary(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update Cutover rehearsed with <@UKAVYA>")
    [summary] = [block for block in luis.modal["blocks"] if block.get("block_id") == "summary"]
    assert summary["element"]["initial_value"] == "Cutover rehearsed with @kavya"


def test_words_too_long_come_back(town):
    said = town.person("ULUIS").types("CLEDGER", "/update " + "&" * 3000)
    assert said.modal is None
    assert "A status has at most 280 characters. You typed 3000." in said.shown[0]["blocks"][0]["text"]["text"]


@pytest.mark.parametrize("user", ["UMAYA", "UDANA"])
def test_manager_and_sponsor_speak_for_a_project_too(town, user):
    post(town, user)
    assert town.count(StatusUpdate) == 1


@pytest.mark.parametrize("user", ["UKAVYA", "UGUEST"])
def test_others_are_told_who_can(town, user):
    said = town.person(user).types("CLEDGER", "/update")
    assert said.modal is None
    assert said.text == "You cannot post the status of Ledger Migration."
    assert (
        "The project owner (luis), the program manager (maya), the sponsor (dana) and an admin can."
        in (said.shown[0]["blocks"][0]["text"]["text"])
    )
    with town.database.read(1) as session:
        refused = session.scalars(select(History).where(History.kind == "project", History.field == "refused")).one()
        assert refused.new == "post_status"


def test_the_backup_speaks_for_the_project(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"backup": "UKAVYA"})
    post(town, "UKAVYA")
    assert town.count(StatusUpdate) == 1


def test_in_a_program_channel_the_manager_chooses_the_project_and_sees_its_last_words(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    post(town, health="amber", path_to_green="Rehearse the cutover twice")
    maya = town.person("UMAYA")
    maya.types("CPROG", "/update")
    [choice] = [block for block in maya.modal["blocks"] if block.get("block_id") == "project"]
    ledger = next(o["value"] for o in choice["element"]["options"] if o["text"]["text"] == "Ledger Migration")
    maya.fills({"project": ledger})
    inputs = [block for block in maya.modal["blocks"] if block["type"] == "input"]
    assert "Two work items closed early." in [block["element"].get("initial_value") for block in inputs]
    maya.submits()
    assert maya.form_errors == {}
    assert town.count(StatusUpdate) == 2


@pytest.mark.parametrize("text", ["<!channel> <b> & co", "المشروع على المسار", "🚦🚦🚦 all on red", "&" * 280])
def test_any_text_is_shown_as_typed_and_pings_nobody(town, text):
    post(town, health="red", summary=text, path_to_green=(text * 20)[:500], asks=text[:200])
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped[:60].rsplit("&", 1)[0] in str(town.card("CLEDGER", "Ledger Migration is Red")["blocks"][0])
    assert [m.user for m in town.sandbox.mentions] == []


def test_a_status_that_arrives_twice_is_posted_once(town):
    post(town)
    town.sandbox.repeat_last_delivery()
    assert town.count(StatusUpdate) == 1
    cards = [
        m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Ledger Migration is Green, first")
    ]
    assert len(cards) == 1


def test_someone_without_a_project_is_told_how_to_get_one(town):
    said = town.person("UJONAS").types("CEMPTY", "/update")
    assert said.modal is None
    assert "You do not own a project here." in said.text


def test_a_late_answer_belongs_to_the_week_that_asked_for_it(town):
    town.pass_time(days=7)
    post(town)
    with town.database.read(1) as session:
        assert session.scalars(select(StatusUpdate.period)).one() == "2026-W14"
    town.pass_time(days=4)
    post(town)
    with town.database.read(1) as session:
        assert session.scalars(select(StatusUpdate.period).order_by(StatusUpdate.id.desc())).first() == "2026-W15"
