"""Turning a channel into a program or a project, and what happens where the bot is not."""

import pytest
from sqlalchemy import select

from bot.services import places
from models.tables import History, ScheduleRule
from tests.test_twice import caught


def test_a_channel_becomes_a_project_with_three_fields(town):
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup")
    inputs = {b["block_id"]: b["element"] for b in kavya.modal["blocks"] if b["type"] == "input"}
    assert inputs["name"]["initial_value"] == "P fraud"
    assert inputs["owner"]["initial_user"] == "UKAVYA"
    kavya.submits({"name": "Fraud Signals", "target_on": "2026-06-30"})
    done = kavya.reads("CFRAUD")[-1]
    assert done["text"].startswith("Fraud Signals is set up. Owner kavya, target Tue 30 Jun.")
    assert done["ephemeral"]
    with town.database.read(1) as session:
        place = places.of_channel(session, "CFRAUD")
        assert (place.owner.handle, str(place.baseline_on), place.restricted) == ("kavya", "2026-06-30", False)
        rule = session.scalars(select(ScheduleRule).where(ScheduleRule.project_id == place.id)).one()
        assert (rule.tz, str(rule.next_due_at)) == ("Asia/Kolkata", "2026-04-02 04:30:00+00:00")


def test_the_form_of_a_program_has_a_sponsor_and_no_required_date(town):
    maya = town.person("UMAYA")
    maya.types("CFRAUD", "/pm setup Privacy")
    maya.fills({"kind": "program"})
    inputs = {b["block_id"]: b for b in maya.modal["blocks"] if b["type"] == "input"}
    assert inputs["target_on"]["optional"]
    assert "sponsor" in inputs
    maya.submits({"sponsor": "UDANA"})
    assert town.card("CFRAUD", "Privacy is set up. Program manager maya.")


@pytest.mark.parametrize(
    ("answers", "field", "words"),
    [
        ({"name": " "}, "name", "Give it a name of 2 to 80 characters."),
        ({"target_on": "2026-03-01"}, "target_on", "This date is past. Choose Mon 30 Mar 2026 or later."),
        ({"target_on": None}, "target_on", "A project needs a target date. It becomes the first baseline."),
        ({"owner": "UGONE"}, "owner", "This person is not in the workspace any more. Choose someone else."),
        ({"backup": "UKAVYA"}, "backup", "The backup is asked when the owner is away. Choose someone else."),
    ],
)
def test_wrong_input_is_told_at_its_field(town, answers, field, words):
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup Fraud Signals")
    kavya.submits({"target_on": "2026-06-30"} | answers, force=True)
    assert kavya.form_errors == {field: words}
    with town.database.read(1) as session:
        assert places.of_channel(session, "CFRAUD") is None


def test_a_hostile_name_is_shown_as_typed(town):
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup <!channel> <b> & co")
    kavya.submits({"target_on": "2026-06-30"})
    assert "&lt;!channel&gt; &lt;b&gt; &amp; co is set up" in kavya.reads("CFRAUD")[-1]["text"]
    kavya.types("CFRAUD", "/risk")
    assert "&lt;!channel&gt;" not in kavya.modal["blocks"][1]["element"]["options"][0]["text"]["text"]


def test_setting_up_again_edits_and_keeps_the_first_baseline(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup")
    assert luis.modal["title"]["text"] == "Edit this channel"
    assert "kind" not in [b.get("block_id") for b in luis.modal["blocks"]]
    luis.submits({"target_on": "2026-07-01", "owner": "UKAVYA"})
    assert luis.form_errors == {}
    with town.database.read(1) as session:
        place = places.of_channel(session, "CLEDGER")
        assert (str(place.target_on), str(place.baseline_on)) == ("2026-07-01", "2026-05-22")
        fields = session.scalars(select(History.field).where(History.kind == "project").order_by(History.id)).all()
        assert fields == ["", "target_on", "owner_id"]
        rule = session.scalars(select(ScheduleRule).where(ScheduleRule.project_id == place.id)).one()
        assert rule.tz == "Asia/Kolkata"


def test_others_may_not_change_it(town):
    said = town.person("UKAVYA").types("CLEDGER", "/pm setup")
    assert said.modal is None
    assert said.text == "You cannot change Ledger Migration."


def test_a_guest_sets_nothing_up(town):
    assert town.person("UGUEST").types("CFRAUD", "/pm setup").text == "Guests cannot set up a channel."


def test_a_private_channel_makes_a_restricted_project(town):
    luis = town.person("ULUIS")
    luis.types("CSECRET", "/pm setup Secret Sauce")
    luis.submits({"target_on": "2026-06-30"})
    luis.types("CSECRET", "/risk The recipe leaks out")
    luis.submits({"probability": "5", "impact": "5", "category": "security"})
    kavya = town.person("UKAVYA")
    assert kavya.types("CPROG", "/pm R-1").text.startswith("I cannot find R-1")
    kavya.types("CEMPTY", "/risk Something")
    assert "Secret" not in str(kavya.modal["blocks"])
    assert town.person("ULUIS").types("CPROG", "/pm R-1").text.startswith("New Extreme risk R-1 in Secret Sauce")


def test_where_the_bot_is_not_it_says_how_to_invite_it_and_goes_on_then(town):
    town.refused = {"chat.postEphemeral", "chat.postMessage"}
    jonas = town.person("UJONAS")
    jonas.types("CEMPTY", "/pm setup Quiet Project")
    jonas.submits({"target_on": "2026-06-30"})
    [receipt] = jonas.direct_messages()
    assert receipt["text"].startswith("Quiet Project is set up.")
    assert "Type `/invite @stationmaster` there." in str(receipt["blocks"])
    jonas.types("CEMPTY", "/risk Nobody hears of this")
    jonas.submits({"probability": "5", "impact": "5", "category": "vendor"})
    assert jonas.reads("CEMPTY") == []
    jonas.invites_bot("CEMPTY")
    town.settle()
    assert [m["text"][:22] for m in jonas.reads("CEMPTY")] == ["New Extreme risk R-1 i"]


def test_an_invited_bot_says_one_line_and_asks_nobody(town):
    jonas = town.person("UJONAS")
    jonas.invites_bot("CEMPTY")
    [line] = jonas.reads("CEMPTY")
    assert line["text"] == "Stationmaster is here. Type /pm setup to track this project here."
    jonas.presses(line, "setup.open")
    assert jonas.modal["title"]["text"] == "Set up this channel"
    jonas.submits({"name": "Quiet Project", "target_on": "2026-06-30"})
    assert jonas.reads("CEMPTY")[-1]["text"].startswith("Quiet Project is set up.")


def test_two_people_set_up_one_channel_at_once(town):
    kavya, jonas = town.person("UKAVYA"), town.person("UJONAS")
    kavya.types("CFRAUD", "/pm setup Fraud Signals")
    jonas.types("CFRAUD", "/pm setup Fraud Again")
    kavya.submits({"target_on": "2026-06-30"})
    jonas.submits({"target_on": "2026-06-30"})
    words = "This channel was set up a moment ago. Type /pm setup again to change it."
    assert jonas.form_errors == {"name": words}


def test_the_receipt_leads_on(town):
    kavya = town.person("UKAVYA")
    kavya.types("CFRAUD", "/pm setup Fraud Signals")
    kavya.submits({"target_on": "2026-06-30"})
    receipt = kavya.reads("CFRAUD")[-1]
    kavya.presses(receipt, "risk.form")
    [project] = [block for block in kavya.modal["blocks"] if block.get("block_id") == "project"]
    assert project["element"]["initial_option"]["text"]["text"] == "Fraud Signals"
    kavya.closes()
    kavya.presses(receipt, "status.open")
    assert "Fraud Signals" in str(kavya.modal["blocks"][0])
    kavya.closes()
    kavya.presses(receipt, "setup.edit")
    kavya.submits({"name": "Fraud and Signals"})
    assert kavya.reads("CFRAUD")[-1]["text"].startswith("Fraud and Signals is changed.")


def test_who_lost_the_right_to_change_it_is_told_on_saving(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    luis.types("CLEDGER", "/pm setup")
    maya.types("CLEDGER", "/pm setup")
    maya.submits({"owner": "UKAVYA"})
    luis.submits({"name": "Mine after all"})
    assert luis.form_errors["name"].startswith("You cannot change Ledger Migration.")


def test_a_direct_message_is_no_project(town):
    luis = town.person("ULUIS")
    body = {
        "command": "/pm",
        "text": "setup",
        "user_id": "ULUIS",
        "team_id": town.identity["team_id"],
        "channel_id": luis.dm,
        "channel_name": "directmessage",
        "trigger_id": "1.2.3",
    }
    said = town.deliver("slash_commands", body)
    assert said["text"].startswith("A direct message cannot be a project.")


@pytest.mark.parametrize("channel", ["GHUDDLE", "CHUDDLE"])
def test_a_conversation_of_a_few_is_restricted_and_its_name_is_kept_by_nobody(town, channel):
    """Slack names it after its people."""
    luis = town.person("ULUIS")
    town.sandbox.add_channel(
        channel, "mpdm-luis--maya-1", ["ULUIS", "UMAYA", town.sandbox.bot_user_id], is_private=True
    )
    payload = caught(town, lambda: luis.types(channel, "/pm setup Takeover"))
    town.deliver("slash_commands", payload | {"channel_name": "mpdm-luis--maya-1"})
    luis.submits({"target_on": "2026-06-30"})
    with town.database.read(1) as session:
        place = places.of_channel(session, channel)
    assert (place.restricted, place.channel_name) == (True, None)
