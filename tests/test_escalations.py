"""What nobody answers climbs: a thread for each rule and record, played through all its levels (domain 3.7, 4.3)."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from bot.jobs.escalation import take_escalations
from bot.scheduler import Timetable
from bot.services import watch
from models.tables import Absence, Calendar, Escalation, Milestone, Person, Program, Project, ScheduleRule, Watch
from tests.asking import sqlite_only
from tests.climbing import (
    add,
    change,
    decision,
    dependency,
    facts,
    finding,
    head,
    issue,
    labels,
    milestone,
    new_york,
    only,
    parent,
    person_id,
    replies,
    risk,
    rows,
    small_print,
    steps,
)
from tests.town import Town


def test_a_milestone_climbs_from_its_project_to_the_sponsor(town):
    milestone(town, due_on="2026-03-27")
    town.settle()
    shown = parent(town)
    assert head(shown) == ":bell: *Answer needed by Tue 31 Mar:* a milestone passed its date"
    assert shown["blocks"][0]["text"]["text"].split("\n")[1] == "*Production ready* · Ledger Migration"
    assert facts(shown) == {
        "Was due": "Fri 27 Mar, 1 working day ago",
        "Now with": "luis, project owner",
        "Next": "maya, Tue 31 Mar",
    }
    assert labels(shown) == ["Acknowledge", "Mark achieved", "Re-date"]
    assert small_print(shown) == "Acknowledge stops the climb for 2 working days. Any real change ends it."
    assert shown["text"] == (
        "Production ready (Ledger Migration) passed its date, Fri 27 Mar. Now with luis. Next: maya on Tue 31 Mar."
    )

    town.play(new_york("2026-03-31 10:00"))
    shown = parent(town)
    assert head(shown) == ":bell: *Answer needed by Fri 3 Apr:* a milestone passed its date"
    assert facts(shown)["Now with"] == "maya, program manager"
    town.play(new_york("2026-04-20 10:00"))
    shown = parent(town)
    assert head(shown) == ":bell: *Answer needed:* a milestone passed its date"
    assert facts(shown)["Next"] == "no further step"
    assert replies(town, shown) == [
        "Mon 30 Mar 09:00 <@ULUIS> this is with you, as project owner: 1 working day past its date. "
        "One of the buttons above is enough.\n"
        "Without one it goes to maya, <!date^1774962000^{date_short_pretty} at {time}|31 Mar, 13:00 UTC>.",
        "Tue 31 Mar 09:00 <@UMAYA> this is now with you, as program manager: 2 working days past its date.\n"
        "Without an answer it goes to dana on Fri 3 Apr.",
        "Fri 03 Apr 09:00 <@UDANA> this is now with you, as sponsor: 5 working days past its date.\n"
        "There is no further step.",
    ]
    assert [row.climbs for row in rows(town)] == [2]


@pytest.fixture(autouse=True)
def nobody_is_asked_for_a_status(town: Town) -> None:
    """Weeks of silence would escalate as well."""
    with town.database.write(1) as session:
        session.execute(update(ScheduleRule).values(next_due_at=None))


Setup = Callable[[Town], object]
BY_DEFAULT = ["Mon 30 Mar 09:00 luis", "Tue 31 Mar 09:00 maya", "Fri 03 Apr 09:00 dana"]
FAST = ["Mon 30 Mar 09:00 maya", "Tue 31 Mar 09:00 dana"]
OLD = datetime.fromisoformat("2026-03-20T14:00:00+00:00")

RULES: dict[str, tuple[Setup, list[str]]] = {
    "E1, moderate": (
        lambda town: risk(town, band="moderate", acknowledged_at=None, acknowledge_by=new_york("2026-03-27 12:00")),
        BY_DEFAULT,
    ),
    "E1, extreme": (
        lambda town: risk(
            town, band="extreme", acknowledged_at=None, acknowledge_by=new_york("2026-03-30 12:30"), status="identified"
        ),
        ["Mon 30 Mar 12:30 luis", "Tue 31 Mar 09:00 maya", "Wed 01 Apr 09:00 dana"],
    ),
    "E2, high": (lambda town: risk(town, response_strategy=None, raised_at=OLD), BY_DEFAULT),
    "E3, high": (lambda town: risk(town, next_review_on=date(2026, 3, 27)), BY_DEFAULT),
    "E3, extreme": (lambda town: risk(town, band="extreme", next_review_on=date(2026, 3, 27)), FAST),
    "E4": (lambda town: decision(town, due_on="2026-03-27"), BY_DEFAULT),
    "E4 of the program": (
        lambda town: decision(town, due_on="2026-03-27", project_id=None),
        ["Mon 30 Mar 09:00 maya", "Tue 31 Mar 09:00 maya", "Fri 03 Apr 09:00 dana"],
    ),
    "E5": (lambda town: dependency(town, needed_by="2026-03-27", state="blocked"), BY_DEFAULT),
    "E5b": (
        lambda town: dependency(town, needed_by="2026-04-10"),
        ["Mon 30 Mar 09:00 luis", "Wed 01 Apr 09:00 maya", "Mon 06 Apr 09:00 dana"],
    ),
    "E7, sev2": (lambda town: issue(town, severity="sev2", opened_at=OLD), BY_DEFAULT),
    "E7, sev1": (lambda town: issue(town, severity="sev1", opened_at=new_york("2026-03-26 10:00")), FAST),
    "E8": (lambda town: milestone(town, due_on="2026-03-27"), BY_DEFAULT),
    "E9": (lambda town: finding(town, due_on="2026-03-27"), BY_DEFAULT),
    "E9, critical": (lambda town: finding(town, due_on="2026-03-27", severity="critical"), FAST),
}


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_climbs_its_ladder_once(town, rule):
    set_up, expected = RULES[rule]
    set_up(town)
    town.play(new_york("2026-04-08 12:00"))
    said = [step for step in steps(town) if len(rows(town)) == 1]
    assert said == expected
    assert only(town).rule == rule.split(",")[0].split()[0]


def test_what_is_answered_closes_its_thread_without_a_mention(town):
    milestone(town, due_on="2026-03-27", baseline_on=date(2026, 3, 20))
    town.settle()
    change(town, Milestone, status="achieved")
    town.settle()
    shown = parent(town)
    assert head(shown) == ":white_check_mark: *Resolved: achieved.*"
    assert shown["blocks"][-1]["type"] == "context"
    assert replies(town, shown)[-1] == "Mon 30 Mar 09:00 Resolved: *achieved.*\nThis thread stays quiet."
    town.pass_time(days=10)
    assert len(steps(town)) == 1


def test_the_same_record_starts_over_when_it_is_late_again(town):
    milestone(town, due_on="2026-03-27")
    town.settle()
    change(town, Milestone, due_on=date(2026, 4, 8))
    town.settle()
    assert head(parent(town)) == ":white_check_mark: *Resolved: re-dated to Wed 8 Apr.*"
    town.play(new_york("2026-04-10 08:00"))
    assert [row.state for row in rows(town)] == ["resolved", "open"]
    assert steps(town) == ["Mon 30 Mar 09:00 luis", "Thu 09 Apr 09:00 luis"]


def test_days_without_work_do_not_count(town):
    """A holiday of the program, a weekend, and New York's clock going forward in March."""
    add(town, Calendar, program_id=1, holidays=["2026-03-31"])
    milestone(town, due_on="2026-03-27")
    town.play(new_york("2026-04-08 12:00"))
    assert steps(town) == ["Mon 30 Mar 09:00 luis", "Wed 01 Apr 09:00 maya", "Mon 06 Apr 09:00 dana"]


@sqlite_only
@pytest.mark.parametrize(
    ("zone", "due_on", "expected"),
    [
        ("America/New_York", "2026-10-29", ["Fri 30 Oct 09:00", "Mon 02 Nov 09:00", "Thu 05 Nov 09:00"]),
        ("Europe/Berlin", "2026-10-22", ["Fri 23 Oct 09:00", "Mon 26 Oct 09:00", "Thu 29 Oct 09:00"]),
        ("Asia/Kolkata", "2026-10-22", ["Fri 23 Oct 09:00", "Mon 26 Oct 09:00", "Thu 29 Oct 09:00"]),
        ("Australia/Sydney", "2026-10-01", ["Fri 02 Oct 09:00", "Mon 05 Oct 09:00", "Thu 08 Oct 09:00"]),
        ("Australia/Lord_Howe", "2026-10-01", ["Fri 02 Oct 09:00", "Mon 05 Oct 09:00", "Thu 08 Oct 09:00"]),
        ("Africa/Cairo", "2026-10-29", ["Fri 30 Oct 09:00", "Mon 02 Nov 09:00", "Thu 05 Nov 09:00"]),
    ],
)
def test_steps_come_at_the_start_of_the_programs_day_on_both_sides_of_a_clock_change(town, zone, due_on, expected):
    with town.database.write(1) as session:
        session.execute(update(Program).values(tz=zone))
        session.execute(update(Person).values(tz=zone))
    milestone(town, due_on=due_on)
    town.clock.move_to(datetime.fromisoformat(f"{due_on}T12:00:00+00:00"))
    town.pass_time(days=9)
    moments = [call.at for call in town.sandbox.calls if "escalation.step:" in str(call.args.get("metadata"))]
    assert [f"{moment.astimezone(ZoneInfo(zone)):%a %d %b %H:%M}" for moment in moments] == expected


def test_downtime_posts_the_newest_step_alone(town):
    risk(town, band="extreme", next_review_on=date(2026, 3, 30))
    town.play(new_york("2026-03-30 18:00"))
    assert steps(town) == []
    town.timetable.jump(town.clock, new_york("2026-04-02 11:00"))
    town.settle()
    assert steps(town) == ["Thu 02 Apr 11:00 dana"]
    assert only(town).level == 4


def test_two_days_of_downtime_in_the_middle_of_a_climb(town):
    milestone(town, due_on="2026-03-27")
    town.settle()
    town.timetable.jump(town.clock, new_york("2026-04-02 11:00"))
    town.settle()
    assert steps(town) == ["Mon 30 Mar 09:00 luis", "Thu 02 Apr 11:00 maya"]
    town.play(new_york("2026-04-20 11:00"))
    assert steps(town)[2:] == ["Tue 07 Apr 09:00 dana"]


def test_an_absent_person_is_stood_in_for(town):
    jonas = person_id(town, "UJONAS")
    days = {"start_on": date(2026, 3, 30), "end_on": date(2026, 4, 3), "created_at": town.clock.now()}
    add(town, Absence, person_id=person_id(town, "ULUIS"), delegate_id=jonas, **days)
    add(town, Absence, person_id=person_id(town, "UMAYA"), **days)
    milestone(town, due_on="2026-03-27")
    town.settle()
    assert facts(parent(town))["Now with"] == "jonas, for luis who is away"
    assert "for luis who is away" in replies(town, parent(town))[0]
    town.play(new_york("2026-04-08 12:00"))
    assert steps(town) == ["Mon 30 Mar 09:00 jonas", "Tue 31 Mar 09:00 dana"]
    assert facts(parent(town))["Next"] == "no further step"


def test_nobody_is_named_before_their_own_day_begins(town):
    """Berlin's program, with its manager in New York: the mention waits for her morning, on the same day."""
    with town.database.write(1) as session:
        session.execute(update(Program).values(tz="Europe/Berlin"))
    town.play(new_york("2026-03-30 18:00"))
    milestone(town, due_on="2026-03-30")
    town.play(new_york("2026-04-02 18:00"))
    assert steps(town) == ["Tue 31 Mar 09:00 luis", "Wed 01 Apr 09:00 maya"]


def test_without_a_sponsor_the_manager_is_the_last(town):
    with town.database.write(1) as session:
        session.execute(update(Program).values(sponsor_id=None))
    milestone(town, due_on="2026-03-27")
    town.play(new_york("2026-04-20 12:00"))
    assert steps(town) == ["Mon 30 Mar 09:00 luis", "Tue 31 Mar 09:00 maya"]
    assert facts(parent(town))["Next"] == "no further step"


def test_the_backup_has_the_turn_where_the_projects_owner_is_the_silent_one(town):
    change(town, Project, backup_id=person_id(town, "UJONAS"))
    milestone(town, due_on="2026-03-27", owner="ULUIS")
    town.settle()
    assert facts(parent(town))["Now with"] == "jonas, backup"
    assert "maya is informed." in small_print(parent(town))


def test_a_project_on_hold_and_opportunities_stay_quiet(town):
    risk(town, kind="opportunity", band="extreme", next_review_on=date(2026, 3, 2), response_strategy=None)
    milestone(town, due_on="2026-03-27")
    change(town, Project, state="on_hold")
    town.play(new_york("2026-04-08 12:00"))
    assert rows(town) == []


def test_a_dependency_that_nobody_committed_to_goes_on_in_its_thread_when_its_date_passes(town):
    dependency(town, needed_by="2026-04-01")
    town.settle()
    assert head(parent(town)) == ":bell: *Answer needed by Wed 1 Apr:* a dependency is not committed to"
    assert facts(parent(town))["From"] == "Security team"
    town.play(new_york("2026-04-03 12:00"))
    assert (only(town).rule, only(town).level) == ("E5", 3)
    assert "a dependency passed its date" in head(parent(town)) or only(town).level == 3


def test_a_look_ends_its_lease_also_where_the_clock_runs(town):
    milestone(town, due_on="2026-03-27")
    town.settle()
    with town.database.write(1) as session:
        session.execute(update(Watch).values(next_look_at=town.clock.now()))
    town.clock.run()
    take_escalations(town.runtime)
    with town.database.read(1) as session:
        looks = set(session.scalars(select(Watch.next_look_at)))
    assert min(looks) > town.clock.now() + watch.LEASE


def test_hostile_titles_are_shown_as_typed_and_ping_nobody(town):
    milestone(town, due_on="2026-03-27", title="<!channel> <b> & co")
    town.play(new_york("2026-04-08 12:00"))
    change(town, Milestone, status="achieved")
    town.settle()
    shown = parent(town, "Resolved")
    assert "*&lt;!channel&gt; &lt;b&gt; &amp; co*" in shown["blocks"][0]["text"]["text"]
    assert not town.sandbox.broadcasts


def test_a_restart_between_two_steps_loses_and_doubles_nothing(town):
    milestone(town, due_on="2026-03-27")
    town.settle()
    again = Town.__new__(Town)
    again.__dict__ |= town.__dict__
    again.timetable = Timetable(town.runtime)
    again.play(new_york("2026-04-08 12:00"))
    assert steps(town) == BY_DEFAULT
    assert town.count(Escalation) == 1
