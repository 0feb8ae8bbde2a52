"""One typed line that is a whole risk: logged at once, answered with what was understood, taken back or shared."""

import pytest
from sqlalchemy import func, select

from bot.services import risk as risks
from models.tables import History, PostedMessage, Risk
from tests.town import Town

LINE = "/risk Vendor slips the API p4 i5 @luis by Friday"
HOSTILE = "<!channel> <b> & co"
ESCAPED = "&lt;!channel&gt; &lt;b&gt; &amp; co"


def answer(result):
    """What the person alone sees; the card may stand there before it."""
    [told] = [message for message in result.shown if message.get("ephemeral")]
    return told


def logged(town: Town, number: int = 1):
    with town.database.read(1) as session:
        return risks.find(session, number)


def facts(message) -> list[str]:
    return [field["text"] for field in message["blocks"][1]["fields"]]


def inputs(modal) -> dict[str, dict]:
    return {block["block_id"]: block["element"] for block in modal["blocks"] if block["type"] == "input"}


def alerts(modal) -> list[str]:
    return [block["text"]["text"] for block in modal["blocks"] if block["type"] == "alert"]


def test_a_line_that_says_all_is_logged_at_once_and_answered_alone(town):
    kavya = town.person("UKAVYA")
    said = kavya.types("CLEDGER", LINE)
    assert said.modal is None
    receipt = answer(said)
    assert receipt["ephemeral"]
    assert said.ack["response_type"] == "ephemeral", "the receipt is the answer to the command"
    assert receipt["text"] == (
        "Logged R-1: Vendor slips the API. Extreme 20, owner luis, review Fri 3 Apr. Edit or undo it in Slack."
    )
    assert receipt["blocks"][0]["text"]["text"] == (
        ":white_check_mark: *Logged R-1: Vendor slips the API*\nHere is what I understood:"
    )
    assert facts(receipt) == [
        "*Score* :large_red_square: Extreme 20 (P4 × I5)",
        "*Owner* <@ULUIS>",
        "*Review* Fri 3 Apr",
        "*Project* Ledger Migration (this channel)",
        "*Category* Vendor _(my guess)_",
        "*Kind* Threat _(default)_",
    ]
    assert receipt["blocks"][-1]["elements"][-1]["text"] == f"You typed `{LINE}`"
    assert town.card("CLEDGER", "New Extreme risk R-1 in Ledger Migration: Vendor slips the API.")
    assert len([m for m in kavya.reads("CLEDGER") if m["text"].startswith("Logged R-1")]) == 1
    risk = logged(town)
    assert (risk.owner.handle, risk.author.handle, str(risk.next_review_on)) == ("luis", "kavya", "2026-04-03")


def test_what_was_not_typed_is_marked_as_a_default_or_a_guess(town):
    said = town.person("ULUIS").types("CLEDGER", "/risk Something odd happens p1 i2")
    assert facts(answer(said))[1:] == [
        "*Owner* <@ULUIS> _(default)_",
        "*Review* Mon 22 Jun _(default)_",
        "*Project* Ledger Migration (this channel)",
        "*Category* Technical _(my guess)_",
        "*Kind* Threat _(default)_",
    ]


def test_everything_can_be_typed(town):
    line = "/pm risk opportunity: Cloud credits come early p=2 i:3 #budget @kavya by 2026-04-20"
    receipt = answer(town.person("ULUIS").types("CLEDGER", line))
    assert "_(" not in str(facts(receipt))
    risk = logged(town)
    assert (risk.kind, risk.category, risk.owner.handle) == ("opportunity", "budget", "kavya")
    assert risk.title == "Cloud credits come early"


def test_smart_quotes_line_breaks_and_codes_are_read_as_a_person_reads_them(town):
    line = "/risk “Handover” from @jonas\nfails — see #p-fraud & <b> p4 i4"
    town.person("ULUIS").types("CLEDGER", line)
    risk = logged(town)
    assert risk.title == "“Handover” from @jonas fails — see #p-fraud & <b>"
    assert risk.owner.handle == "jonas"


def test_hostile_words_are_shown_as_typed_and_call_nobody(town):
    receipt = answer(town.person("ULUIS").types("CLEDGER", f"/risk {HOSTILE} p4 i5"))
    assert f"Logged R-1: {ESCAPED}*" in receipt["blocks"][0]["text"]["text"]
    assert receipt["blocks"][-1]["elements"][-1]["text"] == f"You typed `/risk {ESCAPED} p4 i5`"
    assert logged(town).title == HOSTILE
    assert town.sandbox.mentions == []


def test_a_repeated_delivery_is_one_risk_and_the_same_receipt(town):
    first = town.person("UKAVYA").types("CLEDGER", LINE)
    again = town.sandbox.repeat_last_delivery()
    assert again.ack == first.ack
    assert town.count(Risk) == 1
    assert len([m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("New Extreme")]) == 1


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("p9 i5", "Probability is 1 to 5. You typed p9."),
        ("p4 i5 by 31 Feb", "I do not know the date “31 Feb”."),
        ("p4 i5 by 29 Mar 2026", "Sun 29 Mar 2026 is past. Choose a later date."),
        ("p4 i5 @nobody", "I do not know @nobody. Choose the owner."),
        ("p4 i5 <@UGONE>", "@gone: This person is not in the workspace any more. Choose someone else."),
        ("p4 i5 @robot", "@robot: This is an app, not a person. Choose someone else."),
    ],
)
def test_what_cannot_be_read_is_said_on_top_of_a_form_with_the_rest_filled_in(town, typed, problem):
    kavya = town.person("UKAVYA")
    form = kavya.types("CLEDGER", f"/risk Vendor slips the API {typed}").modal
    assert [words for words in alerts(form) if words.startswith(problem)]
    assert inputs(form)["title"]["initial_value"].startswith("Vendor slips the API")
    assert inputs(form)["category"]["initial_option"]["value"] == "vendor"
    assert inputs(form)["impact"]["initial_option"]["value"] == "5"
    assert inputs(form)["owner"]["initial_user"] == "UKAVYA"
    assert town.count(Risk) == 0
    kavya.submits({"probability": "4"})
    assert kavya.form_errors == {}
    assert logged(town).title.startswith("Vendor slips the API")


def test_a_line_without_ratings_fills_in_what_it_says(town):
    form = town.person("UKAVYA").types("CLEDGER", "/risk opportunity: Early cloud credits @luis by Friday p4").modal
    found = inputs(form)
    assert found["title"]["initial_value"] == "Early cloud credits"
    assert found["owner"]["initial_user"] == "ULUIS"
    assert found["next_review_on"]["initial_date"] == "2026-04-03"
    assert found["kind"]["initial_option"]["value"] == "opportunity"
    assert found["probability"]["initial_option"]["value"] == "4"
    assert "initial_option" not in found["impact"]
    assert alerts(form) == []


def test_ratings_that_were_typed_show_their_score_at_once(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    form = town.person("ULUIS").types("CPROG", LINE).modal
    assert "initial_option" not in inputs(form)["project"], "a program's channel leaves the choice"
    [score] = [block for block in form["blocks"] if block.get("block_id") == "score"]
    assert "Extreme 20" in score["elements"][0]["text"]


@pytest.mark.parametrize("title", ["abc", "x" * 151])
def test_a_title_that_no_form_takes_is_not_logged_by_a_line(town, title):
    form = town.person("ULUIS").types("CLEDGER", f"/risk {title} p4 i5").modal
    assert inputs(form)["impact"]["initial_option"]["value"] == "5"
    assert town.count(Risk) == 0


def test_many_wrong_options_are_counted(town):
    form = town.person("ULUIS").types("CLEDGER", "/risk Vendor slips p6 p7 p8 p9 i6").modal
    assert len(alerts(form)) == 3
    assert alerts(form)[-1].startswith("3 more options could not be read")


def test_away_from_its_channel_the_only_project_is_a_guess(town):
    receipt = answer(town.person("ULUIS").types("CEMPTY", LINE))
    assert "*Project* Ledger Migration _(my guess)_" in facts(receipt)
    assert town.card("CLEDGER", "New Extreme risk R-1")


def test_a_guest_logs_nothing(town):
    said = town.person("UGUEST").types("CLEDGER", LINE)
    assert said.text == "Guests answer what they are asked, and log nothing themselves."
    assert town.count(Risk) == 0


def test_undone_within_half_an_hour_its_card_goes_and_the_owner_is_told_in_the_same_line(town):
    kavya = town.person("UKAVYA")
    receipt = answer(kavya.types("CLEDGER", "/risk Vendor slips the API p1 i2 @luis"))
    [line] = town.person("ULUIS").direct_messages()
    assert line["text"].startswith("You own R-1 now")
    kavya.presses(receipt, "risk.undo")
    assert not [m for m in town.person("UMAYA").reads("CLEDGER") if "R-1" in m["text"]]
    [line] = town.person("ULUIS").direct_messages()
    assert line["text"] == "R-1 was taken back by kavya. Nothing is asked of you."
    shown = [m for m in kavya.reads("CLEDGER") if "R-1" in m["text"]]
    assert [m["text"] for m in shown] == [
        "Undone: R-1 is withdrawn and its card removed. The number will not be used again."
    ]
    risk = logged(town)
    assert (risk.status, risk.status_reason, risk.link) == ("rejected", "undone", None)
    with town.database.read(1) as session:
        keys = session.scalars(select(PostedMessage.key)).all()
        assert "risk.card:1" not in keys
        states = session.scalars(select(History.new).where(History.kind == "risk", History.field == "status")).all()
        assert states == ["rejected"]


def test_with_the_card_go_our_lines_in_its_thread_and_what_people_said_stays(town):
    kavya = town.person("UKAVYA")
    receipt = answer(kavya.types("CLEDGER", LINE))
    kavya.presses(receipt, "risk.edit")
    kavya.submits({"title": "Vendor slips the whole API"})
    card = town.card("CLEDGER", "New Extreme risk R-1")
    assert len(kavya.thread("CLEDGER", card["ts"])) == 2
    town.person("UMAYA").types("CLEDGER", "What about the SDK?", thread_ts=card["ts"])
    kavya.presses(receipt, "risk.undo")
    town.pass_time(seconds=10)
    left = [m["text"] for m in kavya.thread("CLEDGER", card["ts"])]
    assert "whole API" not in str(left)
    assert left[-1] == "What about the SDK?"


def test_an_owner_whom_nobody_has_told_yet_is_never_told(town):
    kavya = town.person("UKAVYA")
    town.sandbox.deliver = lambda kind, payload, retry=None: _without_sending(town, kind, payload)
    receipt = answer(kavya.types("CLEDGER", "/risk Vendor slips the API p1 i2 @luis"))
    kavya.presses(receipt, "risk.undo")
    town.sandbox.deliver = town.deliver
    town.settle()
    assert town.person("ULUIS").direct_messages() == []
    assert not [m for m in town.person("UMAYA").reads("CLEDGER") if "R-1" in m["text"]]
    assert town.sandbox.calls and not [call for call in town.sandbox.calls if call.method == "chat.delete"]


def _without_sending(town, kind, payload):
    settle, town.settle = town.settle, lambda: None
    try:
        return town.deliver(kind, payload)
    finally:
        town.settle = settle


def test_log_risk_comes_back_with_the_same_text(town):
    kavya = town.person("UKAVYA")
    receipt = answer(kavya.types("CLEDGER", LINE))
    kavya.presses(receipt, "risk.undo")
    undone = next(m for m in kavya.reads("CLEDGER") if m["text"].startswith("Undone"))
    form = kavya.presses(undone, "risk.again").modal
    found = inputs(form)
    assert found["title"]["initial_value"] == "Vendor slips the API"
    assert found["owner"]["initial_user"] == "ULUIS"
    assert found["probability"]["initial_option"]["value"] == "4"
    kavya.submits({"title": "Vendor slips the whole API"})
    assert logged(town, 2).title == "Vendor slips the whole API"


def test_a_receipt_that_is_pressed_twice_says_the_same(town):
    kavya = town.person("UKAVYA")
    receipt = answer(kavya.types("CLEDGER", LINE))
    kavya.presses(receipt, "risk.undo")
    first = [m["text"] for m in kavya.reads("CLEDGER")]
    town.sandbox.repeat_last_delivery()
    again = {
        "type": "block_actions",
        "trigger_id": "7.7.again",
        "user": {"id": "UKAVYA"},
        "team": {"id": town.identity["team_id"]},
        "channel": {"id": "CLEDGER"},
        "actions": [{"action_id": "risk.undo", "value": "1"}],
    }
    town.deliver("interactive", again)
    assert [m["text"] for m in kavya.reads("CLEDGER")] == first
    assert kavya.direct_messages()[-1]["text"].startswith("Undone: R-1")
    with town.database.read(1) as session:
        assert session.scalar(select(func.count()).where(History.field == "status")) == 1


def test_after_half_an_hour_or_another_persons_act_it_stands(town):
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    receipt = answer(kavya.types("CLEDGER", LINE))
    second = answer(kavya.types("CLEDGER", "/risk Vendor slips the SDK p4 i5 @luis"))
    luis.presses(town.card("CLEDGER", "New Extreme risk R-1"), "risk.acknowledge")
    assert kavya.presses(receipt, "risk.undo").text.startswith("R-1 can be undone for 30 minutes")
    town.pass_time(minutes=31)
    assert kavya.presses(second, "risk.undo").text.startswith("R-2 can be undone for 30 minutes")
    assert logged(town, 1).is_active
    assert logged(town, 2).is_active
    with town.database.read(1) as session:
        assert session.scalar(select(func.count()).where(History.field == "refused")) == 2


def test_an_old_receipt_answers_with_the_present_state(town):
    luis = town.person("ULUIS")
    receipt = answer(luis.types("CLEDGER", "/risk Vendor slips the API p1 i2"))
    luis.presses(town.card("CLEDGER", "New Low risk R-1"), "risk.more", option="close:1")
    luis.submits({"reason": "It was nothing"})
    assert luis.presses(receipt, "risk.undo").text.startswith("R-1 is already closed, by luis")


def test_a_record_that_is_reopened_gets_a_new_card(town):
    luis = town.person("ULUIS")
    receipt = answer(luis.types("CLEDGER", "/risk Vendor slips the API p1 i2"))
    luis.presses(receipt, "risk.undo")
    shown = luis.types("CLEDGER", "/pm R-1").shown[0]
    luis.presses(shown, "risk.more", option="reopen:1")
    luis.submits({"reason": "It is one after all"})
    assert town.card("CLEDGER", "R-1 in Ledger Migration: Vendor slips the API.")
    assert logged(town).link


def test_edit_opens_the_form_filled_in(town):
    kavya = town.person("UKAVYA")
    receipt = answer(kavya.types("CLEDGER", LINE))
    form = kavya.presses(receipt, "risk.edit").modal
    assert inputs(form)["title"]["initial_value"] == "Vendor slips the API"


def test_share_here_posts_a_short_copy_once(town):
    kavya = town.person("UKAVYA")
    receipt = answer(kavya.types("CLEDGER", LINE))
    kavya.presses(receipt, "risk.share")
    kavya.presses(receipt, "risk.share")
    copies = [m for m in town.person("UMAYA").reads("CLEDGER") if m["text"].startswith("kavya shared")]
    assert [m["text"] for m in copies] == [
        "kavya shared R-1: Vendor slips the API. Extreme 20, owner luis, review Fri 3 Apr."
    ]
    assert town.person("UMAYA").presses(copies[0], "risk.show").text.startswith("New Extreme risk R-1")


def test_a_restricted_record_is_shared_in_its_own_channel_alone(town):
    luis = town.person("ULUIS")
    luis.types("CSECRET", "/pm setup Secret Sauce")
    luis.submits({"target_on": "2026-06-30", "program": None})
    receipt = answer(luis.types("CSECRET", "/risk The recipe leaks p5 i5"))
    luis.presses(receipt, "risk.share")
    assert [m for m in luis.reads("CSECRET") if m["text"].startswith("luis shared R-1")]
    pressed = {
        "type": "block_actions",
        "trigger_id": "7.7.share",
        "user": {"id": "ULUIS"},
        "team": {"id": town.identity["team_id"]},
        "channel": {"id": "CLEDGER"},
        "actions": [{"action_id": "risk.share", "value": "1"}],
    }
    town.deliver("interactive", pressed)
    assert not [m for m in luis.reads("CLEDGER") if "R-1" in m["text"]]
    assert "belongs to a restricted project" in luis.direct_messages()[-1]["text"]


def test_where_the_bot_is_not_a_copy_waits_for_its_invitation_and_the_sharer_is_told(town):
    town.refused = {"chat.postMessage"}
    luis = town.person("ULUIS")
    receipt = answer(luis.types("CEMPTY", LINE))
    luis.presses(receipt, "risk.share")
    assert "Type `/invite @stationmaster` there, and it is posted." in str(luis.direct_messages()[-1]["blocks"])
    luis.invites_bot("CEMPTY")
    town.settle()
    assert [m for m in town.person("UMAYA").reads("CEMPTY") if m["text"].startswith("luis shared R-1")]


def test_in_a_direct_message_sharing_explains_itself(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", LINE)
    pressed = {
        "type": "block_actions",
        "trigger_id": "7.7.share",
        "user": {"id": "ULUIS"},
        "team": {"id": town.identity["team_id"]},
        "channel": {"id": luis.dm},
        "actions": [{"action_id": "risk.share", "value": "1"}],
    }
    town.deliver("interactive", pressed)
    assert luis.direct_messages()[-1]["text"] == ("Only you read this. Type /pm R-1 in a channel to share it there.")


@pytest.mark.parametrize("action", ["risk.undo", "risk.share", "risk.again"])
@pytest.mark.parametrize("value", ["99", "x", "", "1; drop table risk"])
def test_buttons_with_values_that_nobody_made_do_nothing(town, action, value):
    pressed = {
        "type": "block_actions",
        "trigger_id": "7.7.forged",
        "user": {"id": "ULUIS"},
        "team": {"id": town.identity["team_id"]},
        "channel": {"id": "CLEDGER"},
        "actions": [{"action_id": action, "value": value}],
    }
    town.deliver("interactive", pressed)
    assert town.person("ULUIS").direct_messages()[-1]["text"].startswith("I cannot find this risk.")


def test_undo_is_for_its_author(town):
    town.person("UKAVYA").types("CLEDGER", LINE)
    pressed = {
        "type": "block_actions",
        "trigger_id": "7.7.other",
        "user": {"id": "UJONAS"},
        "team": {"id": town.identity["team_id"]},
        "channel": {"id": "CLEDGER"},
        "actions": [{"action_id": "risk.undo", "value": "1"}],
    }
    town.deliver("interactive", pressed)
    assert town.person("UJONAS").direct_messages()[-1]["text"] == "You cannot undo R-1."
    assert logged(town).is_active
