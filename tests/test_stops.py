"""What Slack refuses for good stops one channel or person; it is told once, mended as one expects, and goes on."""

import pytest
from sqlalchemy import select

from bot.domain.stops import MEANINGS, Meaning, meaning_of, stopped_by
from bot.notices import stops as notices
from bot.services import delivery
from bot.services import stops as stops_of
from bot.slack_rules import PERMANENT_ERRORS, RETRYABLE_ERRORS
from models.tables import PostedMessage, Project, StoppedTarget
from tests.faulty_slack import refuses
from tests.post_office import PostOffice, say


@pytest.fixture
def office(database):
    return PostOffice(database)


OF_VIEWS_AND_OTHER_CALLS = [
    "already_pinned",
    "already_reacted",
    "exchanged_trigger_id",
    "expired_trigger_id",
    "fetch_members_failed",
    "invalid_cursor",
    "invalid_limit",
    "invalid_scheduled_message_id",
    "invalid_time",
    "invalid_trigger_id",
    "invalid_ts_latest",
    "invalid_ts_oldest",
    "invalid_types",
    "not_enough_users",
    "not_found",
    "not_pinnable",
    "permission_denied",
    "push_limit_reached",
    "restricted_too_many",
    "time_in_past",
    "time_too_far",
    "too_many_users",
    "trigger_exchanged",
    "trigger_expired",
    "users_list_not_supplied",
]


def test_every_word_that_slack_gives_for_a_message_has_a_meaning():
    words = (PERMANENT_ERRORS | RETRYABLE_ERRORS) - set(OF_VIEWS_AND_OTHER_CALLS)
    assert words - MEANINGS.keys() == set()
    assert meaning_of("a_word_of_next_year") is Meaning.MESSAGE
    assert meaning_of("invalid_blocks: must be less than 3001 characters") is Meaning.MESSAGE
    assert meaning_of("slack_connect_canvas_sharing_blocked") is Meaning.PLACE


@pytest.mark.parametrize(
    ("error", "operation", "target", "stopped"),
    [
        ("not_in_channel", "post", "C1", "C1"),
        ("is_archived", "update", "C1", "C1"),
        ("channel_not_found", "post", "U1", "U1"),
        ("user_disabled", "post", "U1", "U1"),
        ("user_disabled", "publish_home", "U1", None),
        ("not_in_channel", "ephemeral", "C1", None),
        ("token_revoked", "post", "C1", "*"),
        ("messages_tab_disabled", "post", "U1", "*:direct"),
        ("missing_scope", "picture", "C1", "*:picture:channel"),
        ("msg_too_long", "post", "C1", None),
        ("internal_error", "post", "C1", None),
    ],
)
def test_what_a_refusal_stops(error, operation, target, stopped):
    assert stopped_by(error, operation, target) == stopped


def stops(town_or_office):
    with town_or_office.runtime.database.read(1) as session:
        return {row.target: row.error for row in session.scalars(select(StoppedTarget))}


def test_a_stopped_channel_costs_one_call_and_holds_nothing_else_up(office):
    for number in range(30):
        office.post(f"line:{number}", to="CCLOSED")
    office.post("elsewhere")
    office.settle(8)
    assert len([call for call in office.calls("chat.postMessage") if call.args["channel"] == "CCLOSED"]) == 1
    assert office.said() == ["elsewhere"]
    assert stops(office) == {"CCLOSED": "not_in_channel"}
    assert {office.row(f"line:{number}").state for number in range(30)} == {"queued"}
    assert {office.row(f"line:{number}").attempts for number in range(30)} == {0}
    assert {office.row(f"line:{number}").claimed_at for number in range(30)} == {None}, "nothing of it may be there"


def test_one_message_tries_after_an_hour_and_then_each_day(office):
    for number in range(3):
        office.post(f"line:{number}", to="CCLOSED")
    office.settle()

    def tried():
        return len(office.calls("chat.postMessage"))

    assert tried() == 1
    office.deliver(after=3500)
    assert tried() == 1
    office.deliver(after=200)
    assert tried() == 2
    for _ in range(20):
        office.deliver(after=3600)
    assert tried() == 2
    office.deliver(after=5 * 3600)
    assert tried() == 3


def test_a_repair_that_nobody_told_of_is_found_and_all_follows_in_order(office):
    for number in range(4):
        office.post(f"line:{number}", to="CCLOSED")
    office.settle()
    office.sandbox.workspace.world.channels["CCLOSED"].members.append(office.sandbox.bot_user_id)
    office.deliver(after=3700)
    office.settle(8)
    assert office.said("CCLOSED") == ["line:0", "line:1", "line:2", "line:3"]
    assert stops(office) == {}


def test_somebody_who_cannot_be_told_directly_keeps_nothing_from_being_recorded(office):
    office.post("escalation.list:CCLOSED:no day", to="CCLOSED")
    office.post("elsewhere")
    office.settle()
    assert office.states("escalation.list:CCLOSED:no day") == ["queued"]
    assert office.states("elsewhere") == ["sent"]
    assert stops(office) == {"CCLOSED": "not_in_channel"}


def test_two_processes_stop_a_channel_once_and_one_of_them_tries(office):
    office.post("line:0", to="CCLOSED")
    other = office.courier
    office.restart()
    office.post("line:1", to="CCLOSED")
    other.deliver_due()
    office.courier.deliver_due()
    office.clock.wait(3700)
    for courier in (other, office.courier, other):
        courier.deliver_due()
    assert len(office.calls("chat.postMessage")) == 2
    assert office.states("line:0") == office.states("line:1") == ["queued"]


def test_what_waited_longer_than_a_week_is_no_news_and_is_left_out(office):
    for number in range(3):
        office.post(f"old:{number}", to="CCLOSED")
    office.settle()
    office.clock.wait(6 * 86400)
    office.post("new", to="CCLOSED")
    office.settle()
    office.clock.wait(2 * 86400)
    office.sandbox.workspace.world.channels["CCLOSED"].members.append(office.sandbox.bot_user_id)
    office.deliver(after=86400)
    office.settle(8)
    assert office.said("CCLOSED") == ["old:0", "new"], "the first was the one that tried"
    for key in ("old:1", "old:2"):
        row = office.row(key)
        assert (row.state, row.error, row.body) == ("superseded", "too_old", {})


def test_whoever_was_told_reads_how_many_were_left_out(town):
    town.refused |= {"chat.postMessage", "chat.update"}
    luis = town.person("ULUIS")
    luis.removes_bot("CLEDGER")
    for key in ("old:0", "old:1", "new"):
        with town.database.write(1) as session:
            delivery.post(session, say(key), key=key, to="CLEDGER", now=town.clock.now())
        town.settle()
        if key == "old:1":
            town.pass_time(days=6)
    town.pass_time(days=2)
    luis.invites_bot("CLEDGER")
    town.settle()
    said = [m["text"] for m in luis.reads("CLEDGER")]
    assert "new" in said and "old:1" not in said
    [told_again] = [m for m in luis.direct_messages() if "works again" in str(m["blocks"])]
    assert "2 messages waited over 7 days and are left out." in told_again["text"]


def test_while_the_app_may_nothing_at_all_one_call_is_made_in_five_minutes(office):
    office.slack.will("chat.postMessage", *[refuses("token_revoked")] * 3)
    for number in range(60):
        office.post(f"line:{number}", to=("CLEDGER", "CFRAUD", "ULUIS")[number % 3])
    for _ in range(60):
        office.deliver(after=10)
    assert stops(office) == {"*": "token_revoked"}
    assert office.calls("chat.postMessage") == [], "three were refused in ten minutes, and there was no fourth"
    assert {office.row(f"line:{number}").state for number in range(60)} == {"queued"}
    for _ in range(100):
        office.deliver(after=5)
    assert stops(office) == {}
    assert len(office.said()) == 20


def test_a_messages_tab_that_is_off_holds_up_no_channel(office):
    office.slack.will("chat.postMessage", refuses("messages_tab_disabled"))
    office.post("ask", to="ULUIS")
    office.post("line")
    office.settle()
    assert stops(office) == {"*:direct": "messages_tab_disabled"}
    assert office.said() == ["line"]
    office.deliver(after=300)
    assert office.said("ULUIS") == ["ask"]


def test_without_the_permission_for_files_the_words_of_a_picture_come_alone_and_nothing_stops(town):
    town.refused |= {"files.getUploadURLExternal"}
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips p4 i5 @maya by Friday")
    town.sandbox.workspace.installed.scopes -= {"files:write"}
    luis.types("CLEDGER", "/pm heatmap")
    town.settle()
    assert any(call.answer.body["error"] == "missing_scope" for call in town.sandbox.refusals)
    picture = luis.direct_messages()[-1]
    assert "Risk heat map" in picture["text"] and "files:write" in str(picture["blocks"])
    assert "image" not in {block["type"] for block in picture["blocks"]}
    assert stops(town) == {}


def test_a_missing_scope_stops_the_one_kind_of_call_that_needs_it(office):
    office.show("card", 1)
    office.settle()
    office.slack.will("chat.update", refuses("missing_scope"))
    office.show("card", 2)
    office.settle()
    office.post("line")
    office.settle()
    assert office.said() == ["card v1", "line"]
    assert stops(office) == {"*:update:channel": "missing_scope"}
    office.deliver(after=300)
    assert office.said() == ["card v2", "line"]
    assert stops(office) == {}


def seen(result):
    """What the person alone sees."""
    return [message for message in result.shown if message.get("ephemeral")][-1]


def told(town, user, start):
    return [m for m in town.person(user).direct_messages() if m["text"].startswith(start)]


STOPPED = "Nothing can be said in the channel of Ledger Migration"


def test_the_bot_is_removed_and_invited_again(town):
    town.refused |= {"chat.postMessage", "chat.update", "conversations.members"}
    luis = town.person("ULUIS")
    luis.removes_bot("CLEDGER")
    for title in ("Vendor slips", "Keys are late"):
        luis.types("CLEDGER", f"/risk {title} p4 i5 @maya by Friday")
    town.settle()
    [message] = told(town, "ULUIS", STOPPED)
    assert "`/invite @stationmaster`" in str(message["blocks"])
    luis.invites_bot("CLEDGER")
    town.settle()
    cards = [m["text"] for m in luis.reads("CLEDGER") if m["text"].startswith("New Extreme risk")]
    assert [card.split(":")[0] for card in cards] == [
        "New Extreme risk R-1 in Ledger Migration",
        "New Extreme risk R-2 in Ledger Migration",
    ]
    [message] = [m for m in luis.direct_messages() if "works again" in str(m["blocks"])]
    assert stops(town) == {}
    assert not told(town, "ULUIS", STOPPED), "it was told once, and changed in place"


def test_an_archived_channel_is_told_at_once_and_goes_on_when_it_is_unarchived(town):
    town.sandbox.archive_channel("CLEDGER")
    town.settle()
    [message] = told(town, "ULUIS", STOPPED)
    assert "Unarchive it in Slack" in str(message["blocks"])
    calls = len(town.sandbox.refusals)
    town.person("ULUIS").types("CFRAUD", "/risk Vendor slips p4 i5 @maya by Friday")
    with town.database.write(1) as session:
        delivery.post(session, say("for the ledger"), key="line", to="CLEDGER", now=town.clock.now())
    town.settle()
    assert len(town.sandbox.refusals) == calls, "no call is made"
    town.sandbox.unarchive_channel("CLEDGER")
    town.settle()
    assert "for the ledger" in [m["text"] for m in town.person("ULUIS").reads("CLEDGER")]
    assert stops(town) == {}


def test_where_nothing_waits_an_unarchived_channel_is_told_to_work_again(town):
    town.sandbox.archive_channel("CLEDGER")
    town.settle()
    assert len(told(town, "ULUIS", STOPPED)) == 1
    town.sandbox.unarchive_channel("CLEDGER")
    town.settle()
    assert stops(town) == {}
    assert told(town, "ULUIS", STOPPED) == []
    assert "works again" in str(town.person("ULUIS").direct_messages()[-1])


def test_what_is_mended_before_the_lead_has_heard_of_it_is_never_told(town):
    town.pass_time(hours=12)  # nobody is asked for anything at night
    town.sandbox.archive_channel("CLEDGER")
    with town.database.write(1) as session:
        delivery.post(session, say("for the ledger"), key="line", to="CLEDGER", now=town.clock.now())
    town.settle()
    assert stops(town) == {"CLEDGER": "is_archived"}
    town.sandbox.unarchive_channel("CLEDGER")
    town.settle()
    assert stops(town) == {}
    town.pass_time(hours=12)
    told_of_it = [m for m in town.person("ULUIS").direct_messages() if "unsent" in str(m) or "works again" in str(m)]
    assert told_of_it == []
    assert "for the ledger" in [m["text"] for m in town.person("ULUIS").reads("CLEDGER")]


def test_a_deleted_channel_is_moved_elsewhere_and_what_is_still_news_is_said_there(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/risk Vendor slips p4 i5 @maya by Friday")
    town.settle()
    town.sandbox.delete_channel("CLEDGER")
    with town.database.write(1) as session:
        delivery.post(session, say("still news"), key="line", to="CLEDGER", now=town.clock.now())
    town.settle()
    [message] = told(town, "ULUIS", STOPPED)
    assert "`/pm setup` in another channel" in str(message["blocks"])
    town.sandbox.add_channel("CNEW", "ledger-new", ["ULUIS", "UMAYA", town.sandbox.bot_user_id])
    offered = seen(luis.types("CNEW", "/pm setup"))
    assert "Ledger Migration" in str(offered["blocks"])
    luis.presses(offered, "setup.move")
    town.settle()
    with town.database.read(1) as session:
        project = session.scalars(select(Project)).one()
        assert (project.channel, project.channel_name, project.visibility) == ("CNEW", "ledger-new", "open")
        assert session.scalars(select(PostedMessage).where(PostedMessage.channel == "CLEDGER")).all() == []
    assert "still news" in [m["text"] for m in luis.reads("CNEW")]
    assert stops(town) == {}
    luis.types("CNEW", "/risk Keys are late p4 i5 @maya by Friday")
    town.settle()
    assert town.card("CNEW", "New Extreme risk R-2 in Ledger Migration")


def test_a_restricted_project_does_not_move_into_an_open_channel(town):
    town.restrict()
    town.sandbox.archive_channel("CLEDGER")
    town.settle()
    luis, ruby = town.person("ULUIS"), town.person("URUBY")
    offered = seen(luis.types("CEMPTY", "/pm setup"))
    luis.presses(offered, "setup.move")
    with town.database.read(1) as session:
        assert session.scalars(select(Project.channel)).one() == "CLEDGER"
    ruby.types("CEMPTY", "/pm setup")
    assert ruby.modal["callback_id"] == "setup.save", "who may not move it is offered nothing"


def test_a_renamed_channel_is_called_by_its_new_name_and_another_id_is_followed(town):
    town.sandbox.rename_channel("CLEDGER", "p-ledger-2")
    town.sandbox.change_channel_id("CLEDGER", "CLEDGER2")
    with town.database.read(1) as session:
        project = session.scalars(select(Project)).one()
        assert (project.channel, project.channel_name) == ("CLEDGER2", "p-ledger-2")
    town.person("ULUIS").types("CLEDGER2", "/risk Vendor slips p4 i5 @maya by Friday")
    town.settle()
    assert town.card("CLEDGER2", "New Extreme risk R-1")


def test_a_reply_under_a_deleted_message_stands_by_itself_and_says_what_it_belongs_to(office):
    office.show("card", 1)
    office.deliver()
    [card] = office.sandbox.person("ULUIS").reads("CLEDGER")
    office.sandbox.api("chat.delete", {"channel": "CLEDGER", "ts": card["ts"]}, token=office.sandbox.bot_token)
    with office.runtime.database.write(1) as session:
        delivery.reply(session, say("line"), key="line", under="card", to="CLEDGER", now=office.clock.now())
    office.settle()
    [line] = office.sandbox.person("ULUIS").reads("CLEDGER")
    assert line["text"] == "line"
    assert "card v1" in str(line["blocks"][-1])
    assert office.states("line") == ["sent"]


def test_somebody_who_left_gets_nothing_and_the_lead_names_another(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    luis.types("CLEDGER", "/risk Vendor slips p2 i2 by Friday")
    town.settle()
    town.sandbox.change_person("ULUIS", deleted=True)
    town.settle()
    [message] = told(town, "UMAYA", "luis has left Slack")
    assert "Ledger Migration" in str(message["blocks"])
    assert "/pm R-1" in str(message["blocks"])
    with town.database.write(1) as session:
        delivery.post(session, say("for luis"), key="line", to="ULUIS", now=town.clock.now())
    calls = len(town.sandbox.calls)
    town.settle()
    assert not [call for call in town.sandbox.calls[calls:] if call.method == "conversations.open"]
    maya.presses(message, "setup.edit@0")
    maya.submits({"owner": "UKAVYA"})
    assert maya.form_errors == {}
    town.sandbox.change_person("ULUIS", deleted=False)
    town.settle()
    assert [m["text"] for m in luis.direct_messages()][-1] == "for luis"
    assert len(told(town, "UMAYA", "luis has left Slack")) == 1


def test_somebody_whom_slack_refused_before_it_said_that_they_left_is_told_of_once(town):
    town.refused |= {"chat.postMessage"}
    maya = town.person("UMAYA")
    with town.database.write(1) as session:
        stop, _ = stops_of.stop(session, "ULUIS", "user_disabled", now=town.clock.now())
        notices.tell_stopped(session, stop, now=town.clock.now())
    town.settle()
    town.pass_time(days=1)
    town.sandbox.change_person("ULUIS", deleted=True)
    town.pass_time(days=1)
    assert len([m for m in maya.direct_messages() if "luis has left Slack and still owns" in str(m)]) == 1


def test_try_again_needs_the_right_and_sends_one_message_first(town):
    town.refused |= {"chat.postMessage"}
    luis = town.person("ULUIS")
    luis.removes_bot("CLEDGER")
    for number in range(3):
        with town.database.write(1) as session:
            delivery.post(session, say(f"line {number}"), key=f"line:{number}", to="CLEDGER", now=town.clock.now())
    town.settle()
    [message] = told(town, "ULUIS", STOPPED)
    before = len(town.sandbox.refusals)
    luis.presses(message, "unsent.again")
    town.settle()
    assert len(town.sandbox.refusals) - before == 1
    town.sandbox.workspace.world.channels["CLEDGER"].members.append(town.sandbox.bot_user_id)
    luis.presses(message, "unsent.again")
    town.pass_time(seconds=10)
    said = [m["text"] for m in luis.reads("CLEDGER") if m["text"].startswith("line")]
    assert said == ["line 0", "line 1", "line 2"]


def test_what_is_asked_of_somebody_who_left_goes_to_the_backup_and_then_to_the_manager(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"backup": "UJONAS"})
    luis.types("CLEDGER", "/risk Vendor slips p2 i2 by Friday")
    town.settle()
    town.sandbox.change_person("ULUIS", deleted=True)
    town.pass_time(days=8)
    asked = [str(m["blocks"]) for m in town.person("UJONAS").direct_messages()]
    assert any("luis has left Slack. You are the next to be asked" in each and "Vendor slips" in each for each in asked)
    assert not [m for m in maya.direct_messages() if "On behalf of luis" in str(m["blocks"])]
    town.sandbox.change_person("UJONAS", deleted=True)
    town.pass_time(days=3)
    assert [m for m in maya.direct_messages() if "luis has left Slack. You are the next" in str(m["blocks"])]
    town.sandbox.change_person("ULUIS", deleted=False)
    town.pass_time(days=3)
    [*_, last] = luis.direct_messages()
    assert "Vendor slips" in str(last["blocks"])
