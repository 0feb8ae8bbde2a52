"""Two people have forms of one record open: what one saved is not overwritten unseen by the other."""

import copy
import json
from typing import Any

import pytest

from bot.services import decision as decisions
from bot.services import people, places
from bot.services import risk as risks
from models.schemas.decision import DecisionStatus
from tests.deliveries import at_once, caught
from tests.test_two_at_once import chosen, filled
from tests.town import Town

HOSTILE = "<!channel> <b> & co"


def log(town: Town) -> None:
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "2", "impact": "3", "category": "vendor", "owner": "UKAVYA"})


def opens(town: Town, user: str, act: str) -> None:
    town.deliver("interactive", chosen(town, user, act))
    assert town.person(user).modal


def risk(town: Town) -> Any:
    with town.database.read(1) as session:
        return risks.find(session, 1)


def decision(town: Town) -> Any:
    with town.database.read(1) as session:
        return decisions.find(session, 1)


def note(town: Town, user: str) -> str:
    first, second, *_ = town.person(user).modal["blocks"]
    return f"{first['text']['text']}\n{second['text']['text']}" if first.get("block_id") == "changed_meanwhile" else ""


def field(town: Town, user: str, name: str) -> str:
    """The block that holds it now."""
    return next(
        block["block_id"]
        for block in town.person(user).modal["blocks"]
        if str(block.get("block_id", "")).partition("@")[0] == name
    )


def test_what_nobody_else_changed_is_saved_at_once(town):
    log(town)
    opens(town, "UMAYA", "edit")
    town.person("UMAYA").submits({"title": "Vendor slips its API"})
    assert not town.person("UMAYA").modals
    assert risk(town).title == "Vendor slips its API"


def test_who_saves_later_is_told_what_changed_and_loses_nothing(town):
    log(town)
    maya, luis = town.person("UMAYA"), town.person("ULUIS")
    opens(town, "UMAYA", "edit")
    opens(town, "ULUIS", "edit")
    luis.submits({"title": f"Vendor slips {HOSTILE}", "impact": "5", "statement": "The vendor told us so"})
    assert not luis.modals
    maya.submits({"title": "The vendor is late", "trigger": "No build by May"})
    assert risk(town).title == f"Vendor slips {HOSTILE}", "nothing is saved yet"
    told = note(town, "UMAYA")
    assert "R-1 was changed while this form was open" in told
    assert "What could happen?, now: Vendor slips &lt;!channel&gt; &lt;b&gt; &amp; co" in told
    assert "• Impact\n" in told
    assert "P2 × I5" in json.dumps(maya.modal, ensure_ascii=False), "the score is that of what stands in the form"
    maya.submits()
    assert not maya.modals
    saved = risk(town)
    assert (saved.title, saved.impact, saved.statement, saved.trigger) == (
        "The vendor is late",
        5,
        "The vendor told us so",
        "No build by May",
    )


def test_a_field_that_was_emptied_meanwhile_stays_empty_unless_it_was_touched(town):
    log(town)
    maya = town.person("UMAYA")
    opens(town, "UMAYA", "edit")
    maya.submits({"trigger": "No build by May"})
    opens(town, "UMAYA", "edit")
    opens(town, "ULUIS", "edit")
    town.person("ULUIS").submits({"trigger": ""})
    maya.submits({"title": "The vendor is late"})
    assert "Which sign do you watch?" in note(town, "UMAYA")
    maya.submits()
    assert (risk(town).title, risk(town).trigger) == ("The vendor is late", None)


def test_what_is_wrong_in_the_form_is_told_afterwards(town):
    log(town)
    maya = town.person("UMAYA")
    opens(town, "UMAYA", "edit")
    opens(town, "ULUIS", "edit")
    town.person("ULUIS").submits({"impact": "5"})
    maya.submits({"cost_impact": "many"})
    assert note(town, "UMAYA")
    maya.submits()
    assert list(maya.form_errors) == ["cost_impact"]
    maya.submits({"cost_impact": "1000", field(town, "UMAYA", "impact"): "4"})
    assert (risk(town).cost_impact, risk(town).impact) == (100_000, 4)


def test_a_state_that_moved_on_meanwhile_is_no_reason_to_ask_again(town):
    log(town)
    opens(town, "UMAYA", "edit")
    town.deliver("interactive", chosen(town, "UKAVYA", "acknowledge"))
    town.person("UMAYA").submits({"title": "The vendor is late"})
    assert (not town.person("UMAYA").modals, risk(town).title) == (True, "The vendor is late")


def test_two_who_save_in_the_same_instant_do_not_overwrite_each_other(town):
    log(town)
    for number in range(4):
        maya = filled(town, "UMAYA", "edit", {"title": f"Vendor slips {number}"})
        luis = filled(town, "ULUIS", "edit", {"impact": str(2 + number % 3)})
        at_once(town, maya, luis)
        saved = risk(town)
        waiting = [user for user in ("UMAYA", "ULUIS") if town.person(user).modals]
        assert (saved.title == f"Vendor slips {number}") + (saved.impact == 2 + number % 3) >= 1
        for user in waiting:
            town.person(user).closes()


def test_two_who_change_a_project_keep_each_others_words(town):
    maya, luis = town.person("UMAYA"), town.person("ULUIS")
    maya.types("CLEDGER", "/pm setup")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"name": f"Ledger {HOSTILE}", "backup": "UJONAS"})
    maya.submits({"name": "Ledger Move", "target_on": "2026-06-30"})
    assert "Ledger &lt;!channel&gt; &lt;b&gt; &amp; co was changed while this form was open" in note(town, "UMAYA")
    maya.submits()
    assert (maya.modals, maya.form_errors) == ([], {})
    with town.database.read(1) as session:
        place = places.of_channel(session, "CLEDGER")
        backup = people.by_slack_id(session, "UJONAS")
    assert (place.name, str(place.target_on), place.backup_id) == ("Ledger Move", "2026-06-30", backup.id)


def test_two_who_change_a_program_keep_each_others_words(town):
    maya, dana = town.person("UMAYA"), town.person("UDANA")
    maya.types("CPROG", "/pm setup")
    dana.types("CPROG", "/pm setup")
    dana.submits({"risk_matrix": "nzta"})
    maya.submits({"name": "Payments"})
    assert note(town, "UMAYA")
    maya.submits()
    with town.database.read(1) as session:
        place = places.of_channel(session, "CPROG")
    assert (place.name, place.risk_matrix) == ("Payments", "nzta")


@pytest.fixture
def deciding(town: Town) -> Town:
    """A decision of luis's between two ways, its form open before kavya changes it."""
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/decision Cutover way")
    kavya.submits({"approver": "ULUIS", "driver": "UKAVYA", "options": "Big bang\nStep by step"})
    return town


def acts(town: Town, user: str, act: str) -> None:
    person = town.person(user)
    card = next(m for m in person.reads("CLEDGER") if "decision.more" in str(m["blocks"]))
    press = caught(town, lambda: person.presses(card, "decision.more", value="history:1"))
    payload = copy.deepcopy(press)
    payload["actions"][0]["selected_option"]["value"] = f"{act}:1"
    town.deliver("interactive", payload)


def test_an_approver_does_not_choose_what_an_option_was_called_before(deciding):
    luis, kavya = deciding.person("ULUIS"), deciding.person("UKAVYA")
    acts(deciding, "ULUIS", "decide")
    acts(deciding, "UKAVYA", "edit")
    kavya.submits({"options": "Never at all\nStep by step"})
    luis.submits({"chosen": "A", "rationale": "It is over in one night"})
    assert decision(deciding).status is DecisionStatus.PROPOSED
    assert "Your choice" in note(deciding, "ULUIS")
    luis.submits({field(deciding, "ULUIS", "chosen"): "B"})
    decided = decision(deciding)
    assert (decided.status, decided.chosen_option.name) == (DecisionStatus.ACCEPTED, "Step by step")
    assert decided.rationale == "It is over in one night"


def test_options_that_come_while_the_approver_writes_are_asked_for(deciding):
    luis, kavya = deciding.person("ULUIS"), deciding.person("UKAVYA")
    acts(deciding, "UKAVYA", "edit")
    kavya.submits({"options": ""})
    acts(deciding, "ULUIS", "decide")
    acts(deciding, "UKAVYA", "edit")
    kavya.submits({"options": "Big bang\nStep by step"})
    luis.submits({"rationale": "It is over in one night"})
    luis.submits({"chosen": "A"})
    assert (decision(deciding).chosen, decision(deciding).rationale) == ("A", "It is over in one night")


def test_two_who_score_see_each_others_scores(deciding):
    luis, kavya = deciding.person("ULUIS"), deciding.person("UKAVYA")
    acts(deciding, "UKAVYA", "criteria")
    kavya.submits({"criteria": "risk 40\ncost 60"})
    acts(deciding, "UKAVYA", "score")
    acts(deciding, "ULUIS", "score")
    kavya.submits({"score_0_0": "5", "score_0_1": "1"})
    luis.submits({"score_0_0": "2", "score_1_0": "3"})
    assert "risk, now: 5" in note(deciding, "ULUIS")
    luis.submits()
    assert [option.scores for option in decision(deciding).options] == [{"risk": 2, "cost": 1}, {"risk": 3}]
