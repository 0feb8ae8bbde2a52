"""An admin takes words out of a record: they are gone from it, its history, its cards, search and exports."""

import json

import pytest
from sqlalchemy import select

from bot.domain.redaction import REDACTED, patterns, without
from bot.services.history import record_change
from models.schemas.redaction import REASONS
from models.tables import History, Outbox, Risk
from tests.neighbours import everything, install_neighbour

SECRET = "Acme & Sons <secret>"
RISK = {"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"}


@pytest.fixture
def told(town):
    """A risk whose title and statement hold a name; its title was another before, for a reason that holds it too."""
    kavya = town.person("UKAVYA")
    kavya.types("CLEDGER", "/risk")
    kavya.submits({**RISK, "title": f"{SECRET} slips", "statement": f"{SECRET} reorganises.\nIt comes late."})
    assert kavya.form_errors == {}
    with town.database.write(1) as session:
        record_change(
            session,
            "risk",
            1,
            at=town.clock.now(),
            actor_id=1,
            field="title",
            old=f"{SECRET} breaks",
            new=f"{SECRET} slips",
            reason=f"Since {SECRET} said so",
        )
    return town


def redact(town, fields, *, by="UMAYA", ref="R-1"):
    admin = town.person(by)
    admin.types("CLEDGER", f"/pm redact {ref}")
    admin.submits({"fields": fields, "reason": "A customer's name"})
    assert admin.form_errors == {}
    return admin


def holds(town, words="Acme"):
    return sorted(
        table for table, rows in everything(town.database, workspace=1).items() for row in rows if words in str(row)
    )


def test_words_are_taken_out_everywhere_and_history_says_who_did_it(told):
    assert {"risk", "history", "outbox"} <= set(holds(told))
    redact(told, ["title", "statement", REASONS])
    assert holds(told) == []
    with told.database.read(1) as session:
        risk = session.scalars(select(Risk)).one()
        assert (risk.title, risk.statement, risk.version) == (REDACTED, REDACTED, 2)
        changed = session.scalars(select(History).where(History.field == "title")).one()
        assert (changed.old, changed.new, changed.reason) == (REDACTED, REDACTED, REDACTED)
        assert changed.redacted_at is not None
        said = session.scalars(select(History).where(History.field == "redacted")).one()
        assert (said.new, said.reason) == (["title", "statement", REASONS], "A customer's name")


def test_the_card_changes_in_place_and_its_thread_says_that_it_was_redacted(told):
    redact(told, ["title", "statement"])
    told.pass_time(minutes=1)
    channel = json.dumps(told.person("ULUIS").reads("CLEDGER"))
    assert "Acme" not in channel and REDACTED in channel
    with told.database.read(1) as session:
        line = session.scalars(select(Outbox).where(Outbox.body["under"].as_string() == "risk.card:1")).one()
    assert line.state == "sent" and "maya: Words taken out of title, cause and consequence" in line.body["text"]


def test_search_finds_the_words_no_more(told):
    kavya = told.person("UKAVYA")
    assert "R-1" in kavya.types("CLEDGER", "/pm search reorganises").text
    redact(told, ["statement"])
    assert "R-1" not in json.dumps(kavya.types("CLEDGER", "/pm search reorganises").shown)


def test_what_is_not_chosen_stays(told):
    redact(told, ["statement"])
    with told.database.read(1) as session:
        risk = session.scalars(select(Risk)).one()
        assert (risk.title, risk.statement) == (f"{SECRET} slips", REDACTED)


def test_a_form_that_was_open_meanwhile_does_not_bring_the_words_back(told):
    luis = told.person("ULUIS")
    card = next(message for message in luis.reads("CLEDGER") if "Acme" in message["text"])
    luis.presses(card, "risk.more", option="respond:1")
    redact(told, ["title", "statement"])
    luis.submits({"response_strategy": "mitigate", "response_plan": "Ask them"}, force=True)
    with told.database.read(1) as session:
        assert session.scalars(select(Risk.title)).one() == REDACTED


@pytest.mark.parametrize("user", ["UKAVYA", "UGUEST", "UDANA"])
def test_who_is_no_admin_takes_nothing_out(told, user):
    person = told.person(user)
    assert "Only an admin" in person.types("CLEDGER", "/pm redact R-1").text


@pytest.mark.parametrize("words", ["", "R-99", "the first risk", "<!channel>"])
def test_a_wrong_word_is_explained(told, words):
    maya = told.person("UMAYA")
    said = maya.types("CLEDGER", f"/pm redact {words}").text
    assert "I cannot find R-99" in said if words == "R-99" else "Say which record" in said


def test_nothing_is_taken_out_of_another_workspaces_record(told):
    _, theirs = install_neighbour(told.database)
    maya = told.person("UMAYA")
    maya.types("CLEDGER", "/pm redact R-1")
    view = maya.modal | {"private_metadata": json.dumps({"kind": "risk", "record": theirs["risk"]})}
    boxes = {"type": "checkboxes", "selected_options": [{"value": "title"}]}
    reason = {"type": "plain_text_input", "value": "Some reason"}
    view["state"] = {"values": {"fields": {"fields": boxes}, "reason": {"reason": reason}}}
    before = everything(told.database)["risk"]
    team = {"id": told.identity["team_id"], "domain": "example"}
    payload = {"type": "view_submission", "user": {"id": "UMAYA"}, "team": team, "view": view, "trigger_id": "1.a"}
    assert told.deliver("interactive", payload)["response_action"] == "errors"
    assert everything(told.database)["risk"] == before


def test_a_second_redaction_takes_the_rest(told):
    redact(told, ["statement"])
    redact(told, ["title", REASONS])
    assert holds(told) == []


def test_words_are_found_however_they_are_shown():
    found = patterns([SECRET, "A long text " * 10 + "\nwith two lines"])
    shown = {
        "text": "Acme &amp; Sons &lt;secret&gt; slips",
        "blocks": [{"a": "x A long text " + "A long text " * 5 + "…"}],
    }
    assert without(shown, found) == {"text": f"{REDACTED} slips", "blocks": [{"a": f"x {REDACTED}"}]}


def offered(message):
    """The ids of its buttons."""
    found = [block["elements"] for block in message["blocks"] if block["type"] == "actions"]
    return [element["action_id"] for elements in found for element in elements]


def test_an_admin_finds_it_on_the_card_that_they_alone_see_and_others_do_not(told):
    maya = told.person("UMAYA")
    shown = maya.types("CLEDGER", "/pm R-1").shown[-1]
    assert "redaction.open" not in offered(told.person("ULUIS").types("CLEDGER", "/pm R-1").shown[-1])
    assert "redaction.open" not in str(told.person("ULUIS").reads("CLEDGER")[0])
    maya.presses(shown, "redaction.open")
    maya.submits({"fields": ["title", "statement", REASONS], "reason": "A customer's name"})
    assert maya.form_errors == {}
    assert holds(told) == []


def test_the_button_of_an_admin_helps_nobody_else(told):
    shown = told.person("UMAYA").types("CLEDGER", "/pm R-1").shown[-1]
    told.sandbox.change_person("UMAYA", is_admin=False)
    assert "Only an admin" in str(told.person("UMAYA").presses(shown, "redaction.open").shown)


@pytest.fixture
def reported(town):
    """A status whose words and asks hold a name."""
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits(
        {"health": "green", "summary": f"{SECRET} is late", "asks": f"{SECRET} must decide", "ask_person": "UDANA"}
    )
    assert luis.form_errors == {}
    town.settle()
    return town


def test_words_are_taken_out_of_a_status_and_its_card_changes_in_place(reported):
    assert "status_update" in holds(reported)
    redact(reported, ["summary", "asks"], ref="status")
    reported.pass_time(minutes=1)
    assert holds(reported) == []
    channel = json.dumps(reported.person("ULUIS").reads("CLEDGER"))
    assert "Acme" not in channel and REDACTED in channel
    with reported.database.read(1) as session:
        said = session.scalars(select(History).where(History.field == "redacted")).one()
        assert (said.kind, said.new, said.reason) == ("status", ["summary", "asks"], "A customer's name")


def test_without_a_status_there_is_nothing_to_take_out(town):
    assert "No status was posted" in town.person("UMAYA").types("CLEDGER", "/pm redact status").text
