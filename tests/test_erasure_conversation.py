"""Erasing a person: one row is blanked, what told of them alone goes, and what they did stays."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.cli import main
from bot.jobs.people import refresh_people
from bot.jobs.tidy import forget_old
from bot.services import delivery, people, stops
from models.schemas.message import Message
from models.tables import (
    Absence,
    Calendar,
    CheckinAnswer,
    Decision,
    History,
    Outbox,
    Person,
    Risk,
    Stakeholder,
)
from tests.neighbours import everything, fill, install_neighbour

RISK = {"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}


@pytest.fixture
def lived(town):
    """luis owns a risk and a project, was away, has hours of his own, and was told things."""
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    kavya.types("CLEDGER", "/risk Vendor slips")
    kavya.submits(RISK)
    luis.types("CLEDGER", "/pm away 6 Apr to 8 Apr")
    luis.types("CLEDGER", "/pm me")
    with town.database.write(1) as session:
        luis_id = people.ensure(session, "ULUIS").id
        session.add(Calendar(person_id=luis_id))
        session.add(
            Stakeholder(
                number=1,
                program_id=1,
                name="luis",
                person_id=luis_id,
                power=1,
                interest=1,
                engagement_current="neutral",
                engagement_desired="leading",
                owner_id=1,
                notes="luis was against it",
            )
        )
    return town


def forged(town, user, callback, metadata):
    """A submission that nobody's client would send: of a form that was never opened, about what they choose."""
    town.person("UMAYA").types("CLEDGER", "/pm erase <@UDANA>")
    view = town.person("UMAYA").modal | {"callback_id": callback, "private_metadata": json.dumps(metadata)}
    view["state"] = {"values": {"reason": {"reason": {"type": "plain_text_input", "value": "Some reason"}}}}
    team = {"id": town.identity["team_id"], "domain": "example"}
    return town.deliver(
        "interactive",
        {"type": "view_submission", "user": {"id": user}, "team": team, "view": view, "trigger_id": "1.a"},
    )


def erase(town, who="<@ULUIS>", *, by="UMAYA", reason="Asked for by the person"):
    admin = town.person(by)
    admin.types("CLEDGER", f"/pm erase {who}")
    admin.submits({"reason": reason})
    assert admin.form_errors == {}
    return admin


def test_an_admin_erases_a_person_after_reading_what_it_does(lived):
    maya = lived.person("UMAYA")
    maya.types("CLEDGER", "/pm erase <@ULUIS>")
    words = json.dumps(maya.modal)
    for told in ("cannot be undone", "Gone at once", "What stays", "messages that stand in Slack are not taken back"):
        assert told in words
    maya.submits({"reason": "Asked for by the person"})
    with lived.database.read(1) as session:
        row = session.scalars(select(Person).where(Person.erased_at.is_not(None))).one()
        assert (row.handle, row.slack_id, row.name, row.tz, row.dm_channel) == ("somebody", None, None, None, None)
        assert row.deleted and not row.is_admin
        risk = session.scalars(select(Risk)).one()
        assert risk.owner_id == row.id and risk.title == "Vendor slips"
        said = session.scalars(select(History).where(History.kind == "person")).one()
        assert (said.record_id, said.field, said.reason) == (row.id, "erased", "Asked for by the person")
        assert session.scalars(select(Calendar).where(Calendar.person_id == row.id)).all() == []
        assert session.scalars(select(Absence).where(Absence.person_id == row.id)).all() == []
        assert [(each.name, each.notes) for each in session.scalars(select(Stakeholder))] == [("somebody", None)]


def test_no_copy_of_the_name_is_left(lived):
    with lived.database.write(1) as session:
        stops.stop(session, "ULUIS", "user_disabled", now=lived.clock.now())
    lived.person("ULUIS").opens_home()
    lived.settle()
    erase(lived)
    lived.pass_time(days=8)
    forget_old(lived.runtime)
    left = [
        (table, row)
        for table, rows in everything(lived.database, workspace=1).items()
        for row in rows
        if "luis" in str(row).lower()
    ]
    assert left == []


def test_the_card_says_somebody_at_its_next_change(lived):
    erase(lived)
    kavya = lived.person("UKAVYA")
    shown = json.dumps(kavya.types("CLEDGER", "/pm R-1").shown)
    assert "luis" not in shown and "ULUIS" not in shown and "somebody" in shown


def test_what_waits_for_them_is_not_said_and_what_was_said_is_forgotten(lived):
    said = Message(text="A word", blocks=[])
    with lived.database.write(1) as session:
        delivery.post(session, said, key="said", to="ULUIS", now=lived.clock.now())
    lived.settle()
    with lived.database.write(1) as session:
        delivery.post(session, said, key="waits", to="ULUIS", now=lived.clock.now() + timedelta(days=1))
    erase(lived)
    with lived.database.read(1) as session:
        rows = session.scalars(select(Outbox).where(Outbox.message_key.in_(("said", "waits")))).all()
    assert {(row.message_key, row.state, str(row.body)) for row in rows} == {
        ("said", "sent", "{}"),
        ("waits", "superseded", "{}"),
    }


def test_slacks_copy_of_them_is_passed_over_until_they_come_back(lived):
    erase(lived)
    lived.clock.wait(100_000)
    refresh_people(lived.runtime)
    assert lived.count(Person, slack_id="ULUIS") == 0
    luis = lived.person("ULUIS")
    luis.types("CLEDGER", "/risk Another one")
    luis.submits(RISK)
    assert lived.count(Person, slack_id="ULUIS") == 1, "met as somebody new"
    with lived.database.read(1) as session:
        owners = session.scalars(select(Risk.owner_id).order_by(Risk.number)).all()
    assert owners[0] != owners[1]


def test_the_next_on_the_ladder_is_asked(lived):
    """As for somebody who was deactivated."""
    erase(lived)
    before = len(lived.person("ULUIS").direct_messages())
    lived.pass_time(days=8)
    assert len(lived.person("ULUIS").direct_messages()) == before


def test_two_erased_people_are_two(lived):
    erase(lived)
    erase(lived, "<@UJONAS>")
    with lived.database.read(1) as session:
        handles = session.scalars(select(Person.handle).where(Person.erased_at.is_not(None)).order_by(Person.handle))
        assert handles.all() == ["somebody", "somebody 2"]


@pytest.mark.parametrize("user", ["UKAVYA", "UGUEST", "UDANA"])
def test_who_is_no_admin_erases_nobody(lived, user):
    before = everything(lived.database)
    person = lived.person(user)
    assert "Only an admin" in person.types("CLEDGER", "/pm erase <@ULUIS>").text
    forged(lived, user, "erasure.erase", {"person": 1})
    assert everything(lived.database)["person"] == before["person"]


@pytest.mark.parametrize("words", ["", "@nobody", "<@UUNKNOWN>", "everyone", "<!channel>"])
def test_nobody_is_erased_by_a_wrong_word(lived, words):
    maya = lived.person("UMAYA")
    assert "I cannot find this person" in maya.types("CLEDGER", f"/pm erase {words}").text


def test_a_form_that_names_somebody_elses_person_erases_nobody(lived):
    _, theirs = install_neighbour(lived.database)
    before = everything(lived.database)["person"]
    forged(lived, "UMAYA", "erasure.erase", {"person": theirs["person"]})
    assert everything(lived.database)["person"] == before


def test_pressing_twice_erases_once(lived):
    erase(lived)
    with lived.database.read(1) as session:
        gone = session.scalars(select(Person.id).where(Person.erased_at.is_not(None))).one()
    forged(lived, "UMAYA", "erasure.erase", {"person": gone})
    assert lived.count(History, kind="person") == 1


def test_check_in_answers_lose_their_words(lived):
    with lived.database.everywhere() as session:
        ids = fill(session, 1)
        session.execute(
            update(CheckinAnswer)
            .where(CheckinAnswer.id == ids["checkin_answer"])
            .values(answers={"next": "secret plans"}, mood=3, state="answered")
        )
        person_id = session.scalar(select(CheckinAnswer.person_id).where(CheckinAnswer.id == ids["checkin_answer"]))
        handle = session.scalar(select(Person.handle).where(Person.id == person_id))
        session.execute(update(Decision).where(Decision.id == ids["decision"]).values(informed=[handle, "dana"]))
    erase(lived, f"@{handle}")
    with lived.database.read(1) as session:
        answer = session.get_one(CheckinAnswer, ids["checkin_answer"])
        assert (answer.answers, answer.mood) == (None, None) and answer.forgotten_at is not None
        assert session.get_one(Decision, ids["decision"]).informed == ["somebody", "dana"]


def test_an_operator_erases_from_a_shell(lived, monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("DATABASE_URL", lived.database.url)
    monkeypatch.chdir(tmp_path)
    assert main(["erase", "luis"]) == 2
    assert "Would erase" in capsys.readouterr().out and lived.count(Person, slack_id="ULUIS") == 1
    assert main(["erase", "luis", "--yes"]) == 0
    assert "Erased: luis" in capsys.readouterr().out
    assert lived.count(Person, slack_id="ULUIS") == 0
    assert main(["erase", "luis", "--yes"]) == 1
