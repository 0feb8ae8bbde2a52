"""A check-in in the message of somebody's day: asked there alone or among others, answered, skipped, quiet."""

import json
from datetime import UTC, datetime, timedelta

from tests.cards import buttons
from tests.checking_in import SAID, THURSDAY, WEDNESDAY, answers, blocker, parent, set_up, states, thread
from tests.town import Town

FRIDAY = datetime(2026, 4, 3, 14, tzinfo=UTC)


def the_day(town: Town, user: str):
    """The newest direct message that asks for the check-in."""
    found = [m for m in town.person(user).direct_messages() if "heck-in" in json.dumps(m)]
    assert found, [m["text"] for m in town.person(user).direct_messages()]
    return found[-1]


def test_a_day_with_nothing_else_is_one_message_that_asks_and_goes_quiet(town):
    set_up(town)
    town.play(WEDNESDAY)
    luis = town.person("ULUIS")
    [asked] = luis.direct_messages()
    assert asked["text"] == "Check-in for Ledger Migration: 3 questions, 2 minutes, open until 17:30 your time."
    assert buttons(asked)[:2] == ["checkin.answer", "checkin.skip"]
    luis.presses(asked, "checkin.answer")
    luis.submits(SAID)
    assert luis.form_errors == {}
    [done] = luis.direct_messages()
    assert "checkin.answer" not in buttons(done)
    assert "answered" in json.dumps(done)
    assert "1 of 3 answered" in parent(town)["blocks"][0]["text"]["text"]
    town.play(THURSDAY)
    assert len(luis.direct_messages()) == 1


def test_skipped_there_it_is_quiet_and_can_still_be_answered(town):
    set_up(town)
    town.play(WEDNESDAY)
    luis = town.person("ULUIS")
    asked = the_day(town, "ULUIS")
    luis.presses(asked, "checkin.skip")
    assert states(town)["luis"] == "skipped"
    assert "checkin.answer" not in buttons(the_day(town, "ULUIS"))
    answers(town, "ULUIS")
    assert states(town)["luis"] == "answered"


def test_what_stood_in_the_way_is_named_and_solved_there(town):
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker="No test data")
    town.play(FRIDAY)
    asked = the_day(town, "ULUIS")
    if "blocker.solve" not in buttons(asked):  # the status that is due that day asks in the same message
        assert "Answer the check-in of Ledger Migration" in json.dumps(asked)
        return
    assert "You were blocked: _No test data_, since Wed 1 Apr." in json.dumps(asked)
    town.person("ULUIS").presses(asked, "blocker.solve")
    assert blocker(town).solved_on is not None
    assert "blocker.solve" not in buttons(the_day(town, "ULUIS"))


def test_solved_from_the_message(town):
    set_up(town, days=["tue", "wed"])
    town.play(datetime(2026, 3, 31, 14, tzinfo=UTC))
    answers(town, "ULUIS", blocker="No test data")
    town.play(WEDNESDAY)
    asked = the_day(town, "ULUIS")
    assert "Yesterday you were blocked: _No test data_." in json.dumps(asked)
    luis = town.person("ULUIS")
    luis.presses(asked, "blocker.solve")
    assert blocker(town).solved_on is not None
    changed = the_day(town, "ULUIS")
    assert "blocker.solve" not in buttons(changed)
    assert "checkin.answer" in buttons(changed)
    assert len(luis.direct_messages()) == 1 or "solved" in json.dumps(luis.direct_messages())


def test_missed_it_leaves_the_message(town):
    set_up(town)
    town.play(WEDNESDAY)
    assert "checkin.answer" in buttons(the_day(town, "ULUIS"))
    town.play(THURSDAY)
    [left] = town.person("ULUIS").direct_messages()
    assert "checkin.answer" not in buttons(left)
    assert thread(town) == []


def test_the_home_asks_for_it_too(town):
    set_up(town)
    luis = town.person("ULUIS")
    luis.opens_home()
    town.play(WEDNESDAY)
    home = luis.home
    assert "check-in of Ledger Migration" in json.dumps(home)
    luis.presses("home", "checkin.answer")
    luis.submits(SAID)
    assert luis.form_errors == {}
    town.pass_time(minutes=1)
    assert "check-in of Ledger Migration" not in json.dumps(luis.home)


def test_one_message_a_day_for_two_check_ins(town):
    set_up(town)
    town.set_up_project("UDANA", "CFRAUD", "Fraud Signals")
    set_up(town, "UDANA", "CFRAUD", people=["UDANA", "ULUIS"], at="11:00")
    town.play(WEDNESDAY + timedelta(hours=2))
    asked = the_day(town, "ULUIS")
    assert buttons(asked).count("checkin.answer") == 2
