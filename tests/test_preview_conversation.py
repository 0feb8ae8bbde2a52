"""`/pm preview` in Slack and in a terminal: all that will be sent, for who may see it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bot.config import Settings
from bot.errors import UserError
from bot.preview import run_preview
from bot.services import preview
from models.tables import Program, Project
from tests.asking import sqlite_only
from tests.desk import TODAY, add_risk, person
from tests.statements import statements_of
from tests.town import Town

SECRET = "Nightfall"


def risk_of(town: Town, handle: str, number: int, *, days: int = 1, channel: str = "CLEDGER", **values: Any) -> None:
    with town.database.write(1) as session:
        place = session.scalars(select(Project).where(Project.channel == channel)).one()
        here = {"project_id": place.id, "program_id": place.program_id}
        due = TODAY + timedelta(days=days)
        mild = {"score": (1, 2), "next_review_on": due}
        add_risk(session, number, owner=person(session, handle), **here, **mild | values)


def texts(message: dict[str, Any]) -> list[str]:
    return [block["text"]["text"] for block in message["blocks"] if "text" in block]


def asked_for(town: Town, user: str, words: str = "/pm preview", channel: str = "CPROG") -> dict[str, Any]:
    shown: dict[str, Any] = town.person(user).types(channel, words).shown[-1]
    return shown


def test_who_runs_the_program_sees_each_day_with_who_gets_what_and_why(town):
    risk_of(town, "luis", 1)
    said = texts(asked_for(town, "UMAYA"))
    assert said[0].startswith("*Next 14 days: 3 to 8 messages to 1 person, 1 channel post*\nNobody gets more than one")
    assert "*Mon 30 Mar* · nobody" in said
    assert "*Tue 31 Mar* · 1 person\n• luis: review R-1 (date reached, 10:00 their time)" in said
    assert next(text for text in said if text.startswith("*Wed 1 Apr*")).split("\n") == [
        "*Wed 1 Apr* · nobody, 1 if nothing is answered · 1 note",
        "• maya directly: how asking went in March, 10:00",
        "• luis: review R-1 (only if not reviewed by 10:00)",
    ]
    thursday = "*Thu 2 Apr* · 1 person\n• luis: status (weekly, 10:00 their time); with review R-1 if still open"
    assert thursday in said
    assert any(text.startswith("*Mon 6 Apr* ·") and "<#CPROG>: weekly rollup, 09:00" in text for text in said)
    assert said[-1] == "*Never*\n• On weekends, holidays or time off, or outside 09:00 to 18:00"


def test_what_would_escalate_stands_apart_with_whom_it_would_name(town):
    """An Extreme risk without a response: it is with the sponsor by now, and its review passes on Wednesday."""
    risk_of(town, "luis", 1, score=(5, 5))
    said = texts(asked_for(town, "UMAYA"))
    assert said[0].startswith("*Next 14 days: 3 to 8 messages to 1 person, 1 channel post*")
    tuesday = next(text for text in said if text.startswith("*Tue 31 Mar*"))
    assert tuesday.split("\n") == [
        "*Tue 31 Mar* · 1 person · 1 escalation if nothing is answered",
        "• luis: review R-1 (date reached, 10:00 their time)",
        "• <#CPROG>: escalation of R-1 to dana (no response), if nobody answers",
    ]
    assert any("escalation of R-1 to maya (review overdue), if nobody answers" in text for text in said)


def test_who_leads_no_project_of_it_sees_their_own(town):
    risk_of(town, "luis", 1)
    risk_of(town, "kavya", 2, days=2)
    said = texts(asked_for(town, "UKAVYA"))
    assert said[0].startswith("*Your next 14 days: 1 to 3 messages*")
    assert not any("R-1 " in text for text in said)
    assert any("• review R-2 (date reached, 10:00)" in text for text in said)


def test_an_owner_of_a_project_sees_the_program_and_cannot_pause_it(town):
    shown = asked_for(town, "ULUIS")
    assert shown["text"].startswith("Next 14 days: ")
    assert "Pause all" not in json.dumps(shown)


def test_outside_of_a_channel_the_asker_chooses_among_their_programs(town):
    town.sandbox.add_channel("CNEXT", "prg-next", ["UMAYA", town.sandbox.bot_user_id])
    maya = town.person("UMAYA")
    maya.types("CNEXT", "/pm setup Next Program")
    maya.fills({"kind": "program"})
    maya.submits({"owner": "UMAYA"})
    shown = asked_for(town, "UMAYA", channel="CEMPTY")
    assert shown["text"] == "Which program? Choose one to see its next 14 days."
    with town.database.read(1) as session:
        program = session.scalars(select(Program.id).where(Program.name == "Next Program")).one()
    maya.presses(shown, "preview.program", option=f"program:{program}")
    assert "Next Program" in texts(maya.reads("CEMPTY")[-1])[0]


def test_one_person_is_picked_and_everybody_is_shown_again(town):
    risk_of(town, "luis", 1)
    risk_of(town, "kavya", 2)
    maya = town.person("UMAYA")
    maya.presses(asked_for(town, "UMAYA"), "preview.person", option="UKAVYA")
    shown = maya.reads("CPROG")[-1]
    assert shown["text"].startswith("Next 14 days for kavya: 1 to 3 messages.")
    assert "R-1 " not in json.dumps(shown)
    maya.presses(shown, "preview.table")
    shown = maya.reads("CPROG")[-1]
    rows = [row for block in shown["blocks"] if block["type"] == "data_table" for row in block["rows"]]
    assert {row[1]["text"] for row in rows[1:]} == {"kavya"}
    maya.presses(shown, "preview.clear")
    assert "R-1 " in json.dumps(maya.reads("CPROG")[-1])


def test_the_table_and_the_text_hold_the_same(town):
    risk_of(town, "luis", 1)
    maya = town.person("UMAYA")
    maya.presses(asked_for(town, "UMAYA"), "preview.table")
    shown = maya.reads("CPROG")[-1]
    rows = [[cell["text"] for cell in row] for block in shown["blocks"] for row in block.get("rows", ())]
    assert rows[0] == ["When", "Who", "What", "Why"]
    assert rows[1] == ["Tue 31 Mar, 10:00 New York", "luis", "review R-1", "date reached"]
    maya.presses(shown, "preview.text")
    assert any("review R-1" in text for text in texts(maya.reads("CPROG")[-1]))


def test_pausing_all_asks_first_and_leaves_nothing_to_come(town):
    risk_of(town, "luis", 1)
    maya = town.person("UMAYA")
    shown = asked_for(town, "UMAYA")
    [pause] = [e for b in shown["blocks"] for e in b.get("elements", ()) if e.get("action_id") == "preview.pause"]
    assert pause["confirm"]["title"]["text"] == "Pause all messages?"
    maya.presses(shown, "preview.pause")
    assert maya.reads("CPROG")[-1]["text"] == "Nothing is sent for Payments Renewal until you resume."
    said = texts(asked_for(town, "UMAYA"))
    assert said[0].startswith("*Next 14 days: nothing is sent*")
    assert said[1] == "*Payments Renewal is paused until somebody resumes it: nothing is sent for it*"


def test_a_pause_that_ends_shows_what_comes_after_it(town):
    town.person("UMAYA").types("CPROG", "/pm pause until 6 Apr")
    said = texts(asked_for(town, "UMAYA"))
    assert said[1] == "*Payments Renewal is paused until Mon 6 Apr: nothing is sent for it*"
    assert any(text.startswith("*Thu 2 Apr* · nobody") for text in said)
    assert any(text.startswith("*Mon 6 Apr*") and "weekly rollup" in text for text in said)


def test_under_a_dry_run_everything_goes_to_one_person(town):
    risk_of(town, "luis", 1)
    maya = town.person("UMAYA")
    maya.presses(maya.types("CPROG", "/pm switches").shown[-1], "switches.dry_run_on")
    said = texts(asked_for(town, "UMAYA"))
    assert said[1] == "*Dry run: everything of Payments Renewal goes to maya*"
    assert any("• maya: review R-1 for luis (date reached, 10:00 their time)" in text for text in said)


def test_what_is_turned_off_is_left_out(town):
    maya = town.person("UMAYA")
    shown = maya.types("CPROG", "/pm switches").shown[-1]
    with town.database.read(1) as session:
        program = session.scalars(select(Program.id)).one()
    maya.presses(shown, "switches.kind", option=f"rollups:program:{program}")
    said = texts(asked_for(town, "UMAYA"))
    assert said[1] == "*Turned off for Payments Renewal: rollups*"
    assert not any("weekly rollup" in text for text in said)


def test_a_restricted_project_is_hidden_from_others(town):
    luis = town.person("ULUIS")
    luis.types("CSECRET", f"/pm setup {SECRET}")
    programs = [block for block in luis.modal["blocks"] if block.get("block_id") == "program"]
    luis.submits({"target_on": "2026-06-30", "program": programs[0]["element"]["options"][0]["value"]})
    town.set_up_project("UKAVYA", "CFRAUD", "Fraud Signals")
    for user, sees in (("ULUIS", True), ("UMAYA", True), ("UKAVYA", False)):
        shown = asked_for(town, user)
        town.person(user).presses(shown, "preview.table")
        assert (SECRET in json.dumps(town.person(user).reads("CPROG")[-1])) is sees, user


def test_the_monthly_word_on_how_asking_goes_is_listed_for_its_reader(town):
    town.settle()
    said = texts(asked_for(town, "UMAYA"))
    [first] = [text for text in said if text.startswith("*Wed 1 Apr*")]
    assert "• maya directly: how asking went in March, 10:00" in first
    said = texts(asked_for(town, "UMAYA", "/pm preview me"))
    assert any("• how asking went in March, 10:00" in text for text in said)
    assert "how asking went" not in json.dumps(asked_for(town, "ULUIS", "/pm preview me"))


def test_guests_and_strangers_see_what_is_sent_to_them(town):
    shown = asked_for(town, "UGUEST")
    assert shown["text"].startswith("Your next 14 days: nothing is sent.")


def test_an_unknown_word_says_what_to_type(town):
    assert "/pm preview me" in asked_for(town, "UMAYA", "/pm preview tomorrow")["text"]


@sqlite_only
def test_three_and_thirty_risks_take_the_same_statements(town):
    def asked() -> int:
        with statements_of(town.database.reader) as statements, town.database.read(1) as session:
            preview.of_everything(session, None, days=14, now=town.clock.now())
        return len(statements)

    for number in range(3):
        risk_of(town, ("kavya", "jonas", "luis")[number % 3], number + 1)
    few = asked()
    for number in range(3, 30):
        risk_of(town, ("kavya", "jonas", "luis")[number % 3], number + 1, days=number % 12)
    assert asked() == few


@sqlite_only
def test_json_holds_who_gets_what_when_in_their_time_and_why(town, capsys, monkeypatch):
    risk_of(town, "kavya", 1)
    run(town, monkeypatch, as_json=True)
    found = json.loads(capsys.readouterr().out)
    assert found["messages"] == {"least": 3, "most": 9}
    [first] = [item for item in found["items"] if item["to"] == "kavya"][:1]
    assert first == {
        "kind": "message",
        "at": "2026-03-31T04:30:00Z",
        "local": "2026-03-31T10:00",
        "zone": "Asia/Kolkata",
        "to": "kavya",
        "conditional": False,
        "added": False,
        "parts": [
            {
                "what": "review R-1",
                "why": "date reached",
                "kind": "review_risk",
                "place": "Ledger Migration",
                "nudge": 0,
                "news": True,
                "conditional": False,
                "added_at": None,
            }
        ],
    }


@sqlite_only
def test_without_json_it_is_a_page_to_read(town, capsys, monkeypatch):
    risk_of(town, "luis", 1)
    run(town, monkeypatch, as_json=False, program="Payments Renewal")
    said = capsys.readouterr().out
    assert said.startswith("Next 14 days: 3 to 8 messages to 1 person, 1 channel post.\n")
    assert "Tue 31 Mar  1 person\n  luis: review R-1 (date reached, 10:00 their time)\n" in said


@sqlite_only
def test_a_program_that_is_not_there_is_said_with_those_that_are(town, monkeypatch):
    with pytest.raises(UserError, match="These are: Payments Renewal"):
        run(town, monkeypatch, as_json=True, program="Nova")


def run(town: Town, monkeypatch: Any, *, as_json: bool, program: str | None = None) -> None:
    monkeypatch.setattr("bot.preview._now", lambda settings: town.clock.now().replace(microsecond=0))
    settings = Settings(database_url=town.database.url)
    assert run_preview(settings, days=14, as_json=as_json, program=program) == 0
