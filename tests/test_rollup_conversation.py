"""`/pm rollup`: looked at before it goes out, sent, left out, moved; edited as statuses come, read, shared."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from models.schemas.project import State
from models.schemas.switches import MessageKind
from models.tables import Occurrence, Person, Program, RollupReading, ScheduleRule
from tests.asking import post_status, set_state, sqlite_only
from tests.test_rollup import MONDAY_6_APRIL, RED, lines, log_decision, rollups
from tests.town import Town


def choose(town: Town, user: str, message: dict[str, Any], value: str) -> None:
    """From the dots."""
    dots = next(
        e for b in message["blocks"] if b["type"] == "actions" for e in b["elements"] if e["type"] == "overflow"
    )
    option = next(option["value"] for option in dots["options"] if option["text"]["text"] == value)
    town.person(user).presses(message, "rollup.more", option=option)


def thread(town: Town, post: dict[str, Any]) -> list[str]:
    return [m["text"] for m in town.person("UMAYA").thread("CPROG", post["ts"]) if m["ts"] != post["ts"]]


def now_of(town: Town, post: dict[str, Any]) -> dict[str, Any]:
    return next(m for m in town.person("UMAYA").reads("CPROG") if m["ts"] == post["ts"])


def test_a_preview_is_for_its_reader_alone_and_send_now_posts_it_once_a_week(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    maya = town.person("UMAYA")
    preview = maya.types("CPROG", "/pm rollup")
    assert preview.text.startswith("Preview: Payments Renewal, week 13: Red.")
    assert rollups(town) == []
    assert "It goes out Mon 6 Apr, 09:00 New York." in str(maya.reads("CPROG")[-1])
    maya.presses(maya.reads("CPROG")[-1], "rollup.send")
    [post] = rollups(town)
    assert post["text"].startswith("Payments Renewal, week 13: Red.")
    maya.types("CPROG", "/pm rollup")
    maya.presses(maya.reads("CPROG")[-1], "rollup.send")
    assert len(rollups(town)) == 1
    assert "was posted on Mon 30 Mar" in maya.reads("CPROG")[-1]["text"]
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    assert lines(rollups(town)[-1])[1].startswith(":large_red_square: *Nothing changed since Mon 30 Mar.* Still Red")


def test_the_next_one_is_left_out_once_and_not_if_one_thinks_again(town):
    maya = town.person("UMAYA")
    maya.types("CPROG", "/pm rollup")
    maya.presses(maya.reads("CPROG")[-1], "rollup.skip")
    assert "on Mon 6 Apr is left out" in maya.reads("CPROG")[-1]["text"]
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    assert rollups(town) == []
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    assert len(rollups(town)) == 1
    maya.types("CPROG", "/pm rollup")
    maya.presses(maya.reads("CPROG")[-1], "rollup.skip")
    maya.presses(maya.reads("CPROG")[-1], "rollup.unskip")
    town.play(MONDAY_6_APRIL + timedelta(days=14, minutes=1))
    assert len(rollups(town)) == 2


def test_another_hour_holds_from_the_next_one_on(town):
    maya = town.person("UMAYA")
    maya.types("CPROG", "/pm rollup")
    maya.presses(maya.reads("CPROG")[-1], "rollup.hour")
    maya.submits({"weekday": "3", "local_time": "14:00"})
    assert maya.form_errors == {}
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    [post] = rollups(town)
    assert post["text"].startswith("Payments Renewal, week 13")
    with town.database.read(1) as session:
        days = session.scalars(select(Occurrence.open_at).where(Occurrence.kind == "rollup")).all()
    assert days == [datetime(2026, 4, 1, 18, tzinfo=UTC)], "Wednesday 14:00 in New York"


@sqlite_only
@pytest.mark.parametrize(
    ("user", "channel", "told"),
    [
        ("UKAVYA", "CPROG", "You cannot preview the rollup of Payments Renewal"),
        ("UGUEST", "CPROG", "You cannot preview the rollup of Payments Renewal"),
        ("UKAVYA", "CFRAUD", "Type /pm rollup in the channel of a program"),
        ("UMAYA", "CFRAUD", "Preview: Payments Renewal"),
    ],
)
def test_who_may_look_at_it(town, user, channel, told):
    assert town.person(user).types(channel, "/pm rollup").text.startswith(told)


@sqlite_only
def test_who_leads_a_project_looks_and_does_not_send(town):
    luis = town.person("ULUIS")
    preview = luis.types("CLEDGER", "/pm rollup")
    assert preview.text.startswith("Preview: Payments Renewal")
    assert "rollup.send" not in str(luis.reads("CLEDGER")[-1])
    assert "/pm rollup portfolio" in luis.types("CPROG", "/pm rollup please").text


def test_a_late_status_joins_the_table_in_place_and_the_list_of_changes_stays(town):
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    post_status(town, "ULUIS", "CLEDGER", **RED)
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    [post] = rollups(town)
    before = [line for line in lines(post) if line.startswith("*What changed")]
    town.pass_time(days=1)
    post_status(town, "UKAVYA", "CFRAUD", health="green", summary="Models are trained")
    [edited] = rollups(town)
    assert edited["ts"] == post["ts"]
    shown = lines(edited)
    assert "Green | Fraud Signals | - | Target, 22 May | 7 Apr" in shown
    assert "2 projects: 1 Red, 1 Green" in shown[1]
    assert [line for line in shown if line.startswith("*What changed")] == before
    assert "Updated Tue 7 Apr." in shown[-1]
    assert "Fraud Signals: Green. Ask: none. Next: Target, 22 May." in thread(town, post)


def test_each_project_has_a_reply_and_quiet_ones_share_one(town):
    for n, channel in enumerate(("CFRAUD",)):
        town.set_up_project("UKAVYA", channel, f"Fraud Signals {n}")
        post_status(town, "UKAVYA", channel)
    post_status(town, "ULUIS", "CLEDGER", **RED)
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    town.pass_time(minutes=1)
    [post] = rollups(town)
    assert thread(town, post)[0] == "Ledger Migration: Red. Ask: 1. Next: Target, 22 May."


def test_readers_are_counted_once_and_the_sponsor_has_read_it(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    [post] = rollups(town)
    dana = town.person("UDANA")
    dana.presses(post, "rollup.acknowledge")
    dana.presses(post, "rollup.acknowledge")
    town.person("ULUIS").presses(post, "rollup.acknowledge")
    assert "Read by 2." in lines(now_of(town, post))[-1]
    town.person("UGUEST").presses(post, "rollup.acknowledge")
    assert town.count(RollupReading) == 2
    with town.database.read(1) as session:
        who = session.scalars(select(Person.handle).join(RollupReading, RollupReading.person_id == Person.id)).all()
    assert sorted(who) == ["dana", "luis"]


@sqlite_only
def test_its_text_its_asks_and_the_one_before_are_told_to_who_asks(town):
    for number in range(1, 8):
        log_decision(town, number, (MONDAY_6_APRIL - timedelta(days=5)).date())
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    [post] = rollups(town)
    luis = town.person("ULUIS")
    luis.presses(post, "rollup.text")
    assert "*1 project, worst first*" in str(luis.reads("CPROG")[-1])
    luis.presses(post, "rollup.asks")
    said = str(luis.reads("CPROG")[-1])
    assert "7. dana decide D-7" in said
    assert "<@UDANA>" not in said
    choose(town, "ULUIS", post, "Show last week")
    assert luis.reads("CPROG")[-1]["text"] == "There is no rollup before this one."
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    choose(town, "ULUIS", rollups(town)[-1], "Show last week")
    assert luis.reads("CPROG")[-1]["text"] == "Payments Renewal, week 14: posted Mon 6 Apr."


@sqlite_only
def test_a_copy_for_another_channel_holds_what_everybody_there_may_see(town):
    luis = town.person("ULUIS")
    luis.types("CSECRET", "/pm setup Project Nightfall")
    program = next(b for b in luis.modal["blocks"] if b.get("block_id") == "program")["element"]["options"][0]["value"]
    luis.submits({"target_on": "2026-05-22", "program": program})
    maya = town.person("UMAYA")
    maya.types("CLEDGER", "/pm rollup")
    assert "1 restricted" in str(maya.reads("CLEDGER")[-1])
    choose(town, "UMAYA", maya.reads("CLEDGER")[-1], "Share here")
    copies = [m for m in luis.reads("CLEDGER") if "Shared by maya" in str(m)]
    assert len(copies) == 1
    assert "Nightfall" not in str(copies)


def test_switches_hold_it_back(town):
    with town.database.write(1) as session:
        session.execute(update(Program).values(muted=[MessageKind.ROLLUPS.value]))
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    assert rollups(town) == []
    with town.database.write(1) as session:
        maya = session.scalars(select(Person.id).where(Person.handle == "maya")).one()
        session.execute(update(Program).values(muted=[], dry_run_by_id=maya))
    town.play(MONDAY_6_APRIL + timedelta(days=7, minutes=1))
    assert rollups(town) == []
    dry = [m for m in town.person("UMAYA").direct_messages() if m["text"].startswith("Dry run: Payments Renewal")]
    assert len(dry) == 1
    assert "rollup.acknowledge" not in str(dry)


def test_where_the_channel_cannot_be_written_to_the_manager_gets_it(town):
    town.refused |= {"chat.postMessage"}
    with town.database.write(1) as session:
        session.execute(update(Program).values(channel="CEMPTY"))
    town.play(MONDAY_6_APRIL + timedelta(minutes=1))
    told = [m for m in town.person("UMAYA").direct_messages() if "I could not post this in" in str(m)]
    assert len(told) == 1
    assert told[0]["text"].startswith("Payments Renewal, week 14")


def test_a_paused_rule_keeps_its_skip_to_itself(town):
    """What is left out is one date of one program."""
    maya = town.person("UMAYA")
    maya.types("CPROG", "/pm rollup")
    maya.presses(maya.reads("CPROG")[-1], "rollup.skip")
    with town.database.read(1) as session:
        skipped = session.execute(select(ScheduleRule.kind, ScheduleRule.skipped_on)).all()
    assert {kind for kind, day in skipped if day} == {"rollup"}


def test_a_red_status_that_the_sponsor_has_not_read_is_asked_about_until_the_rollup_is_read(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    town.play(MONDAY_6_APRIL + timedelta(days=3))
    dana = town.person("UDANA")
    [asked] = [m for m in dana.direct_messages() if "Red status" in str(m)]
    dana.presses(rollups(town)[-1], "rollup.acknowledge")
    [after] = [m for m in dana.direct_messages() if m["ts"] == asked["ts"]]
    assert after["text"] != asked["text"]
    assert "read in the rollup" in str(after)


@sqlite_only
def test_the_last_red_of_a_project_that_has_ended_is_asked_of_nobody(town):
    post_status(town, "ULUIS", "CLEDGER", **RED)
    set_state(town, State.CANCELLED)
    town.play(MONDAY_6_APRIL + timedelta(days=3))
    assert not [m for m in town.person("UDANA").direct_messages() if "Red status" in str(m)]
