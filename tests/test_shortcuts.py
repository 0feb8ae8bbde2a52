"""Slack's shortcuts: a record out of a message, with a link back where everybody who reads it may follow it."""

import json

import pytest
from sqlalchemy import select

from bot.slack_rules.limits import PRIVATE_METADATA
from models.tables import Decision, Issue, Risk
from tests.town import Town

HOSTILE = "<!channel> <b> & co"
RATED = {"probability": "4", "impact": "5", "category": "vendor"}
FROM_MESSAGE = ["risk.from_message", "decision.from_message", "issue.from_message"]
ANYWHERE = ["risk.anywhere", "decision.anywhere", "status.anywhere"]


def says(town: Town, user: str, channel: str, words: str) -> dict:
    """A message that is there to be read."""
    town.person(user).types(channel, words)
    return town.person(user).reads(channel)[-1]


def initial(modal: dict) -> dict[str, str | None]:
    return {
        block["block_id"]: block["element"].get("initial_value")
        for block in modal["blocks"]
        if block["type"] == "input"
    }


def source(modal: dict) -> str:
    return next(block["elements"][0]["text"] for block in modal["blocks"] if block.get("block_id") == "source")


def readers(modal: dict) -> str | None:
    return next((b["text"]["text"] for b in modal["blocks"] if b.get("block_id") == "readers"), None)


def the_only(town: Town, table: type):
    with town.database.read(1) as session:
        return session.scalars(select(table)).one()


def secret_project(town: Town) -> None:
    luis = town.person("ULUIS")
    luis.types("CSECRET", "/pm setup Secret Sauce")
    luis.submits({"target_on": "2026-06-30", "program": None})


def test_a_message_becomes_a_risk_that_links_back_to_it(town):
    said = says(town, "UKAVYA", "CLEDGER", "Vendor slips the API. They told @luis today\nand nobody else.")
    form = town.person("ULUIS").uses_on_message(said, "risk.from_message").modal
    assert form["title"]["text"] == "Log a risk"
    assert source(form) == "From a message by kavya in <#CLEDGER>."
    assert readers(form) is None
    assert initial(form)["title"] == "Vendor slips the API."
    assert initial(form)["statement"] == "They told @luis today\nand nobody else."
    town.person("ULUIS").submits(RATED)
    assert town.person("ULUIS").form_errors == {}
    url = f"https://example-workspace.slack.com/archives/CLEDGER/p{said['ts'].replace('.', '')}"
    assert the_only(town, Risk).source_url == url
    card = town.card("CLEDGER", "New Extreme risk R-1")
    assert f"Logged by luis from <{url}|a message>" in card["blocks"][-1]["elements"][0]["text"]


def test_a_message_becomes_a_decision_that_links_back_to_it(town):
    said = says(town, "UKAVYA", "CLEDGER", "Do we cut over in May?")
    maya = town.person("UMAYA")
    form = maya.uses_on_message(said, "decision.from_message").modal
    assert initial(form)["title"] == "Do we cut over in May?"
    assert source(form) == "From a message by kavya in <#CLEDGER>."
    maya.submits({"approver": "ULUIS"}, force=True)
    assert maya.form_errors == {}
    assert the_only(town, Decision).source_url.endswith(f"/archives/CLEDGER/p{said['ts'].replace('.', '')}")


def test_a_message_becomes_an_issue_that_links_back_to_it(town):
    said = says(town, "UKAVYA", "CLEDGER", "The test ledger does not reconcile. Since Monday, with all tenants")
    luis = town.person("ULUIS")
    form = luis.uses_on_message(said, "issue.from_message").modal
    assert initial(form)["title"] == "The test ledger does not reconcile."
    assert source(form) == (
        "From a message by kavya in <#CLEDGER>. It is longer than fits here: this is its beginning."
    )
    luis.submits({"severity": "sev2"})
    assert luis.form_errors == {}
    assert the_only(town, Issue).source_url.endswith(f"/archives/CLEDGER/p{said['ts'].replace('.', '')}")
    assert "a message>" in str(town.card("CLEDGER", "Sev2 issue I-1")["blocks"])


def test_a_reply_in_a_thread_is_linked_with_its_thread(town):
    said = says(town, "UKAVYA", "CLEDGER", "How is the vendor?")
    town.person("UKAVYA").types("CLEDGER", "The vendor is late", thread_ts=said["ts"])
    reply = town.person("ULUIS").thread("CLEDGER", said["ts"])[-1]
    luis = town.person("ULUIS")
    luis.uses_on_message(("CLEDGER", reply["ts"]), "risk.from_message")
    luis.submits(RATED)
    assert the_only(town, Risk).source_url.endswith(f"?thread_ts={said['ts']}&cid=CLEDGER")


@pytest.mark.parametrize("callback", FROM_MESSAGE)
def test_any_text_comes_into_the_form_as_it_reads_and_calls_nobody(town, callback):
    said = says(town, "UKAVYA", "CFRAUD", f"Ask @maya & @luis in #p-ledger about {HOSTILE.replace('<!channel>', '')}")
    luis = town.person("ULUIS")
    form = luis.uses_on_message(said, callback).modal
    assert initial(form)["title"] == "Ask @maya & @luis in #p-ledger about <b> & co"
    before = len(town.sandbox.mentions)
    luis.submits(RATED if callback == "risk.from_message" else {}, force=True)
    assert [m for m in town.sandbox.mentions[before:] if m.user == "UMAYA"] == []


def test_a_long_message_fits_and_says_that_it_was_cut(town):
    said = says(town, "UKAVYA", "CLEDGER", "Vendor slips. " + "& " * 2000)
    luis = town.person("ULUIS")
    form = luis.uses_on_message(said, "risk.from_message").modal
    assert source(form).endswith("It is longer than fits here: this is its beginning.")
    assert len(initial(form)["statement"]) == 1000
    luis.submits(RATED)
    assert luis.form_errors == {}


def test_ratings_in_a_message_are_words_like_any_other(town):
    said = says(town, "UKAVYA", "CLEDGER", "The p4 queue and the i5 index are slow")
    form = town.person("ULUIS").uses_on_message(said, "risk.from_message").modal
    assert initial(form)["title"] == "The p4 queue and the i5 index are slow"
    assert all("initial_option" not in b["element"] for b in form["blocks"] if b.get("block_id") == "probability")


def test_a_message_of_the_bots_can_be_logged_too(town):
    town.person("ULUIS").types("CLEDGER", "/risk Vendor slips the API p4 i5 @luis")
    card = town.card("CLEDGER", "New Extreme risk R-1")
    form = town.person("UKAVYA").uses_on_message(card, "decision.from_message").modal
    assert initial(form)["title"].startswith("New Extreme risk R-1")


@pytest.mark.parametrize("channel", ["CSECRET", "GHUDDLE", "DBOTH"])
def test_from_a_private_conversation_the_form_says_who_will_read_it_and_keeps_no_link(town, channel):
    if channel != "CSECRET":
        town.sandbox.add_channel(channel, f"mpdm-{channel.lower()}", ["UMAYA", "ULUIS"], is_private=True)
    said = says(town, "UMAYA", channel, "The vendor told me they will slip. Keep it quiet")
    luis = town.person("ULUIS")
    form = luis.uses_on_message(said, "risk.from_message").modal
    assert source(form) == "From a message by maya in a private conversation."
    assert readers(form) == (
        "This came from a private conversation. Members of <#CLEDGER> will read what you leave here. "
        "The link back is not kept."
    )
    assert "vendor told me" not in form["private_metadata"]
    luis.submits(RATED | {"title": "Vendor may slip", "statement": None})
    assert luis.form_errors == {}
    risk = the_only(town, Risk)
    assert (risk.title, risk.statement, risk.source_url) == ("Vendor may slip", None, None)
    assert "quiet" not in str(town.person("UKAVYA").reads("CLEDGER"))
    assert "from <" not in str(town.card("CLEDGER", "New Extreme risk R-1"))


def test_in_its_own_restricted_project_a_private_message_keeps_its_link(town):
    secret_project(town)
    said = says(town, "UMAYA", "CSECRET", "The recipe leaks")
    luis = town.person("ULUIS")
    form = luis.uses_on_message(said, "risk.from_message").modal
    assert readers(form) == "This came from a private conversation. Its members will read what you leave here."
    luis.submits(RATED)
    assert "/archives/CSECRET/p" in the_only(town, Risk).source_url


def test_another_project_chosen_in_the_form_changes_who_will_read_it(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    said = says(town, "UMAYA", "CSECRET", "The vendor will slip")
    maya = town.person("UMAYA")
    form = maya.uses_on_message(said, "risk.from_message").modal
    assert readers(form).startswith("This came from a private conversation. Members of the project's channel will")
    [project] = [block for block in form["blocks"] if block.get("block_id") == "project"]
    fraud = next(o["value"] for o in project["element"]["options"] if o["text"]["text"] == "Fraud Signals")
    maya.fills({"title": "Typed meanwhile", "project": fraud})
    assert "Members of <#CFRAUD> will read" in readers(maya.modal)
    maya.submits(RATED)
    assert the_only(town, Risk).title == "Typed meanwhile"


@pytest.mark.parametrize("callback", FROM_MESSAGE)
def test_what_the_form_carries_along_is_short(town, callback):
    said = says(town, "UMAYA", "CSECRET", "x" * 4000)
    form = town.person("ULUIS").uses_on_message(said, callback).modal
    assert len(form["private_metadata"]) < PRIVATE_METADATA / 2
    assert json.loads(form["private_metadata"])["private"] == "CSECRET"


@pytest.mark.parametrize("callback", FROM_MESSAGE)
def test_guests_are_refused_with_the_reason(town, callback):
    said = says(town, "UKAVYA", "CLEDGER", "Vendor slips the API")
    result = town.person("UGUEST").uses_on_message(said, callback)
    assert result.text == "Guests answer what they are asked, and log nothing themselves."
    assert result.modal is None


@pytest.mark.parametrize("callback", FROM_MESSAGE)
def test_people_of_another_company_are_refused(town, callback):
    said = says(town, "UKAVYA", "CLEDGER", "Vendor slips the API")
    town.person("UJONAS").uses_on_message(said, callback)
    town.person("UJONAS").closes()
    payload = {
        "type": "message_action",
        "callback_id": callback,
        "trigger_id": "7.7.stranger",
        "user": {"id": "UJONAS", "team_id": "TELSEWHERE"},
        "team": {"id": town.identity["team_id"]},
        "channel": {"id": "CLEDGER", "name": "p-ledger"},
        "message": {"ts": said["ts"], "text": said["text"], "user": "UKAVYA"},
    }
    town.deliver("interactive", payload)
    assert town.person("UJONAS").direct_messages()[-1]["text"].startswith("Guests answer what they are asked")


@pytest.mark.parametrize("message", [{}, {"text": None}, {"text": "", "ts": "1.2"}, {"text": "<@U", "user": None}])
@pytest.mark.parametrize("callback", FROM_MESSAGE)
def test_a_message_without_text_or_author_opens_an_empty_form(town, callback, message):
    said = says(town, "UKAVYA", "CLEDGER", "Vendor slips the API")
    town.sandbox.deliver = lambda kind, payload, retry=None: town.deliver(kind, {**payload, "message": message})
    form = town.person("ULUIS").uses_on_message(said, callback).modal
    assert source(form) == "From a message by somebody in <#CLEDGER>."
    assert not initial(form)["title"] or initial(form)["title"] == message["text"]


def test_from_anywhere_the_forms_open_and_the_only_project_is_chosen(town):
    luis = town.person("ULUIS")
    opened = []
    for callback in ANYWHERE:
        opened.append(luis.runs_shortcut(callback).modal["callback_id"])
        luis.closes()
    assert opened == ["risk.log", "decision.log", "status.post"]
    luis.runs_shortcut("risk.anywhere")
    luis.submits(RATED | {"title": "Vendor slips the API"})
    assert town.card("CLEDGER", "New Extreme risk R-1")


def test_a_guest_who_starts_from_anywhere_is_told_directly(town):
    guest = town.person("UGUEST")
    assert guest.runs_shortcut("risk.anywhere").modal is None
    assert guest.direct_messages()[-1]["text"].startswith("Guests answer what they are asked")


def test_what_was_submitted_twice_is_one_risk(town):
    said = says(town, "UKAVYA", "CLEDGER", "Vendor slips the API")
    luis = town.person("ULUIS")
    luis.uses_on_message(said, "risk.from_message")
    luis.submits(RATED)
    town.sandbox.repeat_last_delivery()
    assert the_only(town, Risk).title == "Vendor slips the API"


def test_a_shortcut_delivered_twice_opens_one_form(town):
    said = says(town, "UKAVYA", "CLEDGER", "Vendor slips the API")
    luis = town.person("ULUIS")
    luis.uses_on_message(said, "risk.from_message")
    town.refused = {"views.open"}
    town.sandbox.repeat_last_delivery()
    assert len(luis.modals) == 1
    assert luis.direct_messages() == []
    assert the_only_or_none(town, Decision) is None


def the_only_or_none(town: Town, table: type):
    with town.database.read(1) as session:
        return session.scalars(select(table)).one_or_none()
