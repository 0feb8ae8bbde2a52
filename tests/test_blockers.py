"""What stands in the way: asked about until it is solved, linked to what is there, logged in one press."""

import json
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from models.tables import Blocker, Dependency, Issue, Risk
from tests.asking import sqlite_only
from tests.cards import buttons
from tests.checking_in import TEAM, THURSDAY, WEDNESDAY, answers, blocker, opens, parent, set_up, thread
from tests.deliveries import at_once, caught
from tests.town import Town

TEXT = "Waiting for the vendor's API key"
FRIDAY, SATURDAY = datetime(2026, 4, 3, 14, tzinfo=UTC), datetime(2026, 4, 4, 3, tzinfo=UTC)


@pytest.fixture
def summed_up(town: Town) -> Town:
    """A round that has ended, with a blocker of luis."""
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker=TEXT)
    town.play(THURSDAY)
    return town


def summary(town: Town):
    found = [message for message in thread(town) if message["text"].startswith("Check-in ")]
    assert found, [message["text"] for message in thread(town)]
    return found[-1]


def row(town: Town) -> str:
    return summary(town)["blocks"][1]["text"]["text"]


def log_risk(town: Town, line: str = "/risk Vendor slips the API key p4 i4 by Friday #vendor", user: str = "UJONAS"):
    town.person(user).types("CLEDGER", line)


def test_the_summary_puts_what_stands_in_the_way_first(summed_up):
    shown = summary(summed_up)
    assert shown["text"] == f"Check-in Wed 1 Apr: 1 blocker. luis: {TEXT}."
    assert shown["blocks"][0]["text"]["text"] == "*1 blocker*"
    assert row(summed_up) == f":no_entry: *{TEXT}* · luis, since today\nNothing similar is logged"
    assert buttons(shown) == ["blocker.risk", "blocker.issue", "blocker.dependency", "blocker.more"]
    assert shown["blocks"][-2]["text"]["text"] == "*luis*\nDone: Graded 40 answers\nNext: Second round"
    assert shown["blocks"][-1]["elements"][0]["text"] == "1 of 3 answered · nobody away · mood is not asked"
    assert "1 blocker,* 1 of 3 answered" in parent(summed_up)["blocks"][0]["text"]["text"]


def test_the_likeliest_record_is_linked_with_one_press(town):
    log_risk(town)
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker=TEXT)
    town.play(THURSDAY)
    shown = summary(town)
    assert "Looks like <https://" in row(town)
    assert "|R-1> Vendor slips the API key: new, Ledger Migration" in row(town)
    assert buttons(shown) == ["blocker.link", "blocker.risk", "blocker.issue", "blocker.more"]
    kavya = town.person("UKAVYA")
    again = caught(town, lambda: kavya.presses(shown, "blocker.link"))
    kavya.presses(shown, "blocker.link")
    assert "|R-1> Vendor slips the API key by kavya" in row(town)
    assert blocker(town).record_kind == "risk"
    again["user"]["id"] = "UJONAS"
    town.deliver("interactive", again)
    assert "by kavya" in row(town)
    assert len(thread(town)) == 2


def test_records_of_other_teams_are_found_but_none_of_restricted_ones(town):
    maya = town.person("UMAYA")
    maya.types("CSECRET", "/pm setup Secret vendor work")
    maya.submits({"target_on": "2026-06-30"})
    maya.types("CSECRET", "/risk Vendor's API key leaks p4 i4 by Friday #vendor")
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker=TEXT)
    town.play(THURSDAY)
    assert "Nothing similar is logged" in row(town)
    town.set_up_project("UDANA", "CFRAUD", "Fraud Signals")
    town.person("UDANA").types("CFRAUD", "/pm issue The vendor's API key is expired")
    town.person("UDANA").submits({"severity": "sev3", "owner": "UDANA"})
    town.play(FRIDAY)
    luis = opens(town, "ULUIS")
    luis.submits({"next": "More"})
    town.play(SATURDAY)
    assert "|I-1> The vendor's API key is expired: open, Fraud Signals" in row(town)


def test_it_becomes_a_risk_in_one_press_and_links_back(summed_up):
    town = summed_up
    kavya = town.person("UKAVYA")
    kavya.presses(summary(town), "blocker.risk")
    title = next(block for block in kavya.modal["blocks"] if block.get("block_id") == "title")
    assert title["element"]["initial_value"] == TEXT
    kavya.submits({"probability": "3", "impact": "3", "category": "vendor"})
    assert kavya.form_errors == {}
    assert f"Linked to R-1 {TEXT} by kavya" in row(town)
    with town.database.read(1) as session:
        logged = session.scalars(select(Risk)).one()
    reply = thread(town)[0]
    assert f"/p{reply['ts'].replace('.', '')}" in logged.source_url
    assert buttons(summary(town)) == []
    assert summary(town)["blocks"][1]["accessory"]["action_id"] == "blocker.solve"


def test_it_becomes_an_issue(summed_up):
    kavya = summed_up.person("UKAVYA")
    kavya.presses(summary(summed_up), "blocker.issue")
    kavya.submits({"severity": "sev3"})
    assert kavya.form_errors == {}
    assert f"Linked to I-1 {TEXT} by kavya" in row(summed_up)
    assert summed_up.count(Issue) == 1


def test_it_becomes_a_dependency_which_is_proposed(summed_up):
    town = summed_up
    town.set_up_project("UDANA", "CFRAUD", "Fraud Signals")
    kavya = town.person("UKAVYA")
    kavya.presses(summary(town), "blocker.dependency")
    projects = {
        option["text"]["text"]: option["value"]
        for block in kavya.modal["blocks"]
        if block.get("block_id") == "give_project"
        for option in block["element"]["options"]
    }
    kavya.submits({"give_project": projects["Fraud Signals"], "needed_by": "2026-04-20"})
    assert kavya.form_errors == {}
    with town.database.read(1) as session:
        made = session.scalars(select(Dependency)).one()
    assert (made.number, made.title, made.state, made.needed_by) == (1, TEXT, "proposed", date(2026, 4, 20))
    assert f"Linked to DEP-1 {TEXT} by kavya" in row(town)


@sqlite_only
@pytest.mark.parametrize(
    ("values", "errors"),
    [
        ({"needed_by": None}, {"needed_by": "Choose a date."}),
        ({}, {"give_project": "Say who provides it: a project, or a name."}),
        ({"give_name": "x"}, {"give_name": "Name who provides it in 2 to 80 characters."}),
        ({"title": "abc"}, {"title": "Say what is needed in 5 to 150 characters."}),
        (
            {"needed_by": "2026-03-01"},
            {"needed_by": "This date is past. Choose Wed 1 Apr 2026 or later."},
        ),
        ({"give_project": "same"}, {"give_project": "A project cannot depend on itself. Choose another."}),
    ],
)
def test_a_dependency_that_cannot_be_is_told_at_its_field(summed_up, values, errors):
    kavya = summed_up.person("UKAVYA")
    kavya.presses(summary(summed_up), "blocker.dependency")
    fields = {block.get("block_id"): block for block in kavya.modal["blocks"]}
    same = fields["get_project"]["element"]["options"][0]["value"]
    given = {"needed_by": "2026-04-20", **values}
    kavya.submits({name: same if value == "same" else value for name, value in given.items()}, force=True)
    if "needed_by" in errors and errors["needed_by"].startswith("This"):
        assert kavya.form_errors["needed_by"].startswith("This date is past. Choose ")
    else:
        assert kavya.form_errors == errors
    assert summed_up.count(Dependency) == 0
    kavya.submits({"title": TEXT, "needed_by": "2026-04-20", "give_project": None, "give_name": "The vendor"})
    assert kavya.form_errors == {}
    assert summed_up.count(Dependency) == 1


def test_it_is_asked_about_again_until_it_is_solved(town):
    """For a week: named on Wednesday, still there on Friday, solved on Monday, gone on Wednesday."""
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker=TEXT)
    town.play(FRIDAY)
    luis = opens(town, "ULUIS")
    choice = next(block for block in luis.modal["blocks"] if block.get("block_id") == "blocker_state.1")
    assert choice["label"]["text"] == f"{TEXT}, since Wed 1 Apr"
    assert luis.modal["blocks"][-1]["label"]["text"] == "Anything else in your way?"
    luis.submits({"next": "More", "blocker": "No test data"})
    assert "2 blockers,* 1 of 3" in parent(town)["blocks"][0]["text"]["text"]
    assert blocker(town).last_said_on == date(2026, 4, 3)
    town.play(SATURDAY)
    assert "since Wed 1 Apr" in row(town)
    town.play(datetime(2026, 4, 6, 14, tzinfo=UTC))
    luis = opens(town, "ULUIS")
    luis.submits({"next": "More", "blocker_state.1": "solved"})
    assert luis.form_errors == {}
    assert "1 blocker,* 1 of 3" in parent(town)["blocks"][0]["text"]["text"]
    assert blocker(town).solved_on == date(2026, 4, 6)
    friday = [m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Check-in Fri 3 Apr")][-1]
    turned = town.person("UMAYA").thread("CLEDGER", friday["ts"])[-1]
    assert "Solved by luis, Mon 6 Apr" in json.dumps(turned)
    town.play(datetime(2026, 4, 8, 14, tzinfo=UTC))
    asked = [block.get("block_id") for block in opens(town, "ULUIS").modal["blocks"]]
    assert "blocker_state.1" not in asked
    assert "blocker_state.2" in asked


def test_anybody_in_the_channel_marks_it_solved_and_twice_is_once(summed_up):
    town = summed_up
    kavya, jonas = town.person("UKAVYA"), town.person("UJONAS")
    presses = [
        caught(town, lambda person=person: person.presses(summary(town), "blocker.more", option="solve:1"))
        for person in (kavya, jonas)
    ]
    at_once(town, *presses)
    shown = row(town)
    assert shown.startswith(f":white_check_mark: *{TEXT}* · luis\nSolved by ")
    assert "no blockers,* 1 of 3 answered" in parent(town)["blocks"][0]["text"]["text"]
    assert "(solved)" in json.dumps(thread(town)[0])
    with town.database.read(1) as session:
        assert session.scalars(select(Blocker)).one().version == 2


def test_solved_in_an_answer_and_by_a_press_at_once_nobody_waits_in_a_circle(town):
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker=TEXT)
    answers(town, "UJONAS", blocker="No test data")
    town.play(FRIDAY)
    wednesday = [m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Check-in Wed 1 Apr")][-1]
    old = town.person("UMAYA").thread("CLEDGER", wednesday["ts"])[-1]
    rows = [block["block_id"] for block in old["blocks"] if block["type"] == "actions"]
    luis, jonas, kavya = opens(town, "ULUIS"), opens(town, "UJONAS"), town.person("UKAVYA")
    payloads = [
        caught(town, lambda: luis.submits({"next": "More", "blocker_state.1": "solved"})),
        caught(town, lambda: jonas.submits({"finished": "All", "next": "More", "blocker_state.2": "solved"})),
        caught(town, lambda: kavya.presses(old, "blocker.more", option="solve:1", block_id=rows[0])),
        caught(town, lambda: kavya.presses(old, "blocker.risk", block_id=rows[1])),
    ]
    said = at_once(town, *payloads)
    assert not [answer for answer in said if "That did not work" in answer or "not_saved" in answer]
    assert blocker(town, 1).solved_on is not None
    town.play(SATURDAY)
    assert "no blockers" in parent(town)["blocks"][0]["text"]["text"] or blocker(town, 2).solved_on is not None


@sqlite_only
def test_guests_solve_their_own_alone(town):
    set_up(town, people=["UGUEST", *TEAM])
    town.play(WEDNESDAY)
    answers(town, "UGUEST", blocker="No badge")
    answers(town, "ULUIS", blocker=TEXT)
    town.play(THURSDAY)
    guest = town.person("UGUEST")
    shown = summary(town)
    own, other = (block["block_id"] for block in shown["blocks"] if block["type"] == "actions")
    guest.presses(shown, "blocker.risk", block_id=own)
    assert guest.reads("CLEDGER")[-1]["text"].startswith("Guests cannot change B-1")
    guest.presses(shown, "blocker.more", option="solve:2", block_id=other)
    assert guest.reads("CLEDGER")[-1]["text"].startswith("Guests cannot change B-2")
    guest.presses(shown, "blocker.more", option="solve:1", block_id=own)
    assert blocker(town).solved_on is not None
    assert blocker(town, 2).solved_on is None


@sqlite_only
def test_a_form_of_what_was_solved_meanwhile_says_so(town):
    set_up(town)
    town.play(WEDNESDAY)
    answers(town, "ULUIS", blocker=TEXT)
    town.play(FRIDAY)
    luis = opens(town, "ULUIS")
    wednesday = [m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("Check-in Wed 1 Apr")][-1]
    old = town.person("UMAYA").thread("CLEDGER", wednesday["ts"])[-1]
    town.person("UKAVYA").presses(old, "blocker.more", option="solve:1")
    luis.submits({"finished": "All of it", "next": "More"})
    assert "changed" in json.dumps(luis.modal)
    assert "All of it" in json.dumps(luis.modal["state"])
    luis.submits({})
    assert luis.form_errors == {}
    assert "All of it" in json.dumps(thread(town))


@sqlite_only
def test_in_a_private_channel_the_form_says_who_will_read_it_and_keeps_no_link_elsewhere(town):
    luis = town.person("ULUIS")
    luis.types("CSECRET", "/pm setup Secret work")
    luis.submits({"target_on": "2026-06-30"})
    set_up(town, channel="CSECRET", people=["ULUIS", "UMAYA"])
    town.play(WEDNESDAY)
    answers(town, "ULUIS", "CSECRET", blocker=TEXT)
    town.play(THURSDAY)
    found = [m for m in thread(town, "CSECRET") if m["text"].startswith("Check-in ")][-1]
    luis.presses(found, "blocker.risk")
    assert "This came from a private conversation. Its members will read what you leave here." in json.dumps(luis.modal)
    luis.submits({"probability": "3", "impact": "3", "category": "vendor"})
    with town.database.read(1) as session:
        assert session.scalars(select(Risk)).one().source_url is not None
