"""Issues: logged, worked on, closed by people and by the clock, taken back, and the risk that one was."""

import pytest
from sqlalchemy import delete, select

from bot.services import issue as issues
from models.tables import History, Issue, Outbox, PostedMessage, Risk
from tests.asking import sqlite_only
from tests.cards import act_on, buttons
from tests.deliveries import at_once, caught
from tests.town import MONDAY, Town

GOOD = {"title": "Ledger does not reconcile", "severity": "sev2", "owner": "ULUIS"}
REASON = {"reason": "The vendor has to renew it"}


def log(town: Town, user: str = "UKAVYA", **answers: object) -> None:
    person = town.person(user)
    person.types("CLEDGER", "/pm issue")
    person.submits(GOOD | answers, force=True)


def issue(town: Town, number: int = 1):
    with town.database.read(1) as session:
        return issues.find(session, number)


def card(town: Town, number: int = 1):
    with town.database.read(1) as session:
        link = issues.find(session, number).link
    shown = {f"p{m['ts'].replace('.', '')}": m for m in town.person("UMAYA").reads("CLEDGER")}
    return shown[link.rpartition("/")[2]]


def acts(town: Town, action: str, user: str = "ULUIS", answers: dict[str, object] | None = None):
    return act_on(town, card(town), "issue", action, user, answers)


def test_what_went_wrong_becomes_a_card_that_calls_its_owner_once(town):
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/pm issue Ledger does not reconcile")
    assert kavya.modal["title"]["text"] == "Log an issue"
    kavya.submits({"severity": "sev1", "owner": "ULUIS"})
    shown = town.card("CLEDGER", "New sev1 issue I-1 in Ledger Migration: Ledger does not reconcile.")
    assert "<@ULUIS> to acknowledge" in shown["blocks"][0]["text"]["text"]
    assert "*Resolve by* Tue 31 Mar" in shown["blocks"][1]["fields"][0]["text"]
    assert [m.user for m in town.sandbox.mentions if m.channel == "CLEDGER"] == ["ULUIS"]
    assert town.person("ULUIS").direct_messages() == []
    receipt = kavya.reads("CLEDGER")[-1]
    assert receipt["text"].startswith("Logged I-1: Ledger does not reconcile. Sev1, owner luis")
    assert buttons(receipt) == ["issue.edit", "issue.undo", "issue.share"]


def test_the_owner_of_a_nuisance_is_told_in_one_line_that_carries_the_button(town):
    log(town, severity="sev4")
    luis = town.person("ULUIS")
    [line] = luis.direct_messages()
    assert line["text"].startswith("You own I-1 now: Ledger does not reconcile.")
    assert [m for m in town.sandbox.mentions if m.channel == "CLEDGER"] == []
    luis.presses(line, "issue.acknowledge")
    assert "Sev4 issue open" in card(town)["blocks"][0]["text"]["text"]
    assert "accessory" not in luis.direct_messages()[0]["blocks"][0]


def test_an_owner_who_logs_it_has_read_it(town):
    log(town, "ULUIS")
    assert "issue.acknowledge" not in buttons(card(town))
    assert [m for m in town.sandbox.mentions if m.channel == "CLEDGER"] == []
    assert town.person("ULUIS").direct_messages() == []


@sqlite_only
@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"title": "   \n "}, "title", "Say what went wrong in 5 to 150 characters."),
        ({"title": "abc"}, "title", "Say what went wrong in 5 to 150 characters."),
        ({"owner": "UGONE"}, "owner", "This person is not in the workspace any more. Choose someone else."),
        ({"owner": "UROBOT"}, "owner", "This is an app, not a person. Choose someone else."),
    ],
)
def test_wrong_input_is_told_at_its_field_and_can_be_corrected(town, answers, field, words):
    log(town, **answers)
    person = town.person("UKAVYA")
    assert person.form_errors == {field: words}
    assert town.count(Issue) == 0
    person.submits({field: GOOD[field]})
    assert person.form_errors == {}
    assert town.count(Issue) == 1


@sqlite_only
@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("title", "&" * 151, "Say what went wrong in 5 to 150 characters."),
        ("workaround", "&" * 1001, "Keep the workaround under 1,000 characters."),
        ("severity", "sev9", "Choose how bad it is, from sev1 to sev4."),
        ("project", "project:999", "This one is not open any more. Choose another."),
    ],
)
def test_what_no_client_would_send_is_refused_at_its_field_too(town, field, text, words):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm issue")
    luis.fills(GOOD)
    assert town.submit_unchecked("ULUIS", {field: text}) == {"response_action": "errors", "errors": {field: words}}
    assert town.count(Issue) == 0


def test_everything_wrong_is_told_at_once(town):
    log(town, title="x", owner="UGONE", severity=None)
    assert set(town.person("UKAVYA").form_errors) == {"title", "owner", "severity"}


@sqlite_only
@pytest.mark.parametrize("title", ["<!channel> <b> & co", "& " * 60, "<@UMAYA> see <https://evil.example|this>"])
def test_any_text_is_shown_as_typed_and_pings_nobody(town, title):
    log(town, "ULUIS", title=title, workaround="&" * 1000)
    typed = " ".join(title.split())
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert escaped[:100].rsplit("&", 1)[0] in card(town)["blocks"][0]["text"]["text"]
    acts(town, "start")
    acts(town, "block", answers={"reason": title + " " * 5 + "&" * 300})
    assert issue(town).title == typed
    assert town.sandbox.mentions == []


def test_a_line_that_is_too_long_comes_back_and_nothing_is_saved(town):
    said = town.person("ULUIS").types("CLEDGER", "/pm issue " + "the ledger " * 20)
    assert "That is too long for one record: 219 characters, and 150 is the most." in said.text
    assert "the ledger the ledger" in said.shown[0]["blocks"][0]["text"]["text"]


def test_a_guest_logs_nothing_and_is_told_who_can(town):
    said = town.person("UGUEST").types("CLEDGER", "/pm issue Something broke")
    assert said.text == "Guests answer what they are asked, and log nothing themselves."
    assert said.modal is None


def test_an_issue_lives_from_opened_to_closed_on_one_card_with_its_history_in_the_thread(town):
    log(town, "URUBY")
    acts(town, "acknowledge")
    acts(town, "start")
    assert "Sev2 issue in progress:* to be resolved by Mon 6 Apr" in card(town)["blocks"][0]["text"]["text"]
    acts(town, "block", answers=REASON)
    assert card(town)["blocks"][0]["text"]["text"].startswith(":no_entry: *Sev2 issue blocked:*")
    assert "*Blocked:* The vendor has to renew it" in card(town)["blocks"][2]["text"]["text"]
    acts(town, "unblock")
    acts(town, "resolve")
    assert "It closes by itself on Mon 6 Apr, unless it is reopened." in str(card(town)["blocks"][-1])
    acts(town, "close", "URUBY")
    shown = card(town)
    assert shown["blocks"][0]["text"]["text"].startswith(":white_check_mark: *Closed:*")
    assert len([m for m in town.person("UMAYA").reads("CLEDGER") if "I-1" in m["text"]]) == 1
    lines = [reply["blocks"][0]["text"]["text"] for reply in town.person("UMAYA").thread("CLEDGER", shown["ts"])[1:]]
    assert lines == [
        "*luis*: Acknowledged.",
        "*luis*: State In progress, was Open.",
        "*luis*: State Blocked, was In progress. Why: The vendor has to renew it.",
        "*luis*: State In progress, was Blocked.",
        "*luis*: State Resolved, was In progress.",
        "*ruby*: State Closed, was Resolved.",
    ]
    assert [m.user for m in town.sandbox.mentions] == ["ULUIS"]


def test_dropped_by_the_project_owner_with_a_reason_and_nothing_more_can_be_done(town):
    log(town)
    acts(town, "drop", answers={"reason": "The old ledger is switched off in May"})
    assert card(town)["blocks"][0]["text"]["text"].startswith(":no_entry_sign: *Dropped:*")
    said = town.person("ULUIS").presses(card(town), "issue.more", option="history:1")
    assert "Why: The old ledger is switched off in May." in said.shown[0]["blocks"][1]["text"]["text"]


def test_anyone_reopens_what_came_back(town):
    log(town, "ULUIS")
    acts(town, "start")
    acts(town, "resolve")
    acts(town, "reopen", "URUBY", answers={"reason": "It happened again on the second tenant"})
    shown = card(town)
    assert "*Open again:* It happened again on the second tenant" in str(shown["blocks"])
    assert (issue(town).status, issue(town).resolved_at) == ("open", None)
    acts(town, "start")
    assert "Open again" not in str(card(town)["blocks"])


def test_who_may_not_is_told_who_can_and_the_history_knows(town):
    log(town)
    acts(town, "acknowledge")
    said = acts(town, "start", "URUBY")
    assert said.text == "You cannot start I-1."
    assert "Its owner (luis)" in said.shown[0]["blocks"][0]["text"]["text"]
    with town.database.read(1) as session:
        refused = session.scalars(select(History).where(History.kind == "issue", History.field == "refused")).all()
        assert [row.new for row in refused] == ["start"]


def test_the_button_of_an_old_card_shows_what_is_possible_now_and_changes_nothing(town):
    log(town, "ULUIS")
    old = card(town)
    payload = caught(town, lambda: town.person("ULUIS").presses(old, "issue.start"))
    acts(town, "start")
    acts(town, "resolve")
    town.deliver("interactive", payload)
    said = town.person("ULUIS").reads("CLEDGER")[-1]
    assert said["text"].startswith("I-1 is already resolved")
    assert "closed or reopened" in str(said["blocks"])
    assert issue(town).status == "resolved"


def test_of_two_who_press_at_once_one_wins_and_the_other_is_told_the_state(town):
    log(town, "ULUIS")
    acts(town, "start")
    shown = card(town)
    maya, luis = town.person("UMAYA"), town.person("ULUIS")
    maya.presses(shown, "issue.more", option="drop:1")
    resolve = caught(town, lambda: luis.presses(shown, "issue.resolve"))
    drop = caught(town, lambda: maya.submits({"reason": "It is not worth the effort"}))
    _, told = at_once(town, resolve, drop)
    won = issue(town).status
    assert won in ("resolved", "wont_fix")
    assert {"resolved": "Resolved", "wont_fix": "Dropped"}[won] in card(town)["blocks"][0]["text"]["text"]
    if won == "resolved":
        assert "I-1 is already resolved" in told
    else:
        assert any(m["text"].startswith("I-1 is already dropped") for m in luis.reads("CLEDGER"))


def test_edited_and_handed_to_somebody_who_gets_one_line(town):
    log(town)
    acts(town, "edit", answers={"title": "Ledger & <b> break", "severity": "sev1", "owner": "UJONAS"})
    assert "&amp; &lt;b&gt; break" in card(town)["blocks"][0]["text"]["text"]
    [line] = town.person("UJONAS").direct_messages()
    assert line["text"].startswith("You own I-1 now")
    assert issue(town).owner.handle == "jonas"
    assert issue(town).acknowledged_at is None


def test_pressed_twice_is_done_once(town):
    log(town)
    acts(town, "acknowledge")
    before = town.count(History)
    town.sandbox.repeat_last_delivery()
    assert town.count(History) == before


def test_taken_back_within_half_an_hour_its_card_goes_and_the_form_can_come_back(town):
    log(town, severity="sev3", workaround="By hand")
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    [line] = luis.direct_messages()
    assert line["text"].startswith("You own I-1 now")
    kavya.presses(kavya.reads("CLEDGER")[-1], "issue.undo")
    assert not [m for m in town.person("UMAYA").reads("CLEDGER") if "I-1" in m["text"]]
    assert [m["text"] for m in luis.direct_messages()] == ["I-1 was taken back by kavya. Nothing is asked of you."]
    undone = kavya.reads("CLEDGER")[-1]
    assert undone["text"].startswith("Undone: I-1 is withdrawn and its card removed.")
    assert (issue(town).status, issue(town).status_reason) == ("wont_fix", "undone")
    kavya.presses(undone, "issue.again")
    kavya.submits()
    again = issue(town, 2)
    assert (again.title, again.severity, again.workaround) == ("Ledger does not reconcile", "sev3", "By hand")


def test_after_somebody_acted_it_cannot_be_taken_back_any_more(town):
    log(town)
    kavya = town.person("UKAVYA")
    receipt = kavya.reads("CLEDGER")[-1]
    acts(town, "acknowledge")
    assert "can be undone for 30 minutes" in kavya.presses(receipt, "issue.undo").text
    assert town.person("URUBY").types("CLEDGER", "/pm I-1").shown
    assert issue(town).status == "open"


def test_where_the_card_cannot_stand_its_owner_is_told_directly(town):
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/pm issue Ledger does not reconcile")
    town.person("ULUIS").removes_bot("CLEDGER")
    kavya.submits({"severity": "sev1", "owner": "ULUIS"})
    assert any(m["text"].startswith("You own I-1 now") for m in town.person("ULUIS").direct_messages())
    town.refused |= {"chat.postMessage", "chat.postEphemeral"}


def test_the_home_of_who_opened_theirs_is_drawn_again_after_each_act(town):
    luis = town.person("ULUIS")
    luis.opens_home()
    log(town)
    before = len([call for call in town.sandbox.calls if call.method == "views.publish"])
    acts(town, "acknowledge")
    acts(town, "start")
    assert len([call for call in town.sandbox.calls if call.method == "views.publish"]) == before + 2


def test_an_issue_that_was_imported_gets_its_card_with_the_first_act_of_a_person(town):
    log(town, "ULUIS")
    with town.database.write(1) as session:
        session.execute(delete(Outbox))
        session.execute(delete(PostedMessage))
    old = town.person("ULUIS").types("CPROG", "/pm I-1").shown[0]
    town.person("ULUIS").presses(old, "issue.start")
    assert "Sev2 issue in progress" in card(town)["blocks"][0]["text"]["text"]


def test_a_copy_is_shared_where_one_is(town):
    log(town)
    kavya = town.person("UKAVYA")
    kavya.presses(kavya.reads("CLEDGER")[-1], "issue.share")
    assert town.card("CLEDGER", "kavya shared I-1: Ledger does not reconcile. Open, sev2")


def test_five_working_days_after_it_was_resolved_it_closes_by_itself_unless_reopened(town):
    log(town, "ULUIS")
    log(town, "ULUIS", title="Second of two issues")
    for number in (1, 2):
        town.person("ULUIS").presses(card(town, number), "issue.start")
        town.person("ULUIS").presses(card(town, number), "issue.resolve")
    town.person("ULUIS").presses(card(town, 2), "issue.more", option="reopen:2")
    town.person("ULUIS").submits({"reason": "It came back on Tuesday"})
    town.play(MONDAY.replace(day=5, month=4))
    assert issue(town).status == "resolved"
    town.play(MONDAY.replace(day=6, month=4))
    assert (issue(town).status, issue(town, 2).status) == ("closed", "open")
    shown = card(town)
    assert "*Closed:*" in shown["blocks"][0]["text"]["text"]
    last = town.person("UMAYA").thread("CLEDGER", shown["ts"])[-1]["blocks"][0]["text"]["text"]
    assert last == "*By itself*: State Closed, was Resolved. Why: Nobody reopened it for 5 working days."
    before = town.count(History, kind="issue")
    town.play(MONDAY.replace(day=8, month=4))
    assert town.count(History, kind="issue") == before


def test_the_card_of_the_risk_that_it_was_follows_it(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips the API")
    luis.submits({"probability": "4", "impact": "5", "category": "vendor"})
    risk = town.card("CLEDGER", "New Extreme risk R-1")
    luis.presses(risk, "risk.more", option="happen:1")
    luis.submits({"title": "The vendor did slip", "severity": "sev2", "owner": "UJONAS"})
    assert "<@UJONAS> to acknowledge" in card(town)["blocks"][0]["text"]["text"]
    assert "|R-1>" in str(card(town)["blocks"][1])
    assert not [m for m in luis.reads("CLEDGER") if m["text"].startswith("Logged I-1")]
    for action, state in (("start", "In progress"), ("resolve", "Resolved")):
        town.person("UJONAS").presses(
            card(town),
            "issue.more" if action == "start" else "issue.resolve",
            option=(f"{action}:1" if action == "start" else None),
        )
        assert f"*Issue state* {state}" in str(town.card("CLEDGER", "R-1 Vendor slips the API has happened")["blocks"])
    luis.presses(town.card("CLEDGER", "R-1 Vendor slips the API has happened"), "risk.settle")
    with town.database.read(1) as session:
        assert session.scalars(select(Risk.status)).one() == "closed"


def test_an_issue_of_a_restricted_project_is_not_there_for_others(town):
    log(town, "ULUIS")
    town.restrict()
    ruby = town.person("URUBY")
    ours, nobodys = ruby.types("CFRAUD", "/pm I-1").text, ruby.types("CFRAUD", "/pm I-7").text
    assert ours.replace("I-1", "I-7") == nobodys
    said = town.person("ULUIS").types("CFRAUD", "/pm I-1")
    assert said.text.startswith("Sev2 issue I-1")
    payload = caught(town, lambda: town.person("ULUIS").presses(said.shown[0], "issue.start"))
    town.deliver("interactive", payload | {"user": {"id": "URUBY"}})
    assert issue(town).status == "open"
