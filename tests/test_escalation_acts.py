"""What is pressed in an escalation's thread: taken, re-dated, called off; by whom, and by two at once."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import select, update

from models.tables import Dependency, Escalation, Finding, History, Milestone, Program, Project, ScheduleRule, Watch
from tests.climbing import (
    change,
    decision,
    dependency,
    facts,
    finding,
    head,
    labels,
    milestone,
    new_york,
    only,
    parent,
    person_id,
    project_id,
    replies,
    risk,
    rows,
    small_print,
    steps,
)
from tests.deliveries import at_once, caught
from tests.town import Town


@pytest.fixture
def late(town: Town) -> Town:
    """Kavya's milestone has passed its date, and is with luis."""
    with town.database.write(1) as session:
        session.execute(update(ScheduleRule).values(next_due_at=None))
    milestone(town, due_on="2026-03-27")
    town.settle()
    return town


def touch(town: Town) -> None:
    """Somebody changes the record, and it is still late."""
    with town.database.write(1) as session:
        session.add(
            History(
                at=town.clock.now(),
                actor_id=person_id(town, "UKAVYA"),
                kind="milestone",
                record_id=1,
                field="status",
                old="planned",
                new="in_progress",
            )
        )
        session.execute(update(Watch).values(next_look_at=town.clock.now()))


def test_whose_turn_it_is_takes_it_with_a_word(late):
    luis = late.person("ULUIS")
    luis.presses(parent(late), "escalation.acknowledge")
    assert luis.modal["title"]["text"] == "Acknowledged"
    shown = parent(late)
    assert head(shown) == ":eyes: *luis has it:* a change is expected by Wed 1 Apr"
    assert labels(shown) == ["Mark achieved", "Re-date"]
    assert "The climb is stopped. No change by Wed 1 Apr opens it again at this step." in small_print(shown)
    assert replies(late, shown)[-1] == "Mon 30 Mar 09:00 luis has it."
    luis.submits({"note": "The last gate is on <!here> Wednesday"})
    assert replies(late, parent(late))[1:] == [
        'Mon 30 Mar 09:00 luis has it: _"The last gate is on &lt;!here&gt; Wednesday"_'
    ]


def test_a_word_is_not_required(late):
    luis = late.person("ULUIS")
    luis.presses(parent(late), "escalation.acknowledge")
    luis.submits()
    assert replies(late, parent(late))[1:] == ["Mon 30 Mar 09:00 luis has it."]


def test_without_a_change_it_opens_again_at_the_same_step(late):
    late.person("ULUIS").presses(parent(late), "escalation.acknowledge")
    late.play(new_york("2026-03-31 18:00"))
    assert len(steps(late)) == 1
    late.play(new_york("2026-04-01 10:00"))
    assert head(parent(late)) == ":bell: *Answer needed by Fri 3 Apr:* a milestone passed its date"
    assert replies(late, parent(late))[-1].startswith(
        "Wed 01 Apr 09:00 <@ULUIS> this is open again: nothing has changed since it was acknowledged."
    )
    late.play(new_york("2026-04-10 10:00"))
    assert steps(late)[1:] == ["Wed 01 Apr 09:00 luis", "Fri 03 Apr 09:00 maya", "Wed 08 Apr 09:00 dana"]


def test_activity_puts_off_the_next_step(late):
    late.play(new_york("2026-03-30 16:00"))
    touch(late)
    late.settle()
    assert facts(parent(late))["Next"] == "maya, Wed 1 Apr"
    late.play(new_york("2026-04-01 10:00"))
    assert steps(late) == ["Mon 30 Mar 09:00 luis", "Wed 01 Apr 09:00 maya"]


def test_activity_on_what_somebody_has_puts_off_its_opening(late):
    late.person("ULUIS").presses(parent(late), "escalation.acknowledge")
    late.play(new_york("2026-03-31 16:00"))
    touch(late)
    late.settle()
    assert "No change by Thu 2 Apr" in small_print(parent(late))
    late.play(new_york("2026-04-02 10:00"))
    assert steps(late) == ["Mon 30 Mar 09:00 luis", "Thu 02 Apr 09:00 luis"]


@pytest.mark.parametrize("user", ["UMAYA", "UDANA"])
def test_anyone_above_may_take_it(late, user):
    late.person(user).presses(parent(late), "escalation.acknowledge")
    assert head(parent(late)).startswith(f":eyes: *{user[1:].lower()} has it:*")


@pytest.mark.parametrize("user", ["UKAVYA", "URUBY"])
def test_nobody_else_may(late, user):
    told = late.person(user).presses(parent(late), "escalation.acknowledge")
    assert told.text == "You cannot acknowledge ESC-1."
    assert "luis, maya and dana can" in str(told.shown[-1]["blocks"])
    assert only(late).state == "open"
    assert late.count(History, kind="escalation", field="refused") == 1


def test_whom_it_has_passed_may_not_any_more(late):
    late.play(new_york("2026-03-31 10:00"))
    told = late.person("ULUIS").presses(parent(late), "escalation.acknowledge")
    assert told.text == "You cannot acknowledge ESC-1."


def test_pressed_by_two_at_once_one_has_it_and_the_other_is_told_nothing_else(late):
    presses = [
        caught(late, lambda user=user: late.person(user).presses(parent(late), "escalation.acknowledge"))
        for user in ("ULUIS", "UMAYA")
    ]
    assert at_once(late, *presses) == ["200 ", "200 "]
    has_it = only(late).acknowledged_by_id
    assert has_it in (person_id(late, "ULUIS"), person_id(late, "UMAYA"))
    assert len(replies(late, parent(late))) == 2
    assert late.count(History, kind="escalation", field="state") == 1


def test_a_look_and_a_press_at_once_do_not_undo_each_other(late):
    press = caught(late, lambda: late.person("UDANA").presses(parent(late), "escalation.acknowledge"))
    late.clock.move_to(new_york("2026-03-31 09:00"))
    look = Thread(target=late.timetable.run_due)
    look.start()
    at_once(late, press)
    look.join()
    late.settle()
    assert only(late).state == "acknowledged"
    assert len(steps(late)) in (1, 2)


def test_a_repeated_delivery_takes_it_once(late):
    press = caught(late, lambda: late.person("ULUIS").presses(parent(late), "escalation.acknowledge"))
    for _ in range(2):
        late.deliver("interactive", press)
    assert late.count(History, kind="escalation", field="state") == 1


def test_pressed_after_its_end_it_says_since_when(late):
    shown, maya = parent(late), late.person("UMAYA")
    presses = [
        caught(late, lambda: maya.presses(shown, "escalation.acknowledge")),
        caught(late, lambda: maya.presses(shown, "escalation.more", option="cancel:1")),
    ]
    change(late, Milestone, status="achieved")
    late.settle()
    for press in presses:
        late.deliver("interactive", press)
        assert maya.reads("CPROG")[-1]["text"].startswith("ESC-1 is already resolved, Mon 30 Mar 2026.")


def test_a_new_date_shows_its_effect_before_it_is_saved_and_ends_the_thread(late):
    dependency(
        late, needed_by="2026-04-07", provider_milestone_id=1, state="committed", get_project_id=project_id(late)
    )
    luis = late.person("ULUIS")
    luis.presses(parent(late), "milestone.redate")
    luis.fills({"due_on": "2026-04-14"})
    assert "*1st slip, +18 days.* Ledger Migration needs it by Tue 7 Apr: 5 working days late." in str(
        luis.modal["blocks"]
    )
    luis.fills({"due_on": "2026-04-07"})
    luis.submits({"reason": "Access review is the last gate"})
    late.settle()
    shown = parent(late)
    assert head(shown) == ":white_check_mark: *Resolved: re-dated to Tue 7 Apr.* 1st slip, +11 days"
    assert small_print(shown) == "By luis, Mon 30 Mar, after 1 working day. Why: Access review is the last gate."
    assert "so DEP-1 holds.\nThis thread stays quiet unless the new date passes." in replies(late, shown)[-1]
    with late.database.read(1) as session:
        row = session.scalars(select(Milestone)).one()
    assert (row.due_on, row.baseline_on) == (date(2026, 4, 7), date(2026, 3, 27))


def test_a_date_that_is_past_or_the_same_is_no_new_one(town):
    finding(town, due_on="2026-03-27")
    town.settle()
    kavya = town.person("UKAVYA")
    kavya.presses(parent(town), "escalation.redate")
    kavya.submits({"new_due_on": "2026-03-20", "reason": "short"}, force=True)
    assert kavya.form_errors == {
        "new_due_on": "This date is past. Choose Mon 30 Mar 2026 or later.",
        "reason": "Say why in 10 to 300 characters.",
    }
    change(town, Finding, due_on=date(2026, 3, 31))
    kavya.submits({"new_due_on": "2026-03-31", "reason": "The vendor answers on Thursday"})
    assert kavya.form_errors == {"new_due_on": "It is Tue 31 Mar 2026 already. Choose another date."}


def test_a_guest_of_the_program_finds_nothing_of_its_projects(late):
    for action in ("escalation.acknowledge", "milestone.redate"):
        told = late.person("UGUEST").presses(parent(late), action)
        assert told.text.startswith("I cannot find this ")


def test_who_has_no_say_in_a_record_does_not_move_its_date(town):
    finding(town, due_on="2026-03-27")
    town.settle()
    told = town.person("URUBY").presses(parent(town), "escalation.redate")
    assert told.text == "You cannot re-date AF-1."
    assert "the project owner (luis)" in str(told.shown[-1]["blocks"])


def test_a_manager_calls_it_off_for_this_deadline(late):
    maya = late.person("UMAYA")
    maya.presses(parent(late), "escalation.more", option="cancel:1")
    maya.submits({"reason": "Replaced by the new plan"})
    shown = parent(late)
    assert head(shown) == ":no_entry_sign: *Cancelled:* this is not pursued any more"
    assert replies(late, shown)[-1] == (
        "Mon 30 Mar 09:00 Cancelled by maya. Nobody is asked any more.\nReplaced by the new plan"
    )
    late.pass_time(days=10)
    assert len(rows(late)) == 1
    change(late, Milestone, due_on=date(2026, 4, 8))
    late.pass_time(days=2)
    assert [row.state for row in rows(late)] == ["cancelled", "open"]


@pytest.mark.parametrize("user", ["ULUIS", "UKAVYA"])
def test_nobody_else_calls_it_off(late, user):
    told = late.person(user).presses(parent(late), "escalation.more", option="cancel:1")
    assert told.text == "You cannot cancel ESC-1."


def test_a_risks_review_date_is_moved_through_its_own_review(town):
    risk(town, next_review_on=date(2026, 3, 27))
    town.settle()
    luis = town.person("ULUIS")
    assert labels(parent(town)) == ["Acknowledge", "Review", "Re-date"]
    luis.presses(parent(town), "escalation.redate")
    luis.submits({"new_due_on": "2026-04-10", "reason": "The vendor answers on Thursday"})
    town.settle()
    assert head(parent(town)) == ":white_check_mark: *Resolved: reviewed, next on Fri 10 Apr.*"


def test_a_decisions_due_date_is_moved_by_its_driver(town):
    decision(town, due_on="2026-03-27")
    town.settle()
    assert labels(parent(town)) == ["Acknowledge", "Decide", "Re-date"]
    luis = town.person("ULUIS")
    luis.presses(parent(town), "escalation.redate")
    luis.submits({"new_due_on": "2026-04-10", "reason": "The vendor answers on Thursday"})
    town.settle()
    assert head(parent(town)) == ":white_check_mark: *Resolved: re-dated to Fri 10 Apr.*"


def test_a_commitment_that_moves_by_more_than_a_week_has_to_be_given_again(town):
    dependency(town, needed_by="2026-03-27", state="committed")
    town.settle()
    luis = town.person("ULUIS")
    luis.presses(parent(town), "escalation.redate")
    luis.submits({"new_due_on": "2026-05-29", "reason": "The vendor answers on Thursday"})
    town.settle()
    with town.database.read(1) as session:
        assert session.scalars(select(Dependency.state)).one() == "proposed"
    assert head(parent(town)) == ":white_check_mark: *Resolved: re-dated to Fri 29 May.*"


def test_a_findings_date_is_moved(town):
    finding(town, due_on="2026-03-27")
    town.settle()
    kavya = town.person("UKAVYA")
    kavya.presses(parent(town), "escalation.redate")
    kavya.submits({"new_due_on": "2026-04-10", "reason": "The vendor answers on Thursday"})
    town.settle()
    with town.database.read(1) as session:
        assert session.scalars(select(Finding.due_on)).one() == date(2026, 4, 10)
    assert only(town).state == "resolved"


def test_an_extreme_risk_has_its_thread_at_once_and_names_nobody_until_its_time_runs_out(town):
    ruby = town.person("URUBY")
    ruby.types("CLEDGER", "/risk Vendor slips the API p4 i5 @luis #vendor")
    town.settle()
    shown = parent(town)
    assert head(shown).startswith(":bell: *Answer needed by <!date^")
    assert head(shown).endswith("an Extreme risk waits for its owner")
    assert labels(shown) == ["Acknowledge"]
    assert replies(town, shown) == [] and "<@" not in str(shown["blocks"])
    assert (only(town).state, only(town).level) == ("pending", 1)
    town.play(new_york("2026-03-30 16:00"))
    assert steps(town) == ["Mon 30 Mar 13:00 luis"]


def test_the_card_of_a_risk_says_that_it_has_escalated_and_with_whom_it_is(town):
    ruby = town.person("URUBY")
    ruby.types("CLEDGER", "/risk Vendor slips the API p4 i5 @luis #vendor")
    town.play(new_york("2026-03-30 16:00"))
    card = town.card("CLEDGER", "R-1 in Ledger Migration: Vendor slips the API.")
    assert head(card) == ":large_red_square: *Extreme risk, escalated:* was to be acknowledged by Mon 30 Mar"
    assert facts(card)["Now with"] == "luis"
    assert labels(card) == ["Acknowledge", "Edit", "Show escalation"]
    assert small_print(card) == "Acknowledging it ends the escalation. Next step otherwise: maya on Tue 31 Mar."
    town.person("ULUIS").presses(card, "escalation.show")
    town.person("ULUIS").presses(card, "risk.acknowledge")
    town.settle()
    assert "escalated" not in str(town.card("CLEDGER", "")["blocks"])
    assert head(parent(town)) == ":white_check_mark: *Resolved: acknowledged.*"


def test_an_extreme_risk_that_is_read_in_time_closes_its_thread_without_a_word(town):
    ruby = town.person("URUBY")
    ruby.types("CLEDGER", "/risk Vendor slips the API p4 i5 @luis #vendor")
    town.settle()
    town.person("ULUIS").presses(parent(town), "risk.acknowledge")
    town.settle()
    assert head(parent(town)) == ":white_check_mark: *Resolved: acknowledged.*"
    assert replies(town, parent(town)) == []


def test_paused_nothing_opens_or_climbs_and_afterwards_it_goes_on_without_a_burst(late):
    change(late, Program, paused_at=late.clock.now(), paused_until=date(2026, 4, 13))
    late.play(new_york("2026-04-10 18:00"))
    assert steps(late) == ["Mon 30 Mar 09:00 luis"]
    milestone(late, due_on="2026-04-02", number=2, title="Rehearsal done")
    late.play(new_york("2026-04-13 12:00"))
    assert steps(late) == ["Mon 30 Mar 09:00 luis", "Mon 13 Apr 09:00 luis"]
    late.play(new_york("2026-04-21 12:00"))
    assert steps(late)[2:] == [
        "Wed 15 Apr 09:00 maya",
        "Wed 15 Apr 09:00 maya",
        "Mon 20 Apr 09:00 dana",
        "Mon 20 Apr 09:00 dana",
    ]


def test_turned_off_nothing_escalates(late):
    change(late, Program, muted=["escalations"])
    late.play(new_york("2026-04-10 18:00"))
    assert len(steps(late)) == 1


def test_a_dry_run_shows_the_thread_to_whoever_looks_at_it(town):
    change(town, Program, dry_run_by_id=person_id(town, "UMAYA"))
    milestone(town, due_on="2026-03-27")
    town.play(new_york("2026-03-31 12:00"))
    told = [m for m in town.person("UMAYA").direct_messages() if m["text"].startswith("Production ready")]
    assert len(told) == 1 and "Dry run: only you see this." in small_print(told[0])
    assert len(town.person("UMAYA").thread(told[0]["channel"], told[0]["ts"])) == 3
    assert not [m for m in town.person("UMAYA").reads("CPROG") if m["text"].startswith("Production ready")]


def test_a_program_that_is_over_ends_its_escalations(late):
    change(late, Program, state="completed")
    late.settle()
    assert only(late).state == "resolved"
    change(late, Project, state="active")
    late.pass_time(days=5)
    assert late.count(Escalation) == 1


def test_a_project_that_reports_nothing_twice_escalates_and_ends_with_its_status(town):
    """E6: its owner is the silent one, so that the next one is informed."""
    town.play(new_york("2026-04-10 15:00"))
    assert rows(town) == []
    town.play(new_york("2026-04-13 10:00"))
    shown = parent(town)
    assert head(shown) == ":bell: *Answer needed by Tue 14 Apr:* status updates are missing"
    assert facts(shown)["Missing since"] == "Fri 10 Apr, 1 working day ago"
    assert labels(shown) == ["Acknowledge", "Update status"]
    assert "maya is informed." in small_print(shown)
    luis = town.person("ULUIS")
    luis.presses(shown, "status.open")
    luis.submits({"health": "green", "summary": "Cutover rehearsed twice"})
    town.settle()
    assert head(parent(town)) == ":white_check_mark: *Resolved: status posted.*"
    assert small_print(parent(town)) == "By luis, Mon 13 Apr, after 1 working day."
    town.play(new_york("2026-04-20 10:00"))
    assert steps(town) == ["Mon 13 Apr 09:00 luis"]
