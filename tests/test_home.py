"""The Home: what waits for me, answerable right there, then what is mine, then what I wait for."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from models.tables import Person, Project
from tests.asking import sqlite_only
from tests.desk import (
    HOSTILE,
    LONG_AGO,
    NOON,
    TODAY,
    add_assumption,
    add_decision,
    add_issue,
    add_project,
    add_risk,
    add_update,
    one_of_each,
)
from tests.desk import person as person_id
from tests.desk import project as project_row

THURSDAY = datetime(2026, 4, 2, 14, tzinfo=UTC)
"""10:00 in New York."""


def shown(home: dict[str, Any] | None) -> list[str]:
    assert home is not None
    texts = []
    for block in home["blocks"]:
        if "text" in block:
            texts.append(block["text"]["text"])
        texts += [element["text"] for element in block.get("elements", ()) if block["type"] == "context"]
    return texts


def buttons(home: dict[str, Any] | None) -> list[tuple[str, str, str]]:
    """Label, action and value of every button, as they stand."""
    assert home is not None
    found = []
    for block in home["blocks"]:
        elements = block.get("elements", ()) if block["type"] == "actions" else [block.get("accessory")]
        found += [(each["text"]["text"], each["action_id"], each["value"]) for each in elements if each]
    return found


def offered(home: dict[str, Any] | None, action: str) -> list[str]:
    return [value for _, found, value in buttons(home) if found == action]


def test_with_nothing_to_do_it_names_the_next_ask_and_its_time(town):
    home = town.person("ULUIS").opens_home()
    assert shown(home)[:2] == [
        "Nothing waits for you",
        "Next: the status of Ledger Migration, <!date^1775138400^{date_short_pretty} at {time}|2 Apr, 14:00 UTC>.",
    ]
    [ledger] = [text for text in shown(home) if "Ledger Migration" in text and "Next" not in text]
    assert ledger.split("\n") == [
        ":radio_button: *<https://example-workspace.slack.com/archives/CLEDGER|Ledger Migration> is Unknown*",
        "<#CLEDGER> · 0 open risks",
        "No update yet",
    ]


def test_the_next_ask_is_the_first_of_all_kinds(town):
    with town.database.write(1) as session:
        luis = person_id(session, "luis")
        add_risk(session, 1, owner=luis, next_review_on=TODAY + timedelta(days=3))
        add_assumption(session, 1, owner=luis, validate_by=TODAY + timedelta(days=2))
    home = town.person("ULUIS").opens_home()
    assert shown(home)[:2] == ["Nothing waits for you", "Next: A-1 to confirm or refute, Wed 1 Apr."]


@sqlite_only
def test_a_backup_is_not_told_of_an_ask_that_another_person_gets(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/pm setup")
    luis.submits({"backup": "UKAVYA"})
    home = shown(town.person("UKAVYA").opens_home())
    assert "Next:" not in str(home)
    assert "Ledger Migration> is Unknown" in str(home), "what one backs up is shown all the same"


def test_what_people_ask_of_somebody_stands_there_and_goes_once_it_is_answered(town):
    kavya, luis, dana = town.person("UKAVYA"), town.person("ULUIS"), town.person("UDANA")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    kavya.types("CLEDGER", "/decision Freeze window")
    kavya.submits({"approver": "ULUIS", "due_on": "2026-04-01"})
    assert kavya.form_errors == {}
    town.play(THURSDAY + timedelta(minutes=1))

    home = luis.opens_home()
    assert shown(home)[0] == "3 asks wait for you"
    asks = [each for each in buttons(home) if each[1] in ("risk.acknowledge", "decision.decide", "status.open")]
    assert [label for label, *_ in asks[:3]] == ["Acknowledge", "Decide", "Update status"], "Extreme, then oldest first"
    assert "Was due Wed 1 Apr · you are the approver" in shown(home)[2]
    assert "Due <!date^1775246400^" in shown(home)[3]

    luis.presses("home", "risk.acknowledge", value=asks[0][2])
    assert shown(luis.home)[0] == "2 asks wait for you"
    luis.closes()
    luis.presses("home", "decision.decide", value=asks[1][2])
    assert "Freeze window" in str(luis.modal)
    luis.closes()
    [ask] = [block for block in luis.home["blocks"] if "Update status of" in str(block.get("text"))]
    luis.presses("home", "status.open", block_id=ask["block_id"])
    luis.submits({"health": "green", "summary": "Cutover rehearsed"})
    assert shown(luis.home)[0] == "1 ask waits for you"
    assert "|Ledger Migration> is Green*" in str(shown(luis.home)), "its name leads to the update"
    assert dana.home is None, "nobody's Home is drawn who never opened it"


ANSWERS: list[tuple[str, dict[str, str] | None]] = [
    ("risk.acknowledge", None),
    ("risk.review", {"next_review_on": "2026-04-30"}),
    ("risk.close", {"reason": "The vendor has delivered, nothing is left"}),
    ("issue.acknowledge", None),
    ("issue.resolve", None),
    ("decision.decide", {"chosen": "A", "rationale": "It costs the least by far"}),
    ("decision.grade", {"outcome": "It held all year", "outcome_grade": "better"}),
    ("assumption.confirm", None),
    ("status.open", {"health": "green", "summary": "Cutover rehearsed"}),
]


def test_every_kind_of_ask_is_answered_from_the_home_which_is_drawn_anew(town):
    luis = town.person("ULUIS")
    with town.database.write(1) as session:
        me, dana = person_id(session, "luis"), person_id(session, "dana")
        one_of_each(session, 1, reader=me, other=dana, place=project_row(session))
    luis.opens_home()
    left = len(ANSWERS)
    for action, words in ANSWERS:
        assert shown(luis.home)[0].startswith(f"{left} ask"), action
        first = offered(luis.home, action)[0]
        ask = next(b for b in luis.home["blocks"] if first in str(b) and action in str(b))
        luis.presses("home", action, value=first, block_id=ask["block_id"])
        if words:
            luis.submits(words)
            assert luis.form_errors == {}, action
        if action == "risk.acknowledge":
            luis.closes()  # the form for what it still lacks
        left -= 1
    assert shown(luis.home)[0] == "Nothing waits for you"


def test_what_was_taken_for_true_is_refuted_from_the_home(town):
    luis = town.person("ULUIS")
    with town.database.write(1) as session:
        add_assumption(session, 1, owner=person_id(session, "luis"), project_id=project_row(session).id)
    luis.opens_home()
    [which] = offered(luis.home, "assumption.refute")
    luis.presses("home", "assumption.refute", value=which)
    luis.submits({"reason": "The scheme has published its mandate"})
    assert luis.form_errors == {}
    assert shown(luis.home)[0] == "Nothing waits for you"


def test_an_owner_who_wants_a_high_risk_closed_waits_for_the_project_owner_whose_home_asks_at_once(town):
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "4", "category": "vendor", "owner": "UKAVYA"})
    kavya.opens_home(), luis.opens_home()
    assert "open risk, 1 Extreme" in str(shown(luis.home))
    card = next(message for message in kavya.reads("CLEDGER") if "risk.more" in str(message))
    kavya.presses(card, "risk.more", option=next(v for v in _options(card) if v.startswith("close:")))
    kavya.submits({"reason": f"The vendor delivered {HOSTILE}"})
    assert kavya.form_errors == {}
    assert shown(luis.home)[0] == "1 ask waits for you"
    assert "kavya asks you to confirm: The vendor delivered &lt;!channel&gt; &lt;b&gt; &amp; co" in shown(luis.home)[1]
    assert "<@ULUIS>: confirm the close of <" in str(shown(kavya.home))
    luis.presses("home", "risk.close", value=offered(luis.home, "risk.close")[0])
    luis.submits({"reason": "It has delivered indeed"})
    assert shown(luis.home)[0] == "Nothing waits for you"
    assert "You wait for others" not in str(shown(kavya.home))


def _options(message: dict[str, Any]) -> list[str]:
    elements = [each for block in message["blocks"] for each in block.get("elements", ())]
    return [option["value"] for each in elements for option in each.get("options", ())]


def test_what_one_waits_for_goes_from_the_home_once_it_is_there(town):
    kavya, luis = town.person("UKAVYA"), town.person("ULUIS")
    kavya.types("CLEDGER", "/risk Vendor slips the API")
    kavya.submits({"probability": "4", "impact": "5", "category": "vendor", "owner": "ULUIS"})
    kavya.types("CLEDGER", f"/decision Freeze window {HOSTILE}")
    kavya.submits({"approver": "ULUIS", "due_on": "2026-04-01"})
    waits = next(text for text in shown(kavya.opens_home()) if text.startswith("*You wait for others*"))
    assert "\n• <@ULUIS>: acknowledge <" in waits
    assert "|R-1> Vendor slips the API · Extreme 20 · due <!date^" in waits
    assert "|D-1> Freeze window &lt;!channel&gt; &lt;b&gt; &amp; co · due Wed 1 Apr" in waits
    luis.opens_home()
    luis.presses("home", "risk.acknowledge", value=offered(luis.home, "risk.acknowledge")[0])
    assert "R-1" not in str(shown(kavya.home))
    assert "D-1" in str(shown(kavya.home))


def test_fewer_than_six_stand_in_one_list_extreme_first_then_the_oldest_date(town):
    with town.database.write(1) as session:
        luis, dana = person_id(session, "luis"), person_id(session, "dana")
        add_decision(session, 1, approver=luis, driver=dana, due_on=TODAY - timedelta(days=9))
        add_risk(session, 1, owner=luis, next_review_on=TODAY - timedelta(days=2))
        add_risk(session, 2, owner=luis, score=(5, 5), next_review_on=TODAY)
        add_decision(session, 2, approver=luis, driver=dana, due_on=None)
        add_assumption(session, 1, owner=luis, validate_by=TODAY - timedelta(days=5))
    texts = shown(town.person("ULUIS").opens_home())
    assert [text.partition(":")[0] for text in texts[1:6]] == [
        "*Review R-2",
        "*Decide D-1",
        "*Confirm or refute A-1",
        "*Review R-1",
        "*Decide D-2",
    ]
    assert "Overdue" not in str(texts)


def test_from_six_on_what_is_overdue_stands_apart(town):
    with town.database.write(1) as session:
        luis, dana = person_id(session, "luis"), person_id(session, "dana")
        add_risk(session, 1, owner=luis, score=(5, 5), next_review_on=TODAY)
        for number in range(1, 6):
            add_decision(session, number, approver=luis, driver=dana, due_on=TODAY + timedelta(days=number - 4))
    home = town.person("ULUIS").opens_home()
    assert [text.partition(": Dec")[0].partition(": Ris")[0] for text in shown(home)[:9]] == [
        "6 asks wait for you",
        "*Overdue: 3*",
        "*Decide D-1",
        "*Decide D-2",
        "*Decide D-3",
        "*This week and later: 3*",
        "*Review R-1",
        "*Decide D-4",
        "*Decide D-5",
    ]
    primary = [b["accessory"]["value"] for b in home["blocks"] if b.get("accessory", {}).get("style") == "primary"]
    assert len(primary) == 1, "one is the next"


@sqlite_only
@pytest.mark.parametrize(
    ("severity", "opened", "asked"),
    [
        ("sev1", datetime(2026, 3, 27, 15, tzinfo=UTC), False),
        ("sev1", datetime(2026, 3, 26, 15, tzinfo=UTC), True),
        ("sev1", datetime(2026, 3, 27, 3, 59, tzinfo=UTC), True),
        ("sev2", datetime(2026, 3, 23, 15, tzinfo=UTC), False),
        ("sev2", datetime(2026, 3, 20, 15, tzinfo=UTC), True),
        ("sev3", LONG_AGO, False),
    ],
)
def test_a_bad_issue_asks_its_owner_once_it_should_be_resolved(town, severity, opened, asked):
    """On Monday 30 March: one working day for a sev1, five for a sev2, by the calendar of New York."""
    with town.database.write(1) as session:
        values = {"opened_at": opened, "status": "blocked", "acknowledged_at": LONG_AGO}
        add_issue(session, 1, owner=person_id(session, "luis"), severity=severity, **values)
    home = town.person("ULUIS").opens_home()
    assert bool(offered(home, "issue.unblock")) is asked


@sqlite_only
def test_a_record_asks_one_thing_at_a_time(town):
    with town.database.write(1) as session:
        luis = person_id(session, "luis")
        new = {"state": "identified", "acknowledged_at": None, "acknowledge_by": NOON}
        add_risk(session, 1, owner=luis, next_review_on=LONG_AGO.date(), **new)
        add_risk(session, 2, owner=luis, state="closed", next_review_on=LONG_AGO.date())
        add_risk(session, 3, owner=luis, state="accepted", next_review_on=LONG_AGO.date())
        add_issue(session, 1, owner=luis, severity="sev1", opened_at=LONG_AGO)
    home = town.person("ULUIS").opens_home()
    assert [action for _, action, _ in buttons(home)][:3] == ["issue.acknowledge", "risk.review", "risk.acknowledge"]
    assert shown(home)[0] == "3 asks wait for you"
    assert "accepted until Mon 2 Mar" in shown(home)[2]


@sqlite_only
def test_what_one_notices_is_logged_from_the_home(town):
    luis = town.person("ULUIS")
    luis.opens_home()
    titles = []
    for action in ("risk.form", "issue.form", "decision.form", "status.open"):
        luis.presses("home", action, value="home")
        titles.append(luis.modal["title"]["text"])
        luis.closes()
    assert titles == ["Log a risk", "Log an issue", "Log a decision", "Update status"]


@sqlite_only
def test_a_missed_week_leaves_the_home_with_its_message(town):
    luis = town.person("ULUIS")
    luis.opens_home()
    town.play(THURSDAY + timedelta(days=4))
    assert "Was due" in str(shown(luis.home))
    with town.database.write(1) as session:
        session.execute(update(Project).values(state="on_hold"))
    town.play(THURSDAY + timedelta(days=8))
    assert shown(luis.home)[0] == "Nothing waits for you"
    assert "Next:" not in str(shown(luis.home)), "a project on hold is not asked"
    assert "Ledger Migration> is On hold" in str(shown(luis.home))


def test_a_program_manager_sees_the_program_with_its_worst_health_and_its_projects_worst_first(town):
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits({"health": "red", "summary": "Vendor stopped", "path_to_green": "Second vendor by Friday"})
    with town.database.write(1) as session:
        dana, program = person_id(session, "dana"), project_row(session).program_id
        for number in range(20, 24):
            add_project(session, number, owner=dana, name=f"{HOSTILE} {number}", program_id=program)
        calm = add_project(session, 30, owner=dana, name="Calm", program_id=program)
        add_update(session, calm, author=dana, health="green", at=town.clock.now(), previous_health="red")
        quiet = add_project(session, 31, owner=dana, name="Quiet", program_id=program)
        add_update(session, quiet, author=dana, health="green", at=town.clock.now() - timedelta(days=12))
        ended = add_project(session, 32, owner=dana, name="Ended", program_id=program, state="completed")
        add_risk(session, 9, owner=dana, score=(5, 5), project_id=ended, program_id=program)
    text = next(text for text in shown(town.person("UMAYA").opens_home()) if "Payments Renewal" in text)
    lines = text.split("\n")
    assert lines[0] == ":large_red_square: *Payments Renewal is Red*"
    assert lines[1] == "<#CPROG> · 1 open risk, 1 Extreme"
    assert lines[2].startswith(":large_red_square: Red · <https://") and lines[2].endswith("|Ledger Migration>")
    assert lines[3] == ":radio_button: Unknown · &lt;!channel&gt; &lt;b&gt; &amp; co 20 · no update yet"
    assert lines[7:] == ["and 2 more projects"]
    owned = shown(town.person("UDANA").opens_home())
    assert any("Quiet is Amber*" in text and "Last update Wed 18 Mar, old" in text for text in owned)


def test_a_program_manager_opens_its_risks_from_the_home(town):
    kavya, maya = town.person("UKAVYA"), town.person("UMAYA")
    kavya.types("CLEDGER", f"/risk Vendor slips the API {HOSTILE} p4 i5")
    with town.database.write(1) as session:
        add_risk(session, 90, owner=person_id(session, "kavya"), title="Of no program")
    [which] = offered(maya.opens_home(), "risk.list")
    maya.presses("home", "risk.list", value=which)
    listed = maya.reads(maya.dm)[-1]
    assert "Vendor slips the API" in str(listed)
    assert "Of no program" not in str(listed)


def test_a_guest_reads_what_is_theirs_and_is_offered_nothing_they_may_not_do(town):
    guest = town.person("UGUEST")
    home = guest.opens_home()
    assert shown(home) == [
        "Nothing waits for you",
        "What is asked of you will stand here, with a button to answer it.",
        "You are a guest here: you see what is asked of you. Other projects are not shown.",
    ]
    assert not [block for block in home["blocks"] if block["type"] == "actions"]
    with town.database.write(1) as session:
        me, dana = person_id(session, "guest"), person_id(session, "dana")
        add_risk(session, 1, owner=me, state="identified", acknowledged_at=None, project_id=project_row(session).id)
        add_decision(session, 1, approver=dana, driver=me)
        add_project(session, 50, owner=me, name="Of a guest")
    home = guest.opens_home()
    assert [action for _, action, _ in buttons(home)] == ["risk.acknowledge"], "nothing but what is asked of them"
    assert "Of a guest" not in str(shown(home))
    guest.presses("home", "risk.acknowledge", value=offered(home, "risk.acknowledge")[0])
    assert shown(guest.home)[0] == "Nothing waits for you"


def test_of_a_restricted_project_an_outsider_sees_only_what_is_asked_of_them(town):
    with town.database.write(1) as session:
        luis, kavya = person_id(session, "luis"), person_id(session, "kavya")
        secret = add_project(session, 66, owner=luis, name="Secret merger", visibility="restricted", channel="CSECRET")
        add_update(session, secret, author=luis, health="red", at=LONG_AGO)
        add_risk(session, 1, owner=luis, title="Secret words", project_id=secret, close_asked_by_id=kavya, score=(5, 5))
        add_risk(session, 2, owner=kavya, title="Theirs to review", project_id=secret, next_review_on=TODAY)
    kavya_home, ruby_home = (town.person(user).opens_home() for user in ("UKAVYA", "URUBY"))
    assert shown(kavya_home)[0] == "1 ask waits for you"
    assert "Theirs to review" in str(kavya_home)
    assert "Secret" not in str(kavya_home), "who asked for its close is nobody there any more"
    assert "Secret" not in str(ruby_home) and "1 ask" not in str(ruby_home)
    luis_home = town.person("ULUIS").opens_home()
    assert "Secret merger" in str(luis_home) and "Secret words" in str(luis_home)


@sqlite_only
def test_somebody_of_whom_nothing_is_known_has_a_home_too(town):
    with town.database.write(1) as session:
        session.execute(update(Person).where(Person.slack_id == "URUBY").values(slack_id="UELSE"))
    home = town.person("URUBY").opens_home()
    assert shown(home)[:2] == [
        "Nothing waits for you",
        "Log what you notice, or set up the channel of a project with `/pm setup`.",
    ]
