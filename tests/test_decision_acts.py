"""A decision's life in Slack: asked, edited, decided or put off, replaced, looked back at."""

import copy
from typing import Any

import pytest
from sqlalchemy import select, update

from bot.sandbox.courier import Outcome
from models.schemas.decision import DecisionStatus
from models.tables import Decision, History, Person
from tests.asking import sqlite_only
from tests.deciding import REASON, decide, does, found, log, number, presses, thread
from tests.deliveries import at_once, caught
from tests.town import Town

HOSTILE = "<!channel> <b> & co"


def forces(town: Town, user: str, card: dict[str, Any], value: str) -> Any:
    """What an old card may still offer: the choice is sent although this card has it no more."""
    person = town.person(user)
    dots = [each for block in card["blocks"] for each in block.get("elements", ()) if each["type"] == "overflow"]
    offered = dots[0]["options"][0]["value"]
    payload = copy.deepcopy(caught(town, lambda: person.presses(card, "decision.more", option=offered)))
    payload["actions"][0]["selected_option"]["value"] = value
    return person.result_of(lambda: Outcome(acked=True, ack=town.deliver("interactive", payload) or {}))


def test_the_approver_decides_from_the_direct_message_which_then_says_it(town):
    log(town)
    dana = town.person("UDANA")
    [ask] = dana.direct_messages()
    dana.presses(ask, "decision.decide")
    dana.submits({"chosen": "B", "rationale": "Lowest risk that meets the date"})
    [ask] = dana.direct_messages()
    assert ask["text"].startswith("Decided: D-1 Cutover strategy is B, Dual write then switch.")
    assert "edited" in ask, "the message itself changes; nothing is said beside it"
    assert town.card("CLEDGER", "Decided: D-1 Cutover strategy is B")


def test_an_approver_who_asks_themselves_is_not_written_to(town):
    log(town, "UDANA")
    assert town.person("UDANA").direct_messages() == []


def test_the_approver_decides_from_the_record_and_from_the_home(town):
    log(town)
    dana = town.person("UDANA")
    shown = dana.types("CPROG", "/pm D-1").shown[0]
    dana.presses(shown, "decision.decide")
    assert dana.modal["title"]["text"] == "Decide D-1"
    dana.closes()
    dana.opens_home()
    dana.presses("home", "decision.decide")
    dana.submits({"chosen": "A", "rationale": "It is the quickest"})
    assert found(town).chosen == "A"
    assert "Cutover strategy" not in str(dana.home)


def test_a_new_approver_is_asked_and_the_old_one_is_told(town):
    card = log(town)
    presses(town, "ULUIS", card, "edit", approver="UMAYA")
    [old] = town.person("UDANA").direct_messages()
    [new] = town.person("UMAYA").direct_messages()
    assert old["text"].startswith("D-1 is decided by maya now")
    assert new["text"].startswith("Your decision is needed by Fri 10 Apr: D-1")
    assert town.person("UDANA").presses(card, "decision.decide").text == "You cannot decide D-1."


def test_who_prepares_a_decision_does_not_take_it_over(town):
    card = log(town)
    presses(town, "ULUIS", card, "edit", approver="ULUIS")
    luis = town.person("ULUIS")
    assert luis.form_errors == {
        "approver": "You cannot make yourself the approver. The program manager or the sponsor can."
    }
    assert found(town).approver.handle == "dana"
    luis.closes()
    presses(town, "UMAYA", card, "edit", approver="UMAYA")
    assert found(town).approver.handle == "maya"


def test_what_is_edited_stands_on_the_card_and_in_its_thread(town):
    card = log(town)
    presses(
        town, "ULUIS", card, "edit",
        title=f"Cutover {HOSTILE}", options="Big bang\nDual write\nTenant by tenant", contributors=["UKAVYA"],
        informed=["URUBY"], context=HOSTILE,
    )  # fmt: skip
    after = found(town)
    assert [(option.id, option.name) for option in after.options] == [
        ("A", "Big bang"), ("C", "Dual write"), ("D", "Tenant by tenant"),
    ]  # fmt: skip
    assert [person.handle for person in (*after.contributors, *after.informed)] == ["kavya", "ruby"]
    assert "Cutover &lt;!channel&gt;" in town.card("CLEDGER", "Decision D-1")["text"]
    [line] = thread(town, card)[-1:]
    assert line.startswith(
        "D-1 changed. luis: Contributors changed · Title: Cutover &lt;!channel&gt; &lt;b&gt; &amp; co"
    )


def test_a_card_that_only_its_contributors_change_is_shown_again(town):
    card = log(town)
    presses(town, "ULUIS", card, "edit", contributors=["URUBY"])
    assert "ruby" in str(town.card("CLEDGER", "Decision D-1")["blocks"])
    assert found(town).version == 2


def test_an_overdue_decision_can_be_edited_without_a_new_date(town):
    card = log(town)
    town.pass_time(days=20)
    presses(town, "ULUIS", card, "edit", title="Cutover strategy, again")
    assert town.person("ULUIS").form_errors == {}
    presses(town, "ULUIS", card, "edit", due_on="2026-04-01")
    assert town.person("ULUIS").form_errors == {"due_on": "This date is past. Choose today or later."}


def test_the_text_of_what_was_decided_is_frozen(town):
    card = log(town)
    luis = town.person("ULUIS")
    decide(town, card)
    before = found(town)
    for action in ("edit", "criteria", "details", "score"):
        said = forces(town, "ULUIS", town.card("CLEDGER", "Decided: D-1"), f"{action}:1")
        assert said.text.startswith("D-1 is already decided, by dana, Mon 30 Mar 2026."), action
        assert "superseded by a new decision" in said.text
    assert luis.modals == []
    assert found(town) == before


def test_a_form_that_was_open_meanwhile_changes_nothing_any_more(town):
    card = log(town)
    luis = town.person("ULUIS")
    luis.presses(card, "decision.edit")
    decide(town, card)
    luis.submits({"title": "Something else entirely"})
    assert "D-1 is already decided" in str(luis.form_errors)
    assert found(town).title == "Cutover strategy"


def test_a_one_way_door_is_reviewed_with_two_options_and_somebody_heard(town):
    card = log(town, options="Big bang", contributors=[])
    said = does(town, "ULUIS", card, "review")
    assert "needs at least 2 options and at least 1 person who is heard before it is reviewed" in said.text
    presses(town, "ULUIS", card, "edit", options="Big bang\nDual write", contributors=["UKAVYA"])
    does(town, "UDANA", card, "review")
    assert found(town).status is DecisionStatus.IN_REVIEW
    assert "*In review: decision needed by Fri 10 Apr* from <@UDANA>" in str(town.card("CLEDGER", "Decision D-1"))
    assert len([m for m in town.sandbox.mentions if m.channel == "CLEDGER"]) == 1, "an edit summons nobody again"


def test_a_rejected_decision_says_why_and_stays_so(town):
    card = log(town, informed=["URUBY"])
    does(town, "UDANA", card, "reject", **REASON)
    assert "The figures come at the end" in str(town.card("CLEDGER", "Rejected: D-1 Cutover strategy.")["blocks"])
    with town.database.read(1) as session:
        row = session.scalars(select(Decision)).one()
        assert row.decided_at is not None, "a rejection is a decision: how long it took is counted"
    said = forces(town, "UDANA", town.card("CLEDGER", "Rejected: D-1"), "decide:1")
    assert said.text.startswith("D-1 is already rejected, by dana, Mon 30 Mar 2026. Nothing more can be done to it.")
    [told] = town.person("URUBY").direct_messages()
    assert told["text"].startswith("Rejected. D-1 Cutover strategy.")


def test_who_is_kept_informed_hears_the_result_once(town):
    card = log(town, informed=["URUBY", "UDANA"])
    decide(town, card)
    [told] = town.person("URUBY").direct_messages()
    assert told["text"] == "Decided: B, Dual write then switch. D-1 Cutover strategy. dana, Mon 30 Mar."
    assert len(town.person("UDANA").direct_messages()) == 1, "who decided knows it"


def test_a_draft_is_proposed_by_its_driver_and_then_asked(town):
    card = log(town)
    with town.database.write(1) as session:
        session.execute(update(Decision).values(status="draft", due_on=None, version=Decision.version + 1))
    said = forces(town, "ULUIS", card, "propose:1")
    assert "needs a date by which it is decided" in said.text
    presses(town, "ULUIS", card, "edit", due_on="2026-04-20")
    assert "Draft of decision D-1 needed by Mon 20 Apr" in str(town.card("CLEDGER", "Draft of decision"))
    presses(town, "ULUIS", town.card("CLEDGER", "Draft of decision"), "propose")
    assert found(town).status is DecisionStatus.PROPOSED


def test_what_is_not_needed_any_more_is_withdrawn(town):
    card = log(town)
    assert does(town, "UKAVYA", card, "withdraw").text == "You cannot withdraw D-1."
    does(town, "ULUIS", card, "withdraw", reason="The vendor chose for us")
    assert found(town).status is DecisionStatus.WITHDRAWN
    assert "The vendor chose for us" in str(town.card("CLEDGER", "Withdrawn: D-1"))
    assert town.person("UDANA").direct_messages()[0]["text"].startswith("Withdrawn: D-1")


def test_what_was_logged_by_mistake_is_undone_and_logged_again(town):
    log(town)
    luis = town.person("ULUIS")
    receipt = luis.reads("CLEDGER")[-1]
    luis.presses(receipt, "decision.undo")
    assert found(town).status is DecisionStatus.WITHDRAWN
    assert not [m for m in luis.reads("CLEDGER") if m["text"].startswith("Decision D-1")]
    assert town.person("UDANA").direct_messages() == []
    undone = luis.reads("CLEDGER")[-1]
    assert undone["text"].startswith("Undone: D-1 is withdrawn")
    luis.presses(undone, "decision.again")
    luis.submits()
    assert luis.form_errors == {}
    assert [option.name for option in found(town, 2).options] == ["Big bang", "Dual write then switch"]


def test_it_cannot_be_undone_after_somebody_else_acted(town):
    card = log(town)
    receipt = town.person("ULUIS").reads("CLEDGER")[-1]
    does(town, "UDANA", card, "review")
    said = town.person("ULUIS").presses(receipt, "decision.undo")
    assert "can be undone for 30 minutes, until somebody else acts on it" in said.text
    assert town.person("UKAVYA").presses(card, "decision.edit").text == "You cannot edit D-1."


def test_a_new_decision_takes_the_place_of_an_old_one_when_it_is_made(town):
    card = log(town)
    decide(town, card)
    does(town, "UKAVYA", card, "replace", title="Cutover strategy, second look", options="North\nSouth")
    new = town.card("CLEDGER", "Decision D-2 needed by Mon 6 Apr")
    assert "once it is decided" in str(new["blocks"])
    assert found(town).status is DecisionStatus.ACCEPTED, "until then the old one stays valid"

    decide(town, new, "B", rationale="Residency comes first now")
    old, replacement = found(town), found(town, 2)
    assert (old.status, old.superseded_by.ref) == (DecisionStatus.SUPERSEDED, "D-2")
    assert replacement.supersedes.ref == "D-1"
    assert (old.chosen, old.rationale) == ("B", "Lowest risk that meets the date"), "its text stays"
    folded = town.card("CLEDGER", "D-1 Cutover strategy no longer applies. It is superseded by D-2, South.")
    shown = town.person("ULUIS").presses(folded, "decision.show")
    assert shown.text.startswith("Decided: D-2 Cutover strategy, second look is B, South.")
    kept = does(town, "ULUIS", folded, "history")
    assert "Lowest risk that meets the date" in str(kept.shown[-1]["blocks"])
    assert thread(town, card)[-1].startswith("D-1 changed. By itself: State Superseded, was Decided.")


def test_of_two_that_would_replace_one_the_first_one_does(town):
    card = log(town)
    decide(town, card)
    for title in ("Second look at it", "Third look at it"):
        does(town, "ULUIS", card, "replace", title=title, options="")
    for which in ("D-2", "D-3"):
        dana = town.person("UDANA")
        dana.presses(town.card("CLEDGER", f"Decision {which}"), "decision.decide")
        dana.submits({"rationale": "We know more than we did"})
        assert dana.form_errors == {}
    assert found(town).superseded_by.ref == "D-2"
    assert found(town, 2).supersedes.ref == "D-1"
    assert found(town, 3).supersedes is None


def test_what_replaces_a_decision_is_asked_for_where_the_old_one_stands(town):
    town.set_up_project(user="UKAVYA", channel="CFRAUD", name="Fraud Signals")
    card = log(town)
    decide(town, card)
    luis = town.person("ULUIS")
    luis.presses(card, "decision.more", option=f"replace:{number(card)}")
    [project] = [block for block in luis.modal["blocks"] if block.get("block_id") == "project"]
    assert [choice["text"]["text"] for choice in project["element"]["options"]] == ["Ledger Migration"]


def test_a_decision_is_marked_outdated_by_approver_or_manager(town):
    card = log(town)
    decide(town, card)
    assert does(town, "ULUIS", card, "deprecate").text == "You cannot deprecate D-1."
    does(town, "UMAYA", card, "deprecate", reason="The product is gone")
    folded = town.card("CLEDGER", "No longer applies: D-1")
    assert "Was: B, Dual write then switch. Decided by dana, Mon 30 Mar." in str(folded["blocks"])


def test_how_it_turned_out_is_told_by_those_who_made_it(town):
    card = log(town)
    decide(town, card)
    assert does(town, "URUBY", card, "grade").text == "You cannot grade D-1."
    does(town, "ULUIS", card, "grade", outcome=HOSTILE, outcome_grade="worse")
    assert "*Turned out* worse than expected" in str(town.card("CLEDGER", "Decided: D-1")["blocks"])


def test_an_act_that_nobody_knows_finds_nothing(town):
    card = log(town)
    for value in ("explode:1", "defer:0", "defer:", "replace:99999", ":1", "grade:²"):
        assert forces(town, "ULUIS", card, value).text.startswith("I cannot find this decision"), value


def test_what_was_refused_stands_in_its_history(town):
    card = log(town)
    town.person("UKAVYA").presses(card, "decision.decide")
    with town.database.read(1) as session:
        refused = session.scalars(select(History).where(History.field == "refused")).one()
        assert (refused.kind, refused.new) == ("decision", "decide")


@pytest.mark.parametrize("second", ["reject", "withdraw"])
def test_of_two_who_act_at_once_one_wins_and_the_other_is_told(town, second):
    card = log(town)
    dana, luis = town.person("UDANA"), town.person("ULUIS")
    dana.presses(card, "decision.decide")
    payloads = [caught(town, lambda: dana.submits({"chosen": "A", "rationale": "It is the quickest"}))]
    other = dana if second == "reject" else luis
    other.presses(card, "decision.more", option=f"{second}:{number(card)}")
    payloads.append(caught(town, lambda: other.submits(dict(REASON))))
    answers = at_once(town, *payloads)
    assert sorted("errors" in answer for answer in answers) == [False, True], answers
    with town.database.read(1) as session:
        states = session.scalars(select(History.new).where(History.field == "status")).all()
    assert states == [found(town).status]
    words = {"accepted": "Decided: D-1", "rejected": "Rejected: D-1", "withdrawn": "Withdrawn: D-1"}
    assert town.card("CLEDGER", words[found(town).status])


@sqlite_only
def test_an_approver_who_is_it_again_is_asked_again(town):
    card = log(town)
    for approver in ("UMAYA", "UDANA"):
        presses(town, "ULUIS", card, "edit", approver=approver)
        town.settle()
    asks = [m["text"] for m in town.person("UDANA").direct_messages()]
    assert [text.startswith("Your decision is needed by Fri 10 Apr: D-1") for text in asks] == [True, True]


@sqlite_only
def test_who_left_the_workspace_stays_among_those_who_were_heard_when_it_is_edited(town):
    card = log(town, contributors=["UKAVYA", "UJONAS"], informed=["URUBY"])
    with town.database.write(1) as session:
        session.execute(update(Person).where(Person.slack_id.in_(["UJONAS", "URUBY"])).values(deleted=True))
    presses(town, "ULUIS", card, "edit", title="Cutover way")
    after = found(town)
    assert after.title == "Cutover way"
    assert {person.handle for person in (*after.contributors, *after.informed)} == {"kavya", "jonas", "ruby"}
