"""Logging a risk: the form, the card, the receipt, and every kind of wrong input."""

import pytest
from sqlalchemy import select

from bot.services import risk as risks
from models.tables import History, Outbox, Risk
from tests.town import Town

GOOD = {"title": "Vendor slips the API", "probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}


def log(town: Town, user: str = "ULUIS", **answers: object):
    person = town.person(user)
    person.types("CLEDGER", "/risk")
    return person.submits(GOOD | answers, force=True)


def test_a_risk_typed_into_the_form_becomes_a_card_in_its_channel(town):
    nina = town.person("UKAVYA")
    nina.types("CLEDGER", "/risk Vendor slips the API")
    assert nina.modal["title"]["text"] == "Log a risk"
    nina.submits({"probability": "4", "impact": "4", "category": "vendor", "owner": "ULUIS"})

    card = town.card("CLEDGER", "New Extreme risk R-1 in Ledger Migration: Vendor slips the API.")
    assert "<@ULUIS> to acknowledge by" in card["blocks"][0]["text"]["text"]
    assert [m.user for m in town.sandbox.mentions if m.channel == "CLEDGER"] == ["ULUIS"]
    assert nina.reads("CLEDGER")[-1]["text"].startswith("Logged R-1: Vendor slips the API. Extreme 16, owner luis")
    assert not any(m["text"].startswith("Logged R-1") for m in town.person("ULUIS").reads("CLEDGER"))
    with town.database.read(1) as session:
        risk = risks.find(session, 1)
        assert (risk.score, risk.author.handle, risk.place.name) == (16, "kavya", "Ledger Migration")


def test_the_score_is_shown_while_one_chooses(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Something happens here")
    luis.fills({"probability": "3"})
    assert not [b for b in luis.modal["blocks"] if b.get("block_id") == "score"]
    luis.fills({"impact": "4"})
    [line] = [b for b in luis.modal["blocks"] if b.get("block_id") == "score"]
    assert "*High 12* (P3 × I4). The owner has 1 working day to acknowledge" in line["elements"][0]["text"]
    luis.submits({"category": "budget"})
    assert town.card("CLEDGER", "New High risk R-1 in Ledger Migration: Something happens here.")


def test_two_quick_choices_are_both_heard(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Something happens here")
    luis.fills({"probability": "3"})
    before = dict(luis.modal)
    luis.fills({"impact": "4"})
    late = {
        "type": "block_actions",
        "trigger_id": "1.2.quick",
        "user": {"id": "ULUIS"},
        "team": {"id": town.identity["team_id"]},
        "container": {"type": "view", "view_id": before["id"]},
        "view": luis.modal | {"hash": before["hash"]},
        "actions": [{"action_id": "impact", "block_id": "impact", "type": "static_select"}],
    }
    town.deliver("interactive", late)
    assert [b["elements"][0]["text"][:30] for b in luis.modal["blocks"] if b.get("block_id") == "score"]
    assert luis.direct_messages() == []


def test_an_owner_who_logs_a_risk_is_not_asked_to_acknowledge_it(town):
    log(town)
    card = town.card("CLEDGER", "New Extreme risk R-1")
    assert "luis has it" in card["text"]
    [buttons] = [block for block in card["blocks"] if block["type"] == "actions"]
    assert "risk.acknowledge" not in [element["action_id"] for element in buttons["elements"]]


def test_the_owner_of_a_low_risk_is_told_in_one_line_that_carries_the_button(town):
    log(town, "UKAVYA", probability="1", impact="2")
    luis = town.person("ULUIS")
    [line] = luis.direct_messages()
    assert line["text"].startswith("You own R-1 now: Vendor slips the API.")
    luis.presses(line, "risk.acknowledge")
    assert "luis has it" in town.card("CLEDGER", "New Low risk R-1")["text"]
    assert "accessory" not in luis.direct_messages()[0]["blocks"][0]


def test_acknowledging_is_for_the_owner_and_happens_once(town):
    log(town, "UKAVYA")
    card = town.card("CLEDGER", "New Extreme risk R-1")
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    assert kavya.presses(card, "risk.acknowledge").text == "You cannot acknowledge R-1."
    luis.presses(card, "risk.acknowledge")
    card = town.card("CLEDGER", "New Extreme risk R-1")
    assert "edited" in card
    assert "luis has it" in card["text"]


def test_the_card_links_to_itself_once_it_stands(town):
    log(town, "UKAVYA")
    shown = town.person("UKAVYA").types("CLEDGER", "/pm R-1")
    assert "https://example-workspace.slack.com/archives/CLEDGER/p" in shown.shown[0]["blocks"][0]["text"]["text"]


@pytest.mark.parametrize("typed", ["R-1", "r-1", "r1", "R-001"])
def test_a_record_is_shown_by_its_number_to_the_asker_alone(town, typed):
    log(town)
    kavya = town.person("UKAVYA")
    shown = kavya.types("CPROG", f"/pm {typed}")
    assert shown.text.startswith("New Extreme risk R-1 in Ledger Migration: Vendor slips the API.")
    assert shown.shown[0]["ephemeral"]


@pytest.mark.parametrize("typed", ["R-7", "D-1", "R-0", "R-99999999999"])
def test_a_number_that_nobody_has_is_said_so(town, typed):
    said = town.person("UKAVYA").types("CPROG", f"/pm {typed}").text
    assert said.startswith(("I cannot find", "I do not know"))


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"title": ""}, "title", "Say what could happen in 5 to 150 characters."),
        ({"title": "   \n  "}, "title", "Say what could happen in 5 to 150 characters."),
        ({"title": "abc"}, "title", "Say what could happen in 5 to 150 characters."),
        ({"next_review_on": "2026-03-29"}, "next_review_on", "This date is past. Choose Mon 30 Mar 2026 or later."),
        ({"proximity_on": "2020-01-01"}, "proximity_on", "This date is past. Choose Mon 30 Mar 2026 or later."),
        ({"owner": "UGONE"}, "owner", "This person is not in the workspace any more. Choose someone else."),
        ({"owner": "UROBOT"}, "owner", "This is an app, not a person. Choose someone else."),
        (
            {"owner": "UNOBODY"},
            "owner",
            "I do not know this person yet. Choose someone else, or try again in a minute.",
        ),
    ],
)
def test_wrong_input_is_told_at_its_field_and_can_be_corrected(town, answers, field, words):
    person = town.person("ULUIS")
    person.types("CLEDGER", "/risk")
    town.sandbox.person("ULUIS").submits(GOOD | answers, force=True)
    assert person.form_errors == {field: words}
    assert town.count(Risk) == 0
    mended = {"title": "Vendor slips", "owner": "ULUIS", "statement": "Given that"}
    person.submits({field: mended.get(field, "2026-06-01")})
    assert person.form_errors == {}
    assert town.count(Risk) == 1


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        ("title", "x" * 151, "Say what could happen in 5 to 150 characters."),
        ("title", "&" * 3000, "Say what could happen in 5 to 150 characters."),
        ("statement", "&" * 3000, "Keep cause and consequence under 1,000 characters."),
        ("probability", "9", "Choose how likely it is, from 1 to 5."),
        ("project", "project:999", "This one is not open any more. Choose another."),
        ("project", "program:1; drop table risk", "This one is not open any more. Choose another."),
        ("category", "nonsense", "Choose one of the categories."),
    ],
)
def test_what_no_client_would_send_is_refused_at_its_field_too(town, field, text, words):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk")
    luis.fills(GOOD)
    assert town.submit_unchecked("ULUIS", {field: text}) == {"response_action": "errors", "errors": {field: words}}
    assert town.count(Risk) == 0


def test_everything_wrong_is_told_at_once(town):
    person = town.person("ULUIS")
    person.types("CLEDGER", "/risk")
    person.submits({"title": "x", "owner": "UGONE", "next_review_on": "2026-01-01", "probability": "2"}, force=True)
    assert set(person.form_errors) == {"title", "owner", "next_review_on", "impact", "category"}


@pytest.mark.parametrize(
    "title",
    [
        "<!channel> <b> & co",
        "& " * 60,
        "<@UMAYA> must see <https://evil.example|this>",
        "الخطر: المورد يتأخر",
        "🔥🔥🔥 everything burns 🚒",
        "*bold* _it_ ~no~ `code` @here",
    ],
)
def test_any_text_is_shown_as_typed_and_pings_nobody(town, title):
    log(town, title=title)
    card = town.card("CLEDGER", "New Extreme risk R-1")
    typed = " ".join(title.split())
    escaped = typed.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    shown = card["blocks"][0]["text"]["text"]
    assert escaped[:140].rsplit("&", 1)[0] in shown
    with town.database.read(1) as session:
        assert risks.find(session, 1).title == typed
    assert [m.user for m in town.sandbox.mentions] == []


def test_a_statement_of_1000_ampersands_fits_its_card(town):
    log(town, statement="&" * 1000)
    assert town.card("CLEDGER", "New Extreme risk R-1")


def test_3000_ampersands_behind_a_command_come_back_and_nothing_is_saved(town):
    said = town.person("ULUIS").types("CLEDGER", "/risk " + "&" * 3000)
    assert "That is too long for one record: 3000 characters" in said.shown[0]["blocks"][0]["text"]["text"]
    assert "&amp;&amp;&amp;" in said.shown[0]["blocks"][0]["text"]["text"]


def test_words_too_long_for_a_title_are_kept_in_the_form(town):
    luis = town.person("ULUIS")
    words = "the vendor slips " * 20
    luis.types("CLEDGER", f"/risk {words}")
    values = {
        block["block_id"]: block["element"].get("initial_value") for block in luis.modal["blocks"] if "element" in block
    }
    assert len(values["title"]) <= 150
    assert values["statement"] == words.strip()


def test_the_program_channel_asks_which_project(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    luis = town.person("ULUIS")
    luis.types("CPROG", "/risk Vendor slips the API")
    [field] = [b for b in luis.modal["blocks"] if b.get("block_id") == "project"]
    names = [option["text"]["text"] for option in field["element"]["options"]]
    assert names == ["Fraud Signals", "Ledger Migration", "Whole program: Payments Renewal"]
    assert "initial_option" not in field["element"]
    luis.submits(GOOD | {"project": field["element"]["options"][2]["value"]})
    assert town.card("CPROG", "New Extreme risk R-1 in Payments Renewal")


def test_a_guest_logs_nothing_and_is_told_who_can(town):
    said = town.person("UGUEST").types("CLEDGER", "/risk Vendor slips the API")
    assert said.text == "Guests answer what they are asked, and log nothing themselves."
    assert "You typed `/risk Vendor slips the API`" in str(said.shown[-1]["blocks"])
    assert said.modal is None


def test_what_was_submitted_twice_is_one_risk_one_card_and_the_same_answer(town):
    first = log(town)
    again = town.sandbox.repeat_last_delivery()
    assert again.ack == first.ack
    assert town.count(Risk) == 1
    assert len([m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("New Extreme")]) == 1


def test_two_people_log_at_once_and_get_two_numbers(town):
    luis, kavya = town.person("ULUIS"), town.person("UKAVYA")
    luis.types("CLEDGER", "/risk First of two risks")
    kavya.types("CLEDGER", "/risk Second of two risks")
    kavya.submits({"probability": "2", "impact": "2", "category": "vendor"})
    luis.submits({"probability": "2", "impact": "2", "category": "vendor"})
    assert town.card("CLEDGER", "New Moderate risk R-1 in Ledger Migration: Second")
    assert town.card("CLEDGER", "New Moderate risk R-2 in Ledger Migration: First")


def test_a_project_that_the_channel_does_not_tell_is_asked_for(town):
    luis = town.person("ULUIS")
    luis.types("CEMPTY", "/risk Vendor slips the API")
    [field] = [b for b in luis.modal["blocks"] if b.get("block_id") == "project"]
    assert "initial_option" in field["element"], "the only project that luis belongs to is chosen"


def test_logging_leaves_history(town):
    log(town)
    with town.database.read(1) as session:
        rows = session.scalars(select(History).where(History.kind == "risk").order_by(History.id)).all()
        assert [(row.field, row.new) for row in rows] == [
            ("", "logged"),
            ("score", {"probability": 4, "impact": 5}),
        ]
    assert town.count(Outbox) > 0
