"""`/pm settings`: what holds for a program, who changes it, and what follows from a change."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from models.tables import Calendar, History, OperatingParameters, Program, ScheduleRule
from tests.asking import FRIDAY, THURSDAY, requests, sqlite_only, states, times_asked

WHY = "The team asked for it <!channel> & co"
EVERY_SECOND = {"every": "2", "reason": WHY}


def shown(town, user: str = "UMAYA", channel: str = "CPROG") -> dict:
    return town.person(user).types(channel, "/pm settings").shown[-1]


def edits(town, key: str, user: str = "UMAYA", channel: str = "CPROG"):
    person = town.person(user)
    message = shown(town, user, channel)
    person.presses(message, "settings.edit", value=f"{key}:program:1")
    return person


def save(town, key: str, user: str = "UMAYA", *, force: bool = False, **values: object) -> dict[str, str]:
    person = edits(town, key, user)
    person.submits({"reason": WHY} | values, force=force)
    return person.form_errors


def versions(town) -> list[tuple[int, str | None]]:
    with town.database.read(1) as session:
        rows = session.scalars(select(OperatingParameters).order_by(OperatingParameters.version))
        return [(row.version, row.reason) for row in rows]


def history(town) -> dict[str, tuple[object, object]]:
    with town.database.read(1) as session:
        rows = session.scalars(select(History).where(History.kind == "program", History.reason == WHY))
        return {row.field: (row.old, row.new) for row in rows}


def rule(town, kind: str = "status_request") -> ScheduleRule:
    with town.database.read(1) as session:
        return session.scalars(select(ScheduleRule).where(ScheduleRule.kind == kind)).one()


def test_what_holds_now_is_shown_to_one_reader_in_parts(town):
    message = shown(town)
    assert message["text"] == "How Payments Renewal is run. All of it is the default."
    words = str(message["blocks"])
    assert "Asked every: 1 _(default)_\\nWeeks or months: Weeks _(default)_\\nOpens on: Thursday _(default)_" in words
    assert "Acknowledge Extreme in: 4 working hours _(default)_" in words
    assert "Public holidays of: none _(default)_" in words
    assert [m for m in town.person("UJONAS").reads("CPROG") if "is run" in m["text"]] == []


def test_a_change_is_a_version_with_who_and_why_and_a_row_for_each_value(town):
    assert save(town, "status", every="2", open_weekday="3", grace_days="5") == {}
    assert versions(town) == [(1, WHY)]
    assert history(town) == {
        "parameters.status.every": (1, 2),
        "parameters.status.open_weekday": (4, 3),
        "parameters.status.grace_days": (3, 5),
    }
    maya = town.person("UMAYA")
    [receipt] = [m for m in maya.reads("CPROG") if m["text"].startswith("Status requests of")]
    assert receipt["text"] == "Status requests of Payments Renewal: 3 values changed, version 1."
    assert "Opens on: *Wednesday*, was Thursday" in str(receipt["blocks"])
    assert "It holds for what begins from now on. A request that is open keeps its due date" in str(receipt["blocks"])
    assert "asked for it &lt;!channel&gt; &amp; co" in str(receipt["blocks"])

    again = shown(town, channel="CLEDGER")
    assert again["text"] == "How Payments Renewal is run. 3 values set for it."
    assert "Opens on: *Wednesday* · maya, Mon 30 Mar" in str(again["blocks"])
    maya.presses(again, "settings.history")
    told = maya.reads("CLEDGER")[-1]
    assert told["text"] == "How Payments Renewal was run: 1 change. Only you see this."
    assert "*Mon 30 Mar, maya*" in str(told["blocks"])
    assert "Asked every: *2*, was 1" in str(told["blocks"])


def test_who_may_not_reads_and_is_told_who_may(town):
    for user in ("ULUIS", "UKAVYA"):
        message = shown(town, user)
        assert "settings.edit" not in str(message["blocks"])
    message = shown(town)
    maya, dana = town.person("UMAYA"), town.person("UDANA")
    maya.presses(message, "settings.edit", value="status:program:1")
    with town.database.write(1) as session:
        session.execute(update(Program).where(Program.id == 1).values(manager_id=Program.sponsor_id))
    town.sandbox.change_person("UMAYA", is_admin=False)
    town.settle()
    maya.submits(EVERY_SECOND)
    refusal = str(maya.form_errors) + str(maya.modal)
    assert "You cannot change how Payments Renewal is run" in refusal
    assert versions(town) == []
    assert save(town, "status", "UDANA", every="2") == {}
    assert dana.form_errors == {}
    assert "Guests do not see how a program is run" in str(town.person("UGUEST").types("CPROG", "/pm settings").shown)


@sqlite_only
def test_outside_of_a_program_one_is_told_where(town):
    assert "in the channel of the program" in town.person("UJONAS").types("CEMPTY", "/pm settings").text
    assert shown(town, "UDANA", "CEMPTY")["text"].startswith("How Payments Renewal is run")


@sqlite_only
def test_the_same_values_make_no_version(town):
    assert save(town, "status") == {}
    assert versions(town) == []
    assert town.person("UMAYA").reads("CPROG")[-1]["text"].startswith("Nothing was changed")


@sqlite_only
@pytest.mark.parametrize(
    ("key", "values", "problems"),
    [
        ("status", {"open_weekday": "5", "open_local_time": "17:00"}, {"due_local_time": "It opens that day at 17:00"}),
        ("status", {"every": "0"}, {"every": "A whole number from 1 to 12."}),
        ("status", {"reason": "no"}, {"reason": "Say why in 5 to 500 characters."}),
        ("ladder", {"manager": "5"}, {"sponsor": "The sponsor comes after the program manager: more than 5."}),
        ("ladder", {"extreme_sponsor": "1"}, {"extreme_sponsor": "The sponsor comes after the program manager"}),
        ("limits", {"ack_high": "3"}, {"ack_high": "Extreme is the most urgent: at least 4."}),
        ("limits", {"sev1": "6"}, {"sev2": "Sev1 is more urgent: at least 6."}),
        ("limits", {"ack_low": "2000"}, {"ack_low": "A number of hours above 0 and up to 1,000."}),
        ("health", {"spi_red": "0.9"}, {"spi_red": "Red is worse than Amber: below 0.9."}),
        ("health", {"red_at": "0.5"}, {"red_at": "Red is worse than Amber: above 0.5."}),
        ("health", {"slip_red": "0"}, {"slip_red": "Red is worse than Amber: more than 0."}),
        ("messages", {"most": "4"}, {"most": "A whole number from 0 to 3."}),
        ("messages", {"snoozes_urgent": "4"}, {"snoozes_urgent": "What is urgent is snoozed no more often"}),
        ("calendar", {"start": "19:00"}, {"end": "The day begins at 19:00. Choose a later time."}),
        ("calendar", {"end": "late"}, {"end": "A time of day, as 18:00, or 24:00."}),
        ("calendar", {"country": "ZZ"}, {"country": "I know no public holidays of ZZ."}),
        ("calendar", {"country": "DE", "region": "XX"}, {"region": "I do not know XX in DE. Its regions are BB"}),
        ("calendar", {"region": "BY"}, {"region": "Say the country, too."}),
    ],
)
def test_what_is_wrong_is_said_at_its_field(town, key, values, problems):
    errors = save(town, key, force=True, **values)
    assert errors.keys() == problems.keys()
    for name, words in problems.items():
        assert errors[name].startswith(words)
    assert versions(town) == []


def test_two_who_change_the_same_part_see_each_other(town):
    maya = edits(town, "status")
    assert save(town, "status", "UDANA", every="2", grace_days="6") == {}
    maya.submits({"every": "3", "reason": WHY})
    assert "changed while this form was open" in str(maya.modal["blocks"])
    values = {block["block_id"]: block for block in maya.modal["blocks"] if block["type"] == "input"}
    assert any(name.startswith("grace_days@") for name in values), "what was not touched shows what stands there now"
    maya.submits()
    assert maya.form_errors == {}
    assert [version for version, _ in versions(town)] == [1, 2]
    assert rule(town).every == 3


def test_every_second_week_from_the_next_on_and_what_is_open_keeps_its_due_date(town):
    town.play(THURSDAY + timedelta(hours=1))
    assert save(town, "status", every="2", due_weekday="1", due_local_time="12:00") == {}
    [request] = requests(town)
    assert request.due_at == FRIDAY.replace(hour=16)
    assert request.close_at == THURSDAY + timedelta(days=14)
    town.play(THURSDAY + timedelta(days=14, hours=1))
    assert [(r.local_date, r.state) for r in requests(town)] == [
        (date(2026, 4, 2), "missed"),
        (date(2026, 4, 16), "open"),
    ]
    assert requests(town)[1].due_at == datetime(2026, 4, 20, 16, tzinfo=UTC)


@sqlite_only
def test_monthly_from_the_next_month_on(town):
    town.play(THURSDAY + timedelta(hours=1))
    assert save(town, "status", cadence="monthly", open_weekday="1", due_weekday="3") == {}
    town.play(datetime(2026, 6, 1, 15, tzinfo=UTC))
    assert [(r.period, r.local_date) for r in requests(town)] == [
        ("2026-W14", date(2026, 4, 2)),
        ("2026-05", date(2026, 5, 4)),
        ("2026-06", date(2026, 6, 1)),
    ]
    luis = town.person("ULUIS")
    luis.types("CLEDGER", "/update")
    luis.submits({"health": "green", "summary": "Cutover rehearsed twice"})
    assert luis.form_errors == {}
    assert "June" in str(town.card("CLEDGER", "Ledger Migration is Green")["blocks"])
    assert states(town) == ["missed", "missed", "submitted"]


def test_another_day_in_the_week_that_is_not_asked_yet_is_asked_in_it(town):
    assert save(town, "status", open_weekday="2", due_weekday="3") == {}
    town.play(THURSDAY)
    assert [(r.period, r.local_date) for r in requests(town)] == [("2026-W14", date(2026, 3, 31))]
    assert times_asked(town, "ULUIS")[0] == "Tue 31 Mar 10:00"


@sqlite_only
def test_the_rollup_moves_to_another_day_and_hour(town):
    assert save(town, "messages", weekday="3", local_time="08:30") == {}
    assert rule(town, "rollup").next_due_at == datetime(2026, 4, 1, 12, 30, tzinfo=UTC)
    town.play(datetime(2026, 4, 1, 13, tzinfo=UTC))
    assert rule(town, "rollup").next_local_date == date(2026, 4, 8)


def test_the_calendar_of_the_program_has_its_own_row_and_history(town):
    assert save(town, "calendar", working_days=["7", "1", "2", "3", "4"], country="de", region="by") == {}
    with town.database.read(1) as session:
        calendar = session.scalars(select(Calendar).where(Calendar.program_id == 1)).one()
    assert (calendar.working_days, calendar.country, calendar.region) == ([1, 2, 3, 4, 7], "DE", "BY")
    assert history(town) == {
        "calendar.working_days": ([1, 2, 3, 4, 5], [1, 2, 3, 4, 7]),
        "calendar.country": (None, "DE"),
        "calendar.region": (None, "BY"),
    }
    assert versions(town) == [], "a calendar is no version of the parameters"
    assert "Working days: *Mon, Tue, Wed, Thu, Sun* · maya, Mon 30 Mar" in str(shown(town)["blocks"])
    assert save(town, "calendar", country="", region="") == {}
    with town.database.read(1) as session:
        assert session.scalars(select(Calendar.country).where(Calendar.program_id == 1)).one() is None


def test_threads_open_in_another_channel_and_a_rule_is_turned_off(town):
    kept = ["E1", "E2", "E3", "E4", "E5", "E6", "E7", "E8", "E9"]
    assert save(town, "ladder", escalation_channel="CFRAUD", rules=kept, ack_window="3") == {}
    with town.database.read(1) as session:
        assert session.get_one(Program, 1).escalation_channel == "CFRAUD"
        [stored] = session.scalars(select(OperatingParameters)).all()
    assert stored.values["ladder"]["rules_off"] == ["E5b"]
    message = shown(town)
    assert "What escalates: *9 of 10 rules* · maya, Mon 30 Mar" in str(message["blocks"])
    assert "Threads open in: *<#CFRAUD>* · maya" in str(message["blocks"])
    town.person("UMAYA").presses(message, "settings.history")
    told = str(town.person("UMAYA").reads("CPROG")[-1]["blocks"])
    assert "no longer “A dependency is not committed”" in told
    assert save(town, "ladder", escalation_channel="CFRAUD", rules=[], ack_window="3") == {}
    assert "What escalates: *nothing*" in str(shown(town)["blocks"])


@sqlite_only
def test_a_restricted_program_is_not_shown_outside(town):
    with town.database.write(1) as session:
        session.execute(update(Program).where(Program.id == 1).values(visibility="restricted"))
    message = shown(town)
    jonas = town.person("UJONAS")
    refused = jonas.types("CFRAUD", "/pm settings").text
    assert "in the channel of the program" in refused
    assert message["text"].startswith("How Payments Renewal")
