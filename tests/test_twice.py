"""Slack delivers things twice, and people press at once: one record, one card, the same answer."""

import pytest
from sqlalchemy import select

from models.tables import Decision, HandledDelivery, History, Project, Risk
from tests.deliveries import at_once, caught
from tests.town import Town

SCORED = {"probability": "4", "impact": "5", "category": "vendor"}


def starts(town: Town, channel: str, words: str) -> int:
    return len([shown for shown in town.person("UMAYA").reads(channel) if shown["text"].startswith(words)])


def log_risk(town: Town, user: str = "UKAVYA") -> None:
    person = town.person(user)
    person.types("CLEDGER", "/risk Vendor slips the API")
    person.submits(SCORED | {"owner": "ULUIS"})


def test_a_command_delivered_twice_opens_one_form_and_says_nothing_of_it(town):
    town.refused.add("views.open")
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    again = town.sandbox.repeat_last_delivery()
    assert (again.text, again.error, len(luis.modals)) == ("", None, 1)


def test_a_command_that_shows_something_shows_the_same_again(town):
    log_risk(town)
    first = town.person("ULUIS").types("CLEDGER", "/pm R-1")
    assert town.sandbox.repeat_last_delivery().ack == first.ack


def test_a_submission_delivered_twice_at_once_is_saved_once(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    payload = caught(town, lambda: luis.submits(SCORED))
    first, second = at_once(town, payload, payload)
    assert first == second == "200 "
    assert (town.count(Risk), town.count(History, kind="risk", field="")) == (1, 1)
    assert starts(town, "CLEDGER", "New Extreme risk R-1") == 1
    assert starts(town, "CLEDGER", "New Extreme") == 1
    assert len([m for m in luis.reads("CLEDGER") if m["text"].startswith("Logged R-1")]) == 1


def test_a_press_delivered_twice_at_once_counts_once(town):
    log_risk(town)
    luis = town.person("ULUIS")
    card = town.card("CLEDGER", "New Extreme risk R-1")
    payload = caught(town, lambda: luis.presses(card, "risk.acknowledge"))
    first, second = at_once(town, payload, payload)
    assert first == second == "200 "
    assert town.count(History, field="acknowledged_at") == 1
    assert not [m for m in luis.reads("CLEDGER") if "already" in m["text"]], "a repeat is no second press"


def test_an_event_delivered_twice_at_once_is_told_of_once(town):
    payload = caught(town, lambda: town.person("UMAYA").invites_bot("CEMPTY"))
    first, second = at_once(town, payload, payload)
    assert first == second == "200 "
    greetings = [m for m in town.person("UMAYA").reads("CEMPTY") if m["user"] == town.sandbox.bot_user_id]
    assert len(greetings) == 1
    assert town.count(HandledDelivery, key=f"event:{payload['event_id']}") == 1


def test_a_refused_submission_can_be_corrected_and_sent_again(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    luis.submits(SCORED | {"next_review_on": "2020-01-01"})
    assert set(luis.form_errors) == {"next_review_on"}
    again = town.sandbox.repeat_last_delivery()
    assert again.ack["response_action"] == "errors"
    assert town.count(Risk) == 0
    luis.submits({"next_review_on": "2026-06-01"})
    assert (luis.form_errors, town.count(Risk)) == ({}, 1)


def test_the_owner_and_an_admin_acknowledge_at_once_and_it_is_recorded_once(town):
    log_risk(town)
    card = town.card("CLEDGER", "New Extreme risk R-1")
    people = [town.person("ULUIS"), town.person("UMAYA")]
    payloads = [caught(town, lambda person=person: person.presses(card, "risk.acknowledge")) for person in people]
    assert at_once(town, *payloads) == ["200 ", "200 "]
    assert town.count(History, field="acknowledged_at") == 1
    card = town.card("CLEDGER", "New Extreme risk R-1")
    assert "luis has it" in card["text"]
    assert starts(town, "CLEDGER", "New Extreme") == 1


def test_an_approver_who_decides_in_two_windows_at_once_decides_once(town):
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    kavya.types("CLEDGER", "/decision Cutover strategy")
    kavya.submits({"approver": "ULUIS"}, force=True)
    assert kavya.form_errors == {}
    card = town.card("CLEDGER", "Decision D-1")
    payloads = []
    for words in ("Because of the first reason", "Because of the second reason"):
        luis.presses(card, "decision.decide")
        payloads.append(caught(town, lambda words=words: luis.submits({"rationale": words})))
    answers = at_once(town, *payloads)
    assert sorted("errors" in answer for answer in answers) == [False, True], answers
    assert (town.count(Decision, status="accepted"), town.count(History, field="status")) == (1, 1)


def test_two_people_set_up_one_channel_at_once_and_it_is_set_up_once(town, caplog):
    payloads = []
    for user in ("UMAYA", "UDANA"):
        person = town.person(user)
        person.types("CFRAUD", "/pm setup Fraud Signals")
        payloads.append(caught(town, lambda person=person: person.submits({"target_on": "2026-05-22"})))
    answers = at_once(town, *payloads)
    assert town.count(Project, channel="CFRAUD") == 1
    assert sorted(answer == "200 " for answer in answers) == [False, True]


@pytest.mark.parametrize("command", ["/risk", "/decision"])
def test_many_who_log_at_once_get_numbers_without_gaps(town, command):
    people = [town.person(user) for user in ("ULUIS", "UKAVYA", "UMAYA", "UDANA")]
    payloads = []
    for person in people:
        person.types("CLEDGER", f"{command} Logged by {person.id}")
        answers = SCORED if command == "/risk" else {"approver": "ULUIS"}
        payloads.append(caught(town, lambda person=person, answers=answers: person.submits(answers, force=True)))
    assert set(at_once(town, *payloads)) == {"200 "}
    table = Risk if command == "/risk" else Decision
    with town.database.read(1) as session:
        assert sorted(session.scalars(select(table.number))) == [1, 2, 3, 4]
