"""A risk's life after it was logged: acknowledged, assessed, treated, accepted, happened, closed."""

from datetime import date

import pytest
from sqlalchemy import select, update

from bot.domain.risk_machine import MACHINE
from bot.services import history
from bot.services import risk as risks
from bot.views.risk import risk_card
from models.schemas.risk import RiskStatus
from models.tables import Issue, Risk
from tests.asking import sqlite_only
from tests.deliveries import caught
from tests.town import Town
from tests.views.cast import RISK, TODAY

HOSTILE = "<!channel> <b> & co"
STATEMENT = f"Given that {HOSTILE} reorganises, the pilot may slip"
PLAN = {"response_strategy": "mitigate", "response_plan": f"Rehearse with {HOSTILE}", "next_review_on": "2026-04-13"}


def log(town: Town, author: str = "UKAVYA", **answers: str) -> None:
    person = town.person(author)
    person.types("CLEDGER", "/risk Vendor slips the API")
    person.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"} | answers)
    assert person.form_errors == {}


def card(town: Town) -> dict:
    found = [m for m in town.person("UMAYA").reads("CLEDGER") if "risk.more" in str(m["blocks"])]
    return found[-1]


def first_line(town: Town) -> str:
    return card(town)["blocks"][0]["text"]["text"].split("\n")[0]


def thread(town: Town) -> list[str]:
    return [m["blocks"][0]["text"]["text"] for m in town.person("UMAYA").thread("CLEDGER", card(town)["ts"])[1:]]


def risk(town: Town):
    with town.database.read(1) as session:
        return risks.find(session, 1)


def does(town: Town, user: str, act: str, answers: dict | None = None) -> str:
    """Choose an act behind the dots, and fill in the form that opens; what the person is told."""
    person = town.person(user)
    told = person.presses(card(town), "risk.more", value=f"{act}:1")
    if answers is None or not person.modals:
        return told.text
    person.submits(answers)
    assert person.form_errors == {}
    return ""


def assess(town: Town) -> None:
    town.person("ULUIS").presses(card(town), "risk.acknowledge")
    town.person("ULUIS").submits({"statement": STATEMENT})


def test_acknowledging_is_saved_at_once_and_the_form_asks_for_what_is_missing(town):
    log(town)
    luis = town.person("ULUIS")
    opened = luis.presses(card(town), "risk.acknowledge").modal
    assert opened["title"]["text"] == "Assess a risk"
    luis.closes()
    assert risk(town).acknowledged_at is not None
    assert first_line(town).endswith("luis has it")
    luis.presses(card(town), "risk.assess")
    luis.submits({"statement": STATEMENT})
    assert risk(town).status is RiskStatus.ASSESSED
    assert "review on Mon 6 Apr" in first_line(town)


def test_with_a_response_it_goes_on_to_treatment_and_both_steps_stand_in_the_history(town):
    log(town)
    luis = town.person("ULUIS")
    luis.presses(card(town), "risk.acknowledge")
    luis.submits({"statement": STATEMENT, "response_strategy": "mitigate", "response_plan": "A second vendor"})
    assert risk(town).status is RiskStatus.TREATING
    with town.database.read(1) as session:
        states = [
            (change.old, change.new)
            for event in history.events(session, "risk", 1)
            for change in event.changes
            if change.field == "status"
        ]
    assert states == [("identified", "assessed"), ("assessed", "treating")]
    assert thread(town)[-1].startswith("*luis*: State Assessed, was New · State In treatment, was Assessed")
    assert thread(town)[-1].endswith("Cause and consequence added · Response Mitigate · Plan added.")


def test_the_history_behind_the_dots_tells_who_did_what_to_the_one_who_asks(town):
    log(town)
    assess(town)
    does(town, "ULUIS", "close", {"reason": f"{HOSTILE} signed"})
    said = town.person("UMAYA").presses(card(town), "risk.more", value="history:1").shown[0]
    assert said["blocks"][0]["text"]["text"].startswith("*History of <")
    assert "*luis*: State Closed, was Assessed. Why: &lt;!channel&gt; &lt;b&gt; &amp; co signed." in str(said["blocks"])
    assert "*kavya*: Logged · Score P4 × I5." in str(said["blocks"])


def test_every_change_leaves_one_line_in_the_cards_thread_and_pings_nobody(town):
    log(town, owner="UKAVYA", author="ULUIS")
    mentions = mentioned_in_channels(town)
    town.person("UKAVYA").presses(card(town), "risk.acknowledge")
    town.person("UKAVYA").submits({"statement": STATEMENT})
    does(town, "UKAVYA", "close", {"reason": f"{HOSTILE} signed"})
    lines = thread(town)
    assert lines[-1] == "*kavya*: Asked to close it. Why: &lt;!channel&gt; &lt;b&gt; &amp; co signed."
    assert len(lines) == 3
    assert mentioned_in_channels(town) == mentions


def mentioned_in_channels(town: Town) -> int:
    """Whoever has to confirm is asked in the message of their day, not here."""
    return sum(not mention.channel.startswith("D") for mention in town.sandbox.mentions)


def test_an_owners_word_to_close_an_extreme_risk_is_confirmed_by_a_second_person(town):
    log(town, owner="UKAVYA", author="ULUIS")
    does(town, "UKAVYA", "close", {"reason": "The vendor signed"})
    assert risk(town).status is RiskStatus.IDENTIFIED
    assert first_line(town).endswith("to be closed:* luis to confirm")
    luis = town.person("ULUIS")
    luis.presses(card(town), "risk.close")
    assert luis.modal["blocks"][1]["element"]["initial_value"] == "The vendor signed"
    luis.submits()
    assert risk(town).status is RiskStatus.CLOSED
    assert card(town)["text"] == "R-1 Vendor slips the API is closed. It was Extreme 20."


def test_only_the_sponsor_accepts_an_extreme_risk_and_only_until_a_date(town):
    log(town)
    assess(town)
    told = does(town, "UMAYA", "accept")
    assert told == "You cannot accept R-1."
    dana = town.person("UDANA")
    dana.presses(card(town), "risk.more", value="accept:1")
    dana.submits({"reason": "Cheaper than treating it"}, force=True)
    assert dana.form_errors == {"next_review_on": "Choose the day on which it ends."}
    dana.submits({"next_review_on": "2026-05-04"})
    assert first_line(town) == ":large_red_square: *Extreme risk, accepted until Mon 4 May*"
    assert "*Accepted by* dana" in str(card(town)["blocks"])
    assert (risk(town).accepted_by.handle, risk(town).next_review_on) == ("dana", date(2026, 5, 4))


def test_what_happened_becomes_an_issue_and_the_risk_closes_when_it_is_resolved(town):
    log(town)
    does(town, "ULUIS", "happen", {"title": f"It did slip {HOSTILE}", "severity": "sev2", "owner": "UJONAS"})
    assert ":arrow_right: *It happened:* now issue" in first_line(town)
    luis = town.person("ULUIS")
    told = luis.presses(card(town), "risk.settle").text
    assert told.startswith("I-1 is not resolved yet. Then R-1 can be closed.")
    with town.database.write(1) as session:
        issue = session.scalars(select(Issue)).one()
        assert (issue.from_risk_id, issue.severity) == (1, "sev2")
        session.execute(update(Issue).values(status="resolved"))
    luis.presses(card(town), "risk.settle")
    assert risk(town).status is RiskStatus.CLOSED


def test_a_reviewed_score_leaves_its_past_and_the_card_says_what_it_was(town):
    log(town)
    assess(town)
    luis = town.person("ULUIS")
    luis.presses(card(town), "risk.review")
    luis.submits({"probability": "3", "impact": "4", "next_review_on": "2026-04-20", "reason": "A second vendor"})
    assert "*Score* High 12 (P3 × I4), was 20" in str(card(town)["blocks"])
    with town.database.read(1) as session:
        row = session.scalars(select(Risk)).one()
        assert (row.score, row.band, row.worst_first) == (12, "high", -300_012)
        assert (row.inherent_probability, row.inherent_impact) == (4, 5)
    town.pass_time(days=31)
    shown = town.person("UKAVYA").types("CLEDGER", "/pm R-1").shown[-1]
    assert "was 20" not in str(shown["blocks"])


def test_a_planned_response_names_its_target_and_the_sign_to_watch(town):
    log(town)
    does(
        town,
        "ULUIS",
        "respond",
        PLAN
        | {"statement": STATEMENT, "target_probability": "2", "target_impact": "4", "trigger": f"Two {HOSTILE} fail"},
    )
    assert risk(town).status is RiskStatus.TREATING
    blocks = str(card(town)["blocks"])
    assert "*Target* High 8 (P2 × I4)" in blocks
    assert "*Mitigate:* Rehearse with &lt;!channel&gt; &lt;b&gt; &amp; co" in blocks
    assert "Watch: Two &lt;!channel&gt;" in blocks


def test_an_owner_who_is_not_in_the_channel_is_told_in_one_line(town):
    town.person("URUBY").leaves("CLEDGER")
    log(town, owner="URUBY")
    assert "<@URUBY>" in first_line(town)
    [line] = town.person("URUBY").direct_messages()
    assert line["text"].startswith("You own R-1 now: Vendor slips the API.")
    town.person("URUBY").presses(line, "risk.acknowledge")
    assert first_line(town).endswith("ruby has it")


@pytest.mark.parametrize(
    ("act", "answers", "errors"),
    [
        ("close", {"reason": "no"}, {"reason": "Say why in 5 to 500 characters."}),
        ("reject", {"reason": "   "}, {"reason": "Say why in 5 to 500 characters."}),
        (
            "respond",
            PLAN | {"statement": "short", "target_probability": "2", "next_review_on": "2026-03-01"},
            {
                "statement": "Say what causes it and what follows, in 10 to 1,000 characters.",
                "target_impact": "A target needs both, probability and impact.",
                "next_review_on": "This date is past. Choose Mon 30 Mar 2026 or later.",
            },
        ),
        ("happen", {"title": "x", "severity": None, "owner": "UGONE"}, None),
    ],
)
@sqlite_only
def test_wrong_input_is_told_at_its_field_and_nothing_typed_is_lost(town, act, answers, errors):
    log(town)
    luis = town.person("ULUIS")
    luis.presses(card(town), "risk.more", value=f"{act}:1")
    luis.submits(answers, force=True)
    if errors is None:
        assert set(luis.form_errors) == {"title", "severity", "owner"}
    else:
        assert luis.form_errors == errors
    assert risk(town).status is RiskStatus.IDENTIFIED
    assert luis.modal["callback_id"] == "risk.act"


def test_a_new_owner_is_told_once_and_has_to_acknowledge(town):
    log(town, author="ULUIS", owner="ULUIS")
    luis = town.person("ULUIS")
    luis.presses(card(town), "risk.edit")
    luis.submits({"owner": "URUBY", "cost_impact": "180000", "schedule_days": "10"})
    assert luis.form_errors == {}
    ruby = town.person("URUBY")
    assert risk(town).acknowledged_at is None
    assert (risk(town).cost_impact, risk(town).schedule_days) == (18_000_000, 10)
    [line] = ruby.direct_messages()
    assert line["text"].startswith("You own R-1 now: Vendor slips the API.")
    ruby.presses(card(town), "risk.acknowledge")
    assert first_line(town).endswith("ruby has it")


@sqlite_only
def test_an_old_cards_button_tells_the_present_state_and_changes_nothing(town):
    log(town)
    old = card(town)
    does(town, "ULUIS", "reject", {"reason": "A duplicate of R-7"})
    version = risk(town).version
    payload = caught(town, lambda: town.person("UMAYA").presses(card(town), "risk.more", value="reopen:1"))
    payload["actions"][0]["selected_option"]["value"] = "happen:1"
    before = len(town.person("UMAYA").reads("CLEDGER"))
    town.deliver("interactive", payload)
    told = town.person("UMAYA").reads("CLEDGER")[before:]
    assert told[-1]["text"].startswith(
        "R-1 is already rejected, by luis, Mon 30 Mar 2026. From here it can only be reopened."
    )
    assert risk(town).version == version
    assert old["ts"] == card(town)["ts"]


@pytest.mark.parametrize("state", RiskStatus)
def test_all_that_the_state_allows_is_on_the_card(state):
    shown = risk_card(
        RISK.model_copy(update={"status": state, "acknowledged_at": TODAY, "closed_at": RISK.raised_at}), today=TODAY
    )
    offered = set()
    for block in shown.blocks:
        for element in [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else ())]:
            offered.add(element.get("action_id", "").removeprefix("risk."))
            offered |= {option["value"].partition(":")[0] for option in element.get("options", ())}
    offered |= {"treat"} if "respond" in offered else set()
    assert {transition.action for transition in MACHINE.legal(state)} <= offered


@sqlite_only
def test_a_guest_who_owns_a_risk_answers_for_it_and_shares_nothing(town):
    log(town, owner="UGUEST")
    guest = town.person("UGUEST")
    press = caught(town, lambda: guest.presses(card(town), "risk.more", value="history:1"))
    press["actions"][0] |= {"action_id": "risk.share", "value": "1", "selected_option": None}
    before = len(town.person("ULUIS").reads("CLEDGER"))
    town.deliver("interactive", press)
    assert guest.reads("CLEDGER")[-1]["text"] == "Guests cannot share R-1."
    assert len(town.person("ULUIS").reads("CLEDGER")) == before
    guest.presses(card(town), "risk.acknowledge")
    assert risk(town).acknowledged_at is not None


def edits(town: Town, answers: dict) -> None:
    luis = town.person("ULUIS")
    luis.presses(card(town), "risk.edit")
    luis.submits(answers)
    assert luis.form_errors == {}


@sqlite_only
@pytest.mark.parametrize(
    ("act", "answers"),
    [
        ("review", {"next_review_on": "2026-05-04"}),
        ("respond", PLAN | {"statement": STATEMENT}),
    ],
)
def test_who_could_close_a_risk_and_goes_on_with_it_has_answered_who_asked_to_close_it(town, act, answers):
    log(town, owner="UKAVYA", author="ULUIS")
    does(town, "UKAVYA", "close", {"reason": "The vendor signed"})
    edits(town, {"title": "Vendor slips its API"})
    assert "to be closed" in first_line(town), "whoever corrects its words has not answered"
    luis = town.person("ULUIS")
    if act == "review":
        luis.presses(card(town), "risk.review")
        luis.submits(answers)
    else:
        does(town, "ULUIS", act, answers)
    assert luis.form_errors == {}
    assert "to be closed" not in first_line(town)
    assert risk(town).close_asked_by is None


@sqlite_only
def test_a_cost_that_an_import_knows_to_the_cent_stays_so_when_something_else_is_edited(town):
    log(town)
    with town.database.write(1) as session:
        session.execute(update(Risk).values(cost_impact=1_234_56))
    edits(town, {"title": "Vendor slips its API"})
    assert risk(town).cost_impact == 1_234_56
    edits(town, {"kind": "opportunity"})
    assert risk(town).cost_impact == -1_234_56
    edits(town, {"cost_impact": "1235"})
    assert risk(town).cost_impact == -1_235_00
    edits(town, {"cost_impact": ""})
    assert risk(town).cost_impact is None


@sqlite_only
def test_who_owns_it_once_more_is_told_once_more(town):
    log(town, probability="2")
    for owner in ("UJONAS", "UKAVYA", "UJONAS"):
        edits(town, {"owner": owner})
        town.settle()
    told = [m["text"] for m in town.person("UJONAS").direct_messages()]
    assert [text.startswith("You own R-1 now") for text in told] == [True, True]
    assert len(town.person("UKAVYA").direct_messages()) == 1


@sqlite_only
def test_a_text_that_is_longer_than_a_form_takes_stays_whole_when_something_else_is_edited(town):
    log(town)
    long = {"title": "Vendor slips " + "and slips again " * 20, "statement": "Given that it is late, " * 80}
    with town.database.write(1) as session:
        session.execute(update(Risk).values(long))
    edits(town, {"impact": "3"})
    assert (risk(town).title, risk(town).statement, risk(town).impact) == (long["title"], long["statement"], 3)
    edits(town, {"title": "Vendor slips", "statement": ""})
    assert (risk(town).title, risk(town).statement) == ("Vendor slips", None)


@sqlite_only
def test_who_could_not_accept_a_risk_does_not_prolong_its_acceptance(town):
    """Neither by a review nor by an edit, nor by calling an Extreme risk Low in the same form."""
    log(town)
    assess(town)
    does(town, "UDANA", "accept", {"reason": "We can live with it", "next_review_on": "2026-05-04"})
    luis = town.person("ULUIS")
    luis.presses(card(town), "risk.review")
    luis.submits({"probability": "1", "impact": "1", "next_review_on": "2026-12-31"})
    assert luis.form_errors == {
        "next_review_on": "R-1 is accepted until Mon 4 May 2026. A later day is chosen by the sponsor (dana)."
    }
    luis.submits({"next_review_on": "2026-04-20"})
    assert (luis.form_errors, str(risk(town).next_review_on)) == ({}, "2026-04-20")
    dana = town.person("UDANA")
    dana.presses(card(town), "risk.review")
    dana.submits({"next_review_on": "2026-06-01"})
    assert (dana.form_errors, str(risk(town).next_review_on)) == ({}, "2026-06-01")


@sqlite_only
def test_who_shares_a_risk_in_a_channel_once_more_is_told_that_it_stands_there(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips p4 i5")
    receipt = luis.reads("CLEDGER")[-2 if "risk.share" not in str(luis.reads("CLEDGER")[-1]) else -1]
    luis.presses(receipt, "risk.share")
    town.settle()
    assert luis.reads("CLEDGER")[-1]["text"].startswith("luis shared R-1")
    told = luis.presses(receipt, "risk.share")
    assert told.text == "You shared R-1 here before. Its card says how it stands now."
