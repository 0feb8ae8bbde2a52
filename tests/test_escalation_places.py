"""Where escalations stand: many of one day on one list, in the right channel, and somewhere in any case."""

from datetime import date

import pytest
from sqlalchemy import update

from bot.services import escalation_look
from models.tables import Milestone, Program, Project, ScheduleRule
from tests.climbing import (
    add,
    change,
    facts,
    head,
    labels,
    milestone,
    new_york,
    only,
    parent,
    person_id,
    project_id,
    replies,
    rows,
    small_print,
    steps,
)
from tests.statements import statements_of
from tests.town import Town


@pytest.fixture(autouse=True)
def nobody_is_asked_for_a_status(town: Town) -> None:
    with town.database.write(1) as session:
        session.execute(update(ScheduleRule).values(next_due_at=None))


def many(town: Town, count: int, due_on: str = "2026-03-27") -> None:
    first = town.count(Milestone) + 1
    for number in range(first, first + count):
        milestone(town, due_on=due_on, title=f"Milestone {number}", number=number)
    town.pass_time(seconds=30)  # a channel takes a message a second


def heads(town: Town, channel: str = "CPROG") -> list[str]:
    """The first lines of what was posted there about escalations."""
    shown = [m for m in town.person("UMAYA").reads(channel) if "event_payload" in str(m.get("metadata"))]
    found = [m for m in shown if str(m["metadata"]["event_payload"]["key"]).startswith("escalation")]
    return [head(message) for message in found]


def the_list(town: Town) -> dict[str, object]:
    return next(
        message
        for message in reversed(town.person("UMAYA").reads("CPROG"))
        if "escalation.list" in str(message.get("metadata"))
    )


def delete(town: Town, message: dict[str, object]) -> None:
    place = {"channel": message["channel"], "ts": message["ts"]}
    town.sandbox.api("chat.delete", place, token=town.sandbox.bot_token)


def test_from_the_fourth_on_one_message_lists_them(town):
    many(town, 7)
    assert heads(town) == [
        ":bell: *Answer needed by Tue 31 Mar:* a milestone passed its date",
        ":bell: *Answer needed by Tue 31 Mar:* a milestone passed its date",
        ":bell: *Answer needed by Tue 31 Mar:* a milestone passed its date",
        ":bell: *4 further records without an answer:* each opens its own thread below",
    ]
    listed = the_list(town)
    said = replies(town, listed)
    assert len(said) == 1 and "<@ULUIS> 4 of these are with you:" in said[0]
    assert said[0].count("\n•") == 4


def test_the_fourth_alone_is_listed_too_and_the_next_day_begins_anew(town):
    many(town, 4)
    assert heads(town)[3] == ":bell: *1 further record without an answer:* each opens its own thread below"
    town.play(new_york("2026-03-31 08:00"))
    milestone(town, due_on="2026-03-30", title="Another day", number=9)
    town.play(new_york("2026-03-31 10:00"))
    assert head(parent(town, "Another day")).startswith(":bell: *Answer needed by Wed 1 Apr:*")


def test_what_is_listed_climbs_below_its_list(town):
    many(town, 4)
    town.play(new_york("2026-03-31 10:00"))
    said = replies(town, the_list(town))
    assert said[1].startswith("Tue 31 Mar 09:00 <@UMAYA> *Milestone 4*: this is now with you, as program manager")
    assert "now with maya, program manager" in str(the_list(town)["blocks"])


def test_a_thread_of_its_own_opens_on_a_press_and_goes_on_there(town):
    many(town, 5)
    town.person("UKAVYA").presses(the_list(town), "escalation.open", value=str(rows(town)[4].id))
    shown = parent(town, "Milestone 5")
    assert labels(shown) == ["Acknowledge", "Mark achieved", "Re-date"]
    assert "1 further record" in head(the_list(town))
    town.play(new_york("2026-03-31 10:00"))
    assert replies(town, parent(town, "Milestone 5"))[-1].startswith("Tue 31 Mar 09:00 <@UMAYA> this is now with you")
    assert len(replies(town, the_list(town))) == 2


def test_a_list_says_when_all_of_it_ended(town):
    many(town, 5)
    change(town, Milestone, status="achieved")
    town.pass_time(seconds=30)
    assert head(the_list(town)) == ":white_check_mark: *All 2 further escalations of this day ended*"
    assert replies(town, the_list(town))[-1].endswith("*Milestone 5* Resolved: *achieved.*\nThis thread stays quiet.")


def test_many_at_once_stay_within_what_slack_takes(town):
    many(town, 60)
    assert "And 17 more: `/pm escalations` lists all." in small_print(the_list(town))
    assert len(the_list(town)["blocks"]) <= 45


def test_a_head_that_somebody_deleted_stands_anew_and_says_so(town):
    milestone(town, due_on="2026-03-27")
    town.settle()
    town.refused |= {"chat.update"}
    delete(town, parent(town))
    town.play(new_york("2026-03-31 10:00"))
    shown = parent(town)
    assert "The message before this one was deleted, so it stands here anew." in small_print(shown)
    assert replies(town, shown)[0].startswith("Tue 31 Mar 09:00 <@UMAYA> this is now with you")
    town.play(new_york("2026-04-03 10:00"))
    assert "deleted" not in small_print(parent(town))


@pytest.mark.parametrize("trouble", ["removed", "archived"])
def test_where_the_channel_cannot_be_reached_the_person_named_is_told(town, trouble):
    town.refused |= {"chat.postMessage", "chat.update"}
    if trouble == "removed":
        town.person("UMAYA").removes_bot("CPROG")
    else:
        town.sandbox.archive_channel("CPROG")
    milestone(town, due_on="2026-03-27")
    town.settle()
    [told] = [m for m in town.person("ULUIS").direct_messages() if m["text"].startswith("Production ready")]
    assert "I cannot post in <#CPROG>, where this would stand" in small_print(told)
    assert labels(told) == ["Acknowledge", "Mark achieved", "Re-date"]
    town.play(new_york("2026-03-31 12:00"))
    assert [m["text"] for m in town.person("UMAYA").direct_messages()][-1].startswith("Production ready")
    assert len([m for m in town.person("ULUIS").direct_messages() if m["text"].startswith("Production ready")]) == 1


def test_invited_again_it_goes_on_in_the_channel_with_the_newest_step_alone(town):
    town.refused |= {"chat.postMessage", "chat.update"}
    town.person("UMAYA").removes_bot("CPROG")
    milestone(town, due_on="2026-03-27")
    town.play(new_york("2026-03-31 12:00"))
    town.person("UMAYA").invites_bot("CPROG")
    town.settle()
    assert facts(parent(town))["Now with"] == "maya, program manager"
    [said] = replies(town, parent(town))
    assert "<@UMAYA> this is now with you" in said
    town.play(new_york("2026-04-03 12:00"))
    assert "<@UDANA>" in replies(town, parent(town))[-1]


def test_a_list_that_cannot_be_posted_reaches_everybody_it_names_in_one_message(town):
    town.refused |= {"chat.postMessage", "chat.update"}
    town.person("UMAYA").removes_bot("CPROG")
    many(town, 6)
    told = [m["text"] for m in town.person("ULUIS").direct_messages() if "of these are with you" in m["text"]]
    assert told == ["luis: 3 of these are with you. First: Milestone 4 (Ledger Migration)."]


def test_whoever_is_named_and_not_in_the_channel_is_told_directly(town):
    town.person("UDANA").leaves("CPROG")
    milestone(town, due_on="2026-03-27")
    town.play(new_york("2026-04-03 10:00"))
    [told] = town.person("UDANA").direct_messages()
    assert told["text"].startswith("Production ready (Ledger Migration) passed its date")
    assert "You are not in <#CPROG>, where this stands." in small_print(told)
    town.person("UDANA").presses(told, "escalation.acknowledge")
    assert head(parent(town)).startswith(":eyes: *dana has it:*")
    assert head(town.person("UDANA").direct_messages()[0]).startswith(":eyes: *dana has it:*")
    assert [m for m in town.person("UMAYA").direct_messages() if "Production ready" in m["text"]] == []


def test_its_own_channel_for_escalations_is_used(town):
    change(town, Program, escalation_channel="CFRAUD")
    milestone(town, due_on="2026-03-27")
    town.settle()
    assert head(parent(town, channel="CFRAUD")).startswith(":bell:")
    assert heads(town) == []
    change(town, Program, escalation_channel=None)
    town.play(new_york("2026-03-31 10:00"))
    assert head(parent(town, channel="CFRAUD")) == "*This goes on in <#CPROG>*"
    assert replies(town, parent(town))[0].startswith("Tue 31 Mar 09:00 <@UMAYA>")


def test_a_restricted_projects_escalation_stays_in_its_own_channel(town):
    town.restrict()
    change(town, Program, escalation_channel="CFRAUD")
    milestone(town, due_on="2026-03-27")
    town.settle()
    assert heads(town) == heads(town, "CFRAUD") == []
    assert head(parent(town, channel="CLEDGER")).startswith(":bell:")


def test_a_restricted_projects_escalation_passes_over_a_delegate_who_is_outside_of_it(town):
    town.sandbox.workspace.world.channels["CLEDGER"].members.remove("UJONAS")
    town.restrict()
    town.person("ULUIS").types("CPROG", "/pm away 30 Mar to 3 Apr <@UJONAS> covers")
    milestone(town, due_on="2026-03-27", owner="ULUIS")
    town.play(new_york("2026-03-30 10:00"))
    assert only(town).notify_id == person_id(town, "UMAYA")
    assert "Production ready" not in str(town.person("UJONAS").direct_messages())


def test_without_a_channel_each_person_named_is_told_directly(town):
    town.restrict()
    with town.database.write(1) as session:
        session.execute(update(Project).where(Project.id == project_id(town)).values(channel=None))
    owner, day = person_id(town, "UKAVYA"), date(2026, 3, 27)
    values = {"number": 1, "title": "Production ready", "owner_id": owner, "due_on": day, "status": "planned"}
    add(town, Milestone, project_id=1, created_at=town.clock.now(), **values)
    town.play(new_york("2026-03-31 10:00"))
    assert steps(town) == []
    luis, maya = (town.person(user).direct_messages()[-1] for user in ("ULUIS", "UMAYA"))
    assert head(luis) == "*This goes on with maya*"
    assert head(maya).startswith(":bell: *Answer needed by Fri 3 Apr:*")
    assert only(town).level == 3


def test_what_is_open_is_listed_for_who_asks(town):
    maya = town.person("UMAYA")
    assert maya.types("CPROG", "/pm escalations").text == "Nothing of Payments Renewal is escalated."
    many(town, 5)
    town.person("ULUIS").presses(parent(town, "Milestone 1"), "escalation.acknowledge")
    told = maya.types("CPROG", "/pm escalations")
    assert told.text.startswith("5 open escalations of Payments Renewal: 1 acknowledged. First: Milestone 1")
    shown = [block["text"]["text"] for block in told.shown[-1]["blocks"] if block["type"] == "section"]
    assert shown[0] == "*5 open escalations of Payments Renewal: 1 acknowledged*"
    assert "luis has it, a change by Wed 1 Apr" in shown[1]
    assert "Now with luis, project owner · next: maya, Tue 31 Mar · <https://" in shown[2]
    assert "5 open escalations: 1" in town.person("UKAVYA").types("CEMPTY", "/pm escalations").text
    assert "5 open escalations: 1" in maya.types("CLEDGER", "/pm escalations all").text


def test_whoever_it_is_with_reads_it_in_their_home(town):
    luis, maya = town.person("ULUIS"), town.person("UMAYA")
    for person in (luis, maya):
        person.opens_home()
    milestone(town, due_on="2026-03-27")
    town.settle()
    assert "*Escalated to you: 1*" in str(luis.home["blocks"])
    assert "Escalated to you" not in str(maya.home["blocks"])
    town.play(new_york("2026-03-31 10:00"))
    assert "Escalated to you" not in str(luis.home["blocks"])
    maya.presses(maya.home, "escalation.acknowledge")
    maya.submits({"note": "I call them today"})
    assert "Escalated to you" not in str(maya.home["blocks"])
    assert replies(town, parent(town))[-1].endswith('maya has it: _"I call them today"_')


def test_a_look_asks_the_same_number_of_statements_whatever_it_finds(town):
    def asked() -> int:
        with town.database.write(1) as session, statements_of(session.connection()) as statements:
            escalation_look.look(session, {1: False}, now=town.clock.now())
            told = len([each for each in statements if each.startswith("SELECT")])
            session.rollback()
        return told

    many(town, 2)
    few = asked()
    many(town, 30)
    assert asked() == few
