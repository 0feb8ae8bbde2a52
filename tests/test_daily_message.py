"""One message a day for all that somebody owes: order, number, silence, downtime, zones, switches."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from bot.jobs.desk import make_desks, take_due_desks
from bot.scheduler import Timetable
from bot.services import desk
from models.tables import Assumption, Outbox, Program, Risk
from tests.asking import NEW_YORK, post_status, sqlite_only, times_asked
from tests.owing import HOSTILE, add_assumption, add_finding, add_milestone, asks, at, daily, lines, person_id
from tests.statements import statements_of
from tests.town import Town

TUESDAY = at("2026-03-31T11:00", NEW_YORK)


def log_risk(town: Town, line: str, channel: str = "CLEDGER", user: str = "UMAYA") -> None:
    assert town.person(user).types(channel, f"/risk {line}").acked


def test_all_programs_stand_in_one_message_worst_first(town: Town):
    log_risk(town, f"Vendor slips {HOSTILE} p5 i5 @luis by 31 Mar")
    with town.database.write(1) as session:
        session.execute(update(Risk).values(status="assessed", acknowledged_at=town.clock.now()))
    add_assumption(town, "luis", date(2026, 3, 20), "Oldest")
    add_finding(town, "luis", date(2026, 3, 26))
    add_assumption(town, "luis", date(2026, 3, 24), "Of no program", project_id=None, program_id=None)
    town.play(TUESDAY)
    [message] = [each for each in daily(town, "ULUIS") if lines(each)]
    assert [line.split(" ")[1] for line in lines(message)] == ["Review", "Confirm", "Confirm", "Update"]
    assert message["text"].startswith("4 asks for today. First: review R-1, Extreme 25")
    styles = [e.get("style") for b in message["blocks"] if b["type"] == "actions" for e in b["elements"][:1]]
    assert styles == ["primary", None, None, None]
    assert "<!channel>" not in str(message["blocks"])


@pytest.mark.parametrize(("number", "shown", "rest"), [(1, 1, None), (10, 10, None), (12, 10, "and 2 more wait")])
def test_ten_are_shown_and_the_rest_is_counted(town: Town, number, shown, rest):
    for each in range(number):
        add_assumption(town, "luis", date(2026, 3, 27), f"Assumption {each}")
    town.play(TUESDAY)
    message = daily(town, "ULUIS")[-1]
    assert len(lines(message)) == shown
    assert ("more wait" in str(message["blocks"])) is (rest is not None)


def test_who_owes_nothing_gets_nothing_and_what_comes_later_is_added_silently(town: Town):
    add_assumption(town, "luis", date(2026, 3, 31))
    town.play(TUESDAY)
    assert len(daily(town, "ULUIS")) == 1 and daily(town, "UDANA") == []
    add_milestone(town, "luis", date(2026, 3, 31))
    town.clock.wait(700)
    with town.database.write(1) as session:
        desk.look_soon(session, [person_id(town, "luis")], at=town.clock.now())
    town.settle()
    [message] = daily(town, "ULUIS")
    assert len(lines(message)) == 2 and "edited" in message


def test_after_three_days_of_downtime_one_message_comes(town: Town):
    add_assumption(town, "luis", date(2026, 3, 31))
    add_milestone(town, "luis", date(2026, 4, 1))
    town.clock.move_to(at("2026-04-03T12:00", NEW_YORK))
    town.settle()
    assert times_asked(town, "ULUIS") == ["Fri 03 Apr 12:00"]
    assert len(lines(daily(town, "ULUIS")[-1])) == 3


@sqlite_only
def test_a_message_that_could_not_leave_on_its_day_is_asked_the_next(town: Town):
    add_assumption(town, "luis", date(2026, 3, 31))
    town.clock.move_to(at("2026-03-31T17:59", NEW_YORK))
    make_desks(town.runtime)
    take_due_desks(town.runtime)
    town.clock.move_to(at("2026-03-31T19:00", NEW_YORK))
    town.settle()
    assert daily(town, "ULUIS") == []
    town.play(at("2026-04-01T12:00", NEW_YORK))
    assert times_asked(town, "ULUIS") == ["Wed 01 Apr 09:00"]
    with town.database.read(1) as session:
        assert session.scalar(select(func.count()).select_from(Outbox).where(Outbox.state == "superseded")) >= 1


@sqlite_only
def test_a_restart_between_every_step_sends_nothing_twice(town: Town):
    add_assumption(town, "luis", date(2026, 3, 31))
    moment = at("2026-03-31T08:00", NEW_YORK)
    while moment < at("2026-04-03T18:00", NEW_YORK):
        moment += timedelta(minutes=30)
        town.clock.move_to(moment)
        Timetable(town.runtime).run_due()
        Timetable(town.runtime).run_due()
    days = [each.partition(":")[0][:10] for each in times_asked(town, "ULUIS")]
    assert len(days) == len(set(days))


@sqlite_only
def test_who_moves_after_the_message_is_not_asked_twice_on_a_day(town: Town):
    add_assumption(town, "luis", date(2026, 3, 31))
    town.play(TUESDAY)
    town.sandbox.change_person("ULUIS", tz="America/Los_Angeles")
    town.play(TUESDAY + timedelta(hours=10))
    assert len(daily(town, "ULUIS")) == 1


@sqlite_only
def test_answered_anywhere_it_leaves_the_message_and_withdrawn_it_is_asked_anew(town: Town):
    log_risk(town, "Vendor slips p3 i3 @luis")
    assumption = add_assumption(town, "luis", date(2026, 3, 31))
    town.play(TUESDAY)
    luis = town.person("ULUIS")
    [row] = asks(town, kind="settle")
    shown = luis.types("CLEDGER", f"/pm {row.subject}").shown[-1]
    luis.presses(shown, "assumption.confirm")
    assert f"{row.subject}> confirmed" in str(daily(town, "ULUIS")[-1]["blocks"])
    answers = luis.presses(daily(town, "ULUIS")[-1], "ask.edit_answers").shown[-1]
    luis.presses(answers, "ask.show")
    with town.database.write(1) as session:
        session.execute(update(Assumption).where(Assumption.id == assumption).values(status="unvalidated"))
    town.play(TUESDAY + timedelta(days=1))
    assert [each.state for each in asks(town, kind="settle")] == ["answered", "open"]
    assert any(row.subject in line for each in daily(town, "ULUIS") for line in lines(each))


@sqlite_only
def test_a_paused_program_asks_nobody_and_a_muted_one_neither(town: Town):
    add_assumption(town, "luis", date(2026, 3, 31))
    with town.database.write(1) as session:
        session.execute(update(Program).values(paused_at=town.clock.now()))
    town.play(TUESDAY)
    assert daily(town, "ULUIS") == []
    with town.database.write(1) as session:
        session.execute(update(Program).values(paused_at=None, muted=["asks"]))
    town.play(TUESDAY + timedelta(days=1))
    assert daily(town, "ULUIS") == []


@sqlite_only
def test_a_dry_run_shows_the_admin_and_asks_nobody(town: Town):
    add_assumption(town, "luis", date(2026, 3, 31))
    with town.database.write(1) as session:
        session.execute(update(Program).values(dry_run_by_id=person_id(town, "maya")))
    town.play(TUESDAY)
    assert daily(town, "ULUIS") == []
    assert "_Dry run: luis would be asked, and is not._" in str(daily(town, "UMAYA")[-1]["blocks"])
    with town.database.write(1) as session:
        session.execute(update(Program).values(dry_run_by_id=None))
    town.play(TUESDAY + timedelta(days=1))
    assert lines(daily(town, "ULUIS")[-1])


@sqlite_only
def test_a_guest_answers_what_they_are_asked(town: Town):
    post_status(town)
    assumption = add_assumption(town, "luis", date(2026, 3, 31), owner_id=person_id(town, "guest"))
    town.play(TUESDAY)
    town.person("UGUEST").presses(daily(town, "UGUEST")[-1], "assumption.confirm")
    with town.database.read(1) as session:
        assert session.get(Assumption, assumption).status == "validated"


def test_one_and_many_people_take_the_same_statements(town: Town):
    """All desks of a batch are looked at together."""

    def taken() -> int:
        with town.database.write(1) as session:
            people = desk.without(session, now=town.clock.now())
            with statements_of(session.connection()) as found:
                desk.look(session, people, now=town.clock.now())
            session.rollback()
        return len(found)

    town.clock.move_to(TUESDAY)
    add_assumption(town, "luis", date(2026, 3, 31))
    few = taken()
    for who in ("maya", "dana", "jonas", "kavya"):
        for number in range(10):
            add_assumption(town, who, date(2026, 3, 27), f"{who} {number}")
    assert taken() <= few + 2
