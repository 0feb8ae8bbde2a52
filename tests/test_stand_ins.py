"""Who covers for somebody absent answers what is asked of them: decides, acknowledges, reviews, posts; no more."""

from datetime import UTC, datetime

import pytest

from bot.services import people, stand_ins
from models.tables import Decision, History, Risk, StatusUpdate
from tests.asking import sqlite_only
from tests.cards import act_on
from tests.deliveries import caught
from tests.town import MONDAY, Town

TODAY = "30 Mar to 10 Apr"


def is_away(town: Town, user: str, covers: str, days: str = TODAY) -> None:
    handle = town.person(user)
    told = handle.types("CLEDGER", f"/pm away {days} <@{covers}> covers")
    assert "away" in told.text, told.text


def stands_in(town: Town, user: str, at: datetime = MONDAY) -> set[str]:
    with town.database.read(1) as session:
        found = stand_ins.stands_in_for(session, people.by_slack_id(session, user).id, now=at)
        return {str(card.slack_id) for card in people.cards(session, found).values()}


def test_chains_count_and_circles_do_not(town):
    is_away(town, "ULUIS", "UJONAS")
    is_away(town, "UJONAS", "UKAVYA")
    assert (stands_in(town, "UKAVYA"), stands_in(town, "UJONAS")) == ({"ULUIS", "UJONAS"}, set())
    is_away(town, "UKAVYA", "ULUIS")
    assert stands_in(town, "UKAVYA") | stands_in(town, "ULUIS") | stands_in(town, "UJONAS") == set()


def test_it_ends_with_the_absent_persons_first_day_back(town):
    is_away(town, "URUBY", "ULUIS", "Wed 1 Apr")
    in_sydney = datetime(2026, 3, 31, 13, 30, tzinfo=UTC)  # 1 April there
    assert stands_in(town, "ULUIS", in_sydney) == {"URUBY"}
    first_day_back, day_after = (datetime(2026, 4, day, 22, tzinfo=UTC) for day in (1, 2))
    assert stands_in(town, "ULUIS", first_day_back) == {"URUBY"}, "they were asked, and may still answer"
    assert stands_in(town, "ULUIS", day_after) == set()


def decision(town: Town, approver: str = "UDANA", user: str = "ULUIS") -> None:
    person = town.person(user)
    person.types("CLEDGER", "/decision Cutover strategy")
    person.submits({"approver": approver}, force=True)
    assert person.form_errors == {}


def test_whoever_covers_for_the_approver_decides_and_card_and_history_say_for_whom(town):
    decision(town)
    is_away(town, "UDANA", "UKAVYA")
    kavya = town.person("UKAVYA")
    kavya.presses(town.card("CLEDGER", "Decision D-1"), "decision.decide")
    kavya.submits({"rationale": "It is the quickest that we have"})
    assert kavya.form_errors == {}
    card = town.card("CLEDGER", "Decided")
    assert "*By* kavya for dana, Mon 30 Mar" in str(card["blocks"])
    told = kavya.types("CLEDGER", "/pm D-1")
    thread = [message["text"] for message in kavya.thread("CLEDGER", card["ts"])]
    assert any("kavya for dana: State Decided" in text for text in thread), thread
    assert "kavya for dana" in str(told.shown)
    assert town.count(Decision, status="accepted") == 1


@pytest.mark.parametrize(
    ("action", "answers", "status"),
    [
        ("reject", {"reason": "It is not worth its price"}, "rejected"),
        ("defer", {"reason": "The figures are not there yet", "due_on": "2026-05-04"}, "deferred"),
    ],
)
def test_it_is_rejected_or_deferred_likewise(town, action, answers, status):
    decision(town)
    is_away(town, "UDANA", "UKAVYA")
    act_on(town, town.card("CLEDGER", "Decision D-1"), "decision", action, "UKAVYA", answers)
    assert town.count(Decision, status=status) == 1
    assert town.count(History, kind="decision", field="instead_of_id") == 1


def test_before_and_after_they_decide_nothing(town):
    decision(town)
    is_away(town, "UDANA", "UKAVYA", "1 Apr to 2 Apr")
    kavya = town.person("UKAVYA")
    kavya.presses(town.card("CLEDGER", "Decision D-1"), "decision.decide")
    assert kavya.reads("CLEDGER")[-1]["text"].startswith("You cannot decide D-1")
    assert not kavya.modals


def test_an_owners_stand_in_acknowledges_and_reviews_and_does_not_rewrite(town):
    town.person("UMAYA").types("CLEDGER", "/risk Vendor slips the API p4 i5 <@ULUIS|luis> by Friday")
    is_away(town, "ULUIS", "UKAVYA")
    kavya = town.person("UKAVYA")
    kavya.presses(town.card("CLEDGER", "New Extreme risk R-1"), "risk.acknowledge")
    assert not kavya.modals  # the rest of the form is not theirs to fill in
    assert town.count(Risk, acknowledged_at=None) == 0
    said = {"statement": "Given that the vendor is late, the pilot may slip", "response_strategy": None}
    act_on(town, town.card("CLEDGER", "New Extreme risk R-1"), "risk", "assess", "UMAYA", said)
    kavya.types("CLEDGER", "/pm R-1")
    shown = kavya.reads("CLEDGER")[-1]
    kavya.presses(shown, "risk.review")
    kavya.submits({"next_review_on": "2026-04-17"})
    assert kavya.form_errors == {}
    assert town.count(History, kind="risk", field="instead_of_id") == 2
    kavya.presses(shown, "risk.edit")
    assert kavya.reads("CLEDGER")[-1]["text"].startswith("You cannot edit R-1")


def test_the_status_is_posted_by_who_covers_and_says_for_whom(town):
    is_away(town, "ULUIS", "UKAVYA")
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/update Cutover rehearsed twice")
    kavya.submits({"health": "green"})
    assert kavya.form_errors == {}
    card = town.card("CLEDGER", "Ledger Migration is Green")
    assert "kavya for luis, " in str(card["blocks"][-1])
    assert town.count(StatusUpdate) == 1


def test_of_a_restricted_project_in_its_own_channel(town):
    town.restrict()
    town.person("ULUIS").types("CPROG", f"/pm away {TODAY} <@UKAVYA> covers")
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/update Cutover rehearsed twice")
    kavya.submits({"health": "green"})
    assert kavya.form_errors == {}
    assert town.count(StatusUpdate) == 1


def test_covering_shows_no_restricted_project_to_whom_is_not_in_its_channel(town):
    """An admin, or the manager of another program, may set somebody's days off and name themselves as the cover."""
    town.restrict()
    town.person("ULUIS").types("CLEDGER", "/risk Vendor slips the API p4 i5 <@ULUIS|luis> by Friday")
    town.sandbox.workspace.world.channels["CLEDGER"].members.remove("UKAVYA")
    town.person("ULUIS").types("CPROG", f"/pm away {TODAY} <@UKAVYA> covers")
    kavya = town.person("UKAVYA")
    assert kavya.types("CPROG", "/pm R-1").text.startswith("I cannot find R-1")
    kavya.opens_home()
    press = caught(town, lambda: kavya.presses("home", "status.open"))
    press["actions"][0]["value"] = "project:1"
    town.deliver("interactive", press)
    assert not kavya.modals
    assert "I cannot find this project" in kavya.direct_messages()[-1]["text"]


@sqlite_only
def test_a_guest_or_a_manager_needs_no_stand_in_words(town):
    """maya may post as the manager: nobody is named in her place."""
    is_away(town, "ULUIS", "UMAYA")
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/update Cutover rehearsed twice")
    maya.submits({"health": "green"})
    assert " for luis" not in str(town.card("CLEDGER", "Ledger Migration is Green")["blocks"][-1])
