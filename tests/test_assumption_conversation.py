"""Assumptions: logged, confirmed, refuted with what follows from it, taken back."""

import pytest
from sqlalchemy import select, update

from bot.services import assumption as assumptions
from bot.services import issue as issues
from models.tables import Assumption, History, Project, Risk
from tests.asking import sqlite_only
from tests.cards import act_on
from tests.deliveries import at_once, caught
from tests.town import Town

GOOD = {"title": "The bank keeps its file format", "owner": "ULUIS", "validate_by": "2026-04-15"}
REASON = {"reason": "The bank announced a new format for June"}


def log(town: Town, user: str = "UKAVYA", **answers: object) -> None:
    person = town.person(user)
    person.types("CLEDGER", "/pm assumption")
    person.submits(GOOD | answers, force=True)


def assumption(town: Town, number: int = 1):
    with town.database.read(1) as session:
        return assumptions.find(session, number)


def card(town: Town):
    return town.card("CLEDGER", "Assumption A-1")


def acts(town: Town, action: str, user: str = "ULUIS", answers: dict[str, object] | None = None):
    return act_on(town, card(town), "assumption", action, user, answers)


def test_what_is_taken_for_true_becomes_a_card_and_its_owner_gets_one_line(town):
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/pm assumption The bank keeps its file format")
    assert kavya.modal["title"]["text"] == "Log an assumption"
    kavya.submits({"owner": "ULUIS", "validate_by": "2026-04-15"})
    shown = card(town)
    assert "*Not confirmed yet:* luis to find out by Wed 15 Apr" in shown["blocks"][0]["text"]["text"]
    assert [m for m in town.sandbox.mentions if m.channel == "CLEDGER"] == []
    [line] = town.person("ULUIS").direct_messages()
    assert line["text"].startswith("You own A-1 now: The bank keeps its file format.")
    receipt = kavya.reads("CLEDGER")[-1]
    assert receipt["text"] == "Logged A-1: The bank keeps its file format. luis to find out by Wed 15 Apr."


def test_it_is_shown_by_its_number(town):
    log(town)
    assert town.person("URUBY").types("CPROG", "/pm A-1").text.startswith("Assumption A-1 in Ledger Migration")
    assert town.person("URUBY").types("CPROG", "/pm a7").text.startswith("I cannot find A-7")


@sqlite_only
@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"title": "abc"}, "title", "Say what is taken for true in 5 to 150 characters."),
        ({"owner": "UGONE"}, "owner", "This person is not in the workspace any more. Choose someone else."),
        ({"validate_by": None}, "validate_by", "Choose the date by which somebody should know."),
        ({"validate_by": "2026-03-29"}, "validate_by", "This date is past. Choose Mon 30 Mar 2026 or later."),
    ],
)
def test_wrong_input_is_told_at_its_field_and_can_be_corrected(town, answers, field, words):
    log(town, **answers)
    person = town.person("UKAVYA")
    assert person.form_errors == {field: words}
    person.submits({field: GOOD[field]})
    assert person.form_errors == {}
    assert town.count(Assumption) == 1


@sqlite_only
@pytest.mark.parametrize("title", ["<!channel> <b> & co", "& " * 60, "<@UMAYA> see <https://evil.example|this>"])
def test_any_text_is_shown_as_typed_and_pings_nobody(town, title):
    log(town, title=title)
    reason = title + "&" * 300
    acts(town, "refute", answers={"reason": reason})
    typed = " ".join(title.split())
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped[:100].rsplit("&", 1)[0] in card(town)["blocks"][0]["text"]["text"]
    town.person("ULUIS").presses(card(town), "issue.from_assumption")
    filled = town.person("ULUIS").modal["blocks"][0]["element"]["initial_value"]
    assert 5 <= len(filled) <= 150
    assert " ".join(reason.split()).startswith(filled)
    assert [m for m in town.sandbox.mentions if m.channel == "CLEDGER"] == []


def test_confirmed_from_the_line_that_named_its_owner(town):
    log(town)
    luis = town.person("ULUIS")
    luis.presses(luis.direct_messages()[0], "assumption.confirm")
    shown = card(town)
    assert shown["blocks"][0]["text"]["text"].startswith(":white_check_mark: *Confirmed:*")
    assert "assumption.confirm" not in str(luis.direct_messages()[0])
    [line] = [r["blocks"][0]["text"]["text"] for r in town.person("UMAYA").thread("CLEDGER", shown["ts"])[1:]]
    assert line == "*luis*: State Confirmed, was Not confirmed yet."


def test_refuted_it_offers_the_risk_and_the_issue_that_follow(town):
    log(town)
    acts(town, "refute", answers=REASON)
    shown = card(town)
    assert "*Refuted:*" in shown["blocks"][0]["text"]["text"]
    assert "The bank announced a new format for June." in shown["blocks"][0]["text"]["text"]
    kavya = town.person("UKAVYA")
    kavya.presses(shown, "issue.from_assumption")
    kavya.submits({"severity": "sev3"})
    with town.database.read(1) as session:
        issue = issues.find(session, 1)
    showed = "The bank announced a new format for June"
    assert (issue.title, issue.owner.handle, issue.place.name) == (showed, "luis", "Ledger Migration")
    assert issue.source_url == assumption(town).link
    kavya.presses(shown, "risk.from_assumption")
    kavya.submits({"probability": "4", "impact": "4", "category": "vendor"})
    with town.database.read(1) as session:
        risk = session.scalars(select(Risk)).one()
    assert risk.title == showed
    assert risk.statement == "A-1 is not so: The bank keeps its file format. The bank announced a new format for June"


def test_what_follows_from_a_restricted_one_keeps_no_link_to_it_elsewhere(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    log(town)
    acts(town, "refute", answers=REASON)
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.channel == "CLEDGER").values(visibility="restricted"))
        fraud = session.scalars(select(Project.id).where(Project.channel == "CFRAUD")).one()
    luis = town.person("ULUIS")
    luis.presses(card(town), "issue.from_assumption")
    luis.submits({"severity": "sev3", "project": f"project:{fraud}"})
    with town.database.read(1) as session:
        issue = issues.find(session, 1)
    assert (issue.place.name, issue.source_url) == ("Fraud Signals", None)


def test_reopened_by_the_project_owner_it_is_asked_again(town):
    log(town)
    acts(town, "confirm")
    assert acts(town, "reopen", "UJONAS").text == "You cannot reopen A-1."
    acts(town, "reopen", answers={"reason": "The bank took its announcement back"})
    assert "*Open again:* The bank took its announcement back" in str(card(town)["blocks"])
    assert (assumption(town).status, assumption(town).settled_at) == ("unvalidated", None)


def test_the_button_of_an_old_card_says_what_is_possible_now(town):
    log(town)
    old = card(town)
    late = caught(town, lambda: town.person("ULUIS").presses(old, "assumption.confirm"))
    acts(town, "refute", answers=REASON)
    town.deliver("interactive", late)
    said = town.person("ULUIS").reads("CLEDGER")[-1]
    assert said["text"].startswith("A-1 is already refuted")
    assert assumption(town).status == "invalidated"


def test_of_two_who_press_at_once_one_wins(town):
    log(town)
    shown = card(town)
    maya, luis = town.person("UMAYA"), town.person("ULUIS")
    maya.presses(shown, "assumption.edit")
    confirm = caught(town, lambda: luis.presses(shown, "assumption.confirm"))
    edit = caught(town, lambda: maya.submits({"title": "The bank keeps its old format"}))
    _, told = at_once(town, confirm, edit)
    found = assumption(town)
    assert found.status == "validated"
    edited = found.title == "The bank keeps its old format"
    assert edited != ("A-1 is already confirmed" in told)
    assert found.title in card(town)["text"]


def test_edited_a_past_date_may_stay_but_not_be_chosen(town):
    log(town)
    town.pass_time(days=20)
    maya = town.person("UMAYA")
    acts(town, "edit", "UMAYA", answers={"validate_by": "2026-04-16"})
    assert maya.form_errors == {"validate_by": "This date is past. Choose Sun 19 Apr 2026 or later."}
    maya.submits({"validate_by": "2026-04-15", "owner": "UJONAS"})
    assert maya.form_errors == {}
    assert "jonas was to find out by Wed 15 Apr" in card(town)["blocks"][0]["text"]["text"]
    assert any(m["text"].startswith("You own A-1 now") for m in town.person("UJONAS").direct_messages())


def test_taken_back_its_card_goes_it_was_never_refuted_and_the_form_can_come_back(town):
    log(town)
    kavya = town.person("UKAVYA")
    kavya.presses(kavya.reads("CLEDGER")[-1], "assumption.undo")
    assert not [m for m in town.person("UMAYA").reads("CLEDGER") if "A-1" in m["text"]]
    assert town.person("ULUIS").direct_messages()[0]["text"].startswith("A-1 was taken back by kavya.")
    undone = kavya.reads("CLEDGER")[-1]
    town.sandbox.repeat_last_delivery()
    shown = town.person("ULUIS").types("CPROG", "/pm A-1")
    assert "*Undone:*" in shown.shown[0]["blocks"][0]["text"]["text"]
    assert "from_assumption" not in str(shown.shown)
    kavya.presses(undone, "assumption.again")
    kavya.submits()
    assert assumption(town, 2).title == GOOD["title"]


def test_after_half_an_hour_it_cannot_be_taken_back(town):
    log(town)
    kavya = town.person("UKAVYA")
    receipt = kavya.reads("CLEDGER")[-1]
    town.pass_time(minutes=31)
    assert "can be undone for 30 minutes" in kavya.presses(receipt, "assumption.undo").text
    assert assumption(town).status == "unvalidated"


def test_a_copy_is_shared_where_one_is_but_a_restricted_one_stays(town):
    log(town)
    kavya = town.person("UKAVYA")
    receipt = kavya.reads("CLEDGER")[-1]
    kavya.presses(receipt, "assumption.share")
    assert town.card("CLEDGER", "kavya shared A-1: The bank keeps its file format. Not confirmed yet")
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.channel == "CLEDGER").values(visibility="restricted"))
    payload = caught(town, lambda: kavya.presses(receipt, "assumption.share"))
    town.deliver("interactive", payload | {"channel": {"id": "CFRAUD", "name": "p-fraud"}})
    assert not [m for m in town.person("UMAYA").reads("CFRAUD") if "A-1" in m["text"] and "shared" in m["text"]]


def test_every_act_leaves_history(town):
    log(town)
    acts(town, "refute", answers=REASON)
    with town.database.read(1) as session:
        rows = session.scalars(select(History).where(History.kind == "assumption").order_by(History.id)).all()
    assert [(row.field, row.new, row.reason) for row in rows if row.field in ("", "status")] == [
        ("", "logged", None),
        ("status", "invalidated", REASON["reason"]),
    ]
