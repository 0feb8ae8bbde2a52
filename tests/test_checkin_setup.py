"""A channel's check-in: set up, shown, changed, paused, ended; by whom, and what is told at a wrong input."""

import json

import pytest
from sqlalchemy import select

from bot.services import checkin as checkins
from models.tables import Checkin, CheckinMember, History
from tests.asking import sqlite_only
from tests.cards import buttons
from tests.deliveries import at_once, caught
from tests.town import Town

GOOD = {"people": ["ULUIS", "UKAVYA", "UJONAS"], "days": ["mon", "wed", "fri"]}


def set_up(town: Town, user: str = "ULUIS", channel: str = "CLEDGER", **answers: object):
    person = town.person(user)
    person.types(channel, "/checkin")
    person.submits(GOOD | answers, force=True)
    return person


def card(town: Town, checkin_id: int = 1):
    with town.database.read(1) as session:
        return checkins.find(session, checkin_id)


def words(view) -> str:
    return json.dumps(view["blocks"][-1])


def test_a_channel_gets_its_check_in_from_one_form(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/checkin")
    assert luis.modal["title"]["text"] == "Set up a check-in"
    assert luis.modal["blocks"][0]["element"]["initial_users"] == ["ULUIS"]
    luis.fills(GOOD)
    assert "First round: Wed 1 Apr, 09:30. 3 people, 3 messages a week each" in words(luis.modal)
    luis.submits({})
    assert luis.form_errors == {}
    made = card(town)
    assert (made.team, made.channel, made.days, made.window_hours) == ("Ledger Migration", "CLEDGER", [1, 3, 5], 8)
    assert [person.handle for person in made.participants] == ["luis", "kavya", "jonas"]
    assert str(made.next_on) == "2026-04-01"
    with town.database.read(1) as session:
        row = session.scalars(select(Checkin)).one()
        assert row.next_step_at.isoformat() == "2026-04-01T04:00:00+00:00"  # 09:30 in Kolkata
        assert session.scalars(select(History).where(History.kind == "checkin")).one().new == "logged"
    receipt = luis.reads("CLEDGER")[-1]
    assert receipt["text"].startswith("The check-in of Ledger Migration is set up. Next round: Wed 1 Apr.")
    assert buttons(receipt) == ["checkin.show"]
    assert "UKAVYA" not in json.dumps(town.person("UKAVYA").reads("CLEDGER"))


def test_the_line_at_the_end_follows_what_is_chosen(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm checkin")
    luis.fills({"days": ["tue"], "at": "16:45", "zone": "Europe/Berlin", "options": ["everyone", "live"]})
    line = "First round: Tue 31 Mar, 16:45 Berlin. All members of the channel, 1 message a week each"
    assert line in words(luis.modal)
    luis.fills({"days": []})
    assert luis.modal["blocks"][-1]["type"] == "input"


def test_where_there_is_one_the_command_shows_it(town):
    luis = set_up(town)
    shown = luis.types("CLEDGER", "/checkin")
    assert shown.text.startswith("Check-in of Ledger Migration: Monday, Wednesday, Friday at 09:30, own time.")
    assert buttons(shown.shown[-1]) == ["checkin.edit", "checkin.pause", "checkin.end"]


@sqlite_only
@pytest.mark.parametrize(
    ("answers", "field", "said"),
    [
        ({"people": []}, "people", "Choose who takes part, or tick below that all members of the channel do."),
        ({"people": ["UGONE"]}, "people", "This person is not in the workspace any more. Choose someone else."),
        ({"people": ["UROBOT"]}, "people", "This is an app, not a person. Choose someone else."),
        ({"days": []}, "days", "Choose one day at least."),
        ({"at": None}, "at", "Choose a time, as 09:30."),
        ({"questions": "   \n "}, "questions", "Write at least one question. The last one is about blockers."),
        ({"questions": "a b c\n" * 5}, "questions", "These are 5 questions. Ask at most 4."),
        (
            {"observers": ["UKAVYA"]},
            "observers",
            "Who takes part reads along anyway: take kavya away here, or above.",
        ),
        ({"observers": ["UGONE"]}, "observers", "This person is not in the workspace any more. Choose someone else."),
    ],
)
def test_wrong_input_is_told_at_its_field_and_can_be_corrected(town, answers, field, said):
    luis = set_up(town, **answers)
    assert luis.form_errors == {field: said}
    assert town.count(Checkin) == 0
    luis.submits({**GOOD, "at": "09:30", "questions": "What is in your way?", "observers": []})
    assert luis.form_errors == {}
    assert town.count(Checkin) == 1


@sqlite_only
@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("window_hours", "5", "Choose how long it is open."),
        ("zone", "Mars/Olympus", "I do not know this time zone. Choose another."),
        ("questions", "&" * 601, "Write at least one question. The last one is about blockers."),
    ],
)
def test_what_no_client_would_send_is_refused_at_its_field_too(town, field, text, said):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/checkin")
    luis.fills(GOOD)
    assert town.submit_unchecked("ULUIS", {field: text}) == {"response_action": "errors", "errors": {field: said}}
    assert town.count(Checkin) == 0


@sqlite_only
def test_guests_and_direct_messages_set_none_up(town):
    said = town.person("UGUEST").types("CLEDGER", "/checkin").text
    assert said.startswith("Guests answer check-ins, and set none up")
    payload = caught(town, lambda: town.person("ULUIS").types("CLEDGER", "/checkin"))
    said = town.deliver("slash", payload | {"channel_id": "DLUIS", "channel_name": "directmessage"})
    assert said["text"].startswith("A check-in belongs to a channel.")
    assert town.count(Checkin) == 0


def test_two_who_set_one_up_at_once_make_one(town):
    luis, kavya = town.person("ULUIS"), town.person("UKAVYA")
    for person in (luis, kavya):
        person.types("CLEDGER", "/checkin")
    payloads = [caught(town, lambda person=person: person.submits(GOOD)) for person in (luis, kavya)]
    answers = at_once(town, *payloads)
    assert town.count(Checkin) == 1
    assert sum("Somebody set one up here a moment ago" in answer for answer in answers) == 1


def test_a_repeated_delivery_makes_no_second_one(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/checkin")
    payload = caught(town, lambda: luis.submits(GOOD))
    assert len(set(at_once(town, payload, payload))) == 1
    assert town.count(Checkin) == 1
    assert town.count(CheckinMember) == 3


def test_a_check_in_is_changed_with_history_and_from_the_next_round_on(town):
    luis = set_up(town)
    kavya = town.person("UKAVYA")
    kavya.presses(kavya.types("CLEDGER", "/checkin").shown[-1], "checkin.edit")
    assert kavya.modal["title"]["text"] == "Edit the check-in"
    kavya.submits({"days": ["tue"], "at": "10:15", "people": ["ULUIS", "URUBY"], "options": ["mood"]})
    assert kavya.form_errors == {}
    made = card(town)
    assert (made.days, f"{made.at:%H:%M}", made.mood, made.live) == ([2], "10:15", True, False)
    assert [person.handle for person in made.participants] == ["luis", "ruby"]
    assert str(made.next_on) == "2026-03-31"
    with town.database.read(1) as session:
        changed = {row.field for row in session.scalars(select(History).where(History.kind == "checkin"))}
    assert changed == {"", "days", "at", "participant", "mood", "live", "questions"}
    assert luis.types("CLEDGER", "/checkin").text.startswith("Check-in of Ledger Migration: Tuesday at 10:15")


def test_two_who_change_it_overwrite_nothing_unseen(town):
    set_up(town)
    luis, kavya = town.person("ULUIS"), town.person("UKAVYA")
    for person in (luis, kavya):
        person.presses(person.types("CLEDGER", "/checkin").shown[-1], "checkin.edit")
    kavya.submits({"days": ["tue"], "at": "11:00", "options": ["mood", "live"]})
    luis.submits({"days": ["thu"]})
    told = json.dumps(luis.modal)
    assert "changed" in told
    assert "Tuesday" in told
    assert card(town).days == [2]
    luis.submits({})
    made = card(town)
    assert (made.days, f"{made.at:%H:%M}", made.mood) == ([4], "11:00", True)


def test_paused_resumed_and_ended(town):
    luis = set_up(town)
    shown = luis.types("CLEDGER", "/checkin").shown[-1]
    luis.presses(shown, "checkin.pause")
    paused = luis.reads("CLEDGER")[-1]
    assert paused["text"].startswith("Check-in of Ledger Migration, paused")
    assert card(town).next_on is None
    luis.presses(paused, "checkin.resume")
    assert str(card(town).next_on) == "2026-04-01"
    again = caught(town, lambda: luis.presses(luis.reads("CLEDGER")[-1], "checkin.pause"))
    luis.presses(luis.reads("CLEDGER")[-1], "checkin.end")
    assert luis.reads("CLEDGER")[-1]["text"].startswith("Check-in of Ledger Migration, ended")
    town.deliver("interactive", again)
    assert "The check-in of Ledger Migration has ended." in luis.reads("CLEDGER")[-1]["text"]
    luis.types("CLEDGER", "/checkin")
    luis.submits(GOOD)
    assert luis.form_errors == {}
    assert [card(town, number).state.value for number in (1, 2)] == ["ended", "active"]


def test_a_form_that_is_open_while_it_ends_says_so(town):
    set_up(town)
    luis, kavya = town.person("ULUIS"), town.person("UKAVYA")
    shown = luis.types("CLEDGER", "/checkin").shown[-1]
    luis.presses(shown, "checkin.edit")
    kavya.presses(kavya.types("CLEDGER", "/checkin").shown[-1], "checkin.end")
    luis.submits({"days": ["tue"]})
    assert "was ended meanwhile" in json.dumps(luis.form_errors)


@sqlite_only
def test_a_channel_of_no_project_has_one_too(town):
    town.sandbox.add_channel("CTEAM", "crew", ["ULUIS", "UKAVYA", town.sandbox.bot_user_id])
    set_up(town, channel="CTEAM", people=["ULUIS"])
    assert card(town).team == "#crew"
    set_up(town, channel="CSECRET", people=["ULUIS"])
    assert card(town, 2).team == "this channel"


@sqlite_only
def test_it_is_seen_in_its_own_channel_alone(town):
    luis = set_up(town)
    shown = luis.types("CLEDGER", "/checkin").shown[-1]
    payload = caught(town, lambda: luis.presses(shown, "checkin.edit"))
    payload["channel"] = {"id": "CPROG", "name": "prg-nova"}
    payload["container"]["channel_id"] = "CPROG"
    town.deliver("interactive", payload)
    assert "I cannot find this check-in here" in luis.reads("CLEDGER")[-1]["text"]


@sqlite_only
@pytest.mark.parametrize("typed", ["<!channel> <b> & co?", "<@UMAYA> blocked <https://evil.example|x>?"])
def test_questions_are_shown_as_typed_and_ping_nobody(town, typed):
    luis = set_up(town, questions=f"{typed}\nWhat is in your way?")
    assert luis.form_errors == {}
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = luis.types("CLEDGER", "/checkin")
    assert escaped in json.dumps(shown.shown[-1]["blocks"], ensure_ascii=False)
